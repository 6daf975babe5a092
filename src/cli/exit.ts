// How the command ends: each kind of error has its exit code and says what to do.

import { RemediedError } from '../kernel/error.ts'
import { LabError, MachineError } from '../backend.ts'
import { LabFileError } from '../topology/problem.ts'

export const exitCodes = {
  /** The expectations hold. */
  pass: 0,
  /** They do not. */
  fail: 1,
  /** What was given is wrong: a lab file, an argument, a configuration that a daemon cannot live with. */
  input: 2,
  /** The machine cannot: a missing program, no namespaces, no room. */
  machine: 3,
  /** flowlab itself failed. */
  internal: 4,
} as const

/** The caller asked for something that is not there: a lab, a node, a file. */
export class InputError extends RemediedError {}

/** Codes of the system's errors that say something of the machine, not of flowlab. */
const machineCodes = new Set(['ENOSPC', 'EMFILE', 'ENFILE', 'ENOMEM', 'EROFS', 'EDQUOT'])
const inputCodes = new Set(['ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR', 'EEXIST'])

/** Says on standard error what went wrong, and gives the exit code for it. */
export function explainError(error: unknown): number {
  const { code, text } = explanationOf(error)
  process.stderr.write(`${text}\n`)
  return code
}

/** What went wrong and what to do, and the exit code for it. */
export function explanationOf(error: unknown): { readonly code: number; readonly text: string } {
  if (error instanceof LabFileError) return { code: exitCodes.input, text: error.message }
  if (error instanceof InputError || error instanceof LabError || error instanceof MachineError)
    return {
      code: error instanceof MachineError ? exitCodes.machine : exitCodes.input,
      text: `flowlab: ${error.message}\n  ${error.remedy}`,
    }
  const { code, message, stack } = error as NodeJS.ErrnoException
  if (code !== undefined && inputCodes.has(code))
    return { code: exitCodes.input, text: `flowlab: ${message}` }
  if (code !== undefined && machineCodes.has(code))
    return {
      code: exitCodes.machine,
      text: `flowlab: ${message}\n  make room on this machine and try again`,
    }
  if (error instanceof SyntaxError)
    return {
      code: exitCodes.input,
      text: `flowlab: ${message}\n  this file of the run directory is damaged: run the lab again`,
    }
  const where = process.env['FLOWLAB_DEBUG']
    ? (stack ?? '')
    : '  this is flowlab’s own failure; FLOWLAB_DEBUG=1 shows where'
  return { code: exitCodes.internal, text: `flowlab: ${message ?? String(error)}\n${where}` }
}
