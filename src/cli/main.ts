// The command's entry: runs the program, and turns how it failed into an exit code.

import { CommanderError } from 'commander'
import { createProgram } from './program.ts'

// Who reads may have had enough: what is left to say is not said, and the exit code stays. A full disk is said once.
let isRefused = false
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE' || isRefused) return
  isRefused = true
  void import('./exit.ts').then(({ explainError }) => process.exit(explainError(error)))
})

try {
  await createProgram().parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else process.exitCode = (await import('./exit.ts')).explainError(error)
}
