// The door of the stage: a lab file's text → Topology, or all that is wrong with it. The order of the stage is here:
// document (YAML) → draft (fields, by the schema) → check (across the file) → resolve (defaults).
import { dirname } from 'node:path'
import type { PositionOf } from './positions.ts'
import { check } from './check.ts'
import type { Problem } from './problem.ts'
import { readDocument } from './document.ts'
import { readDraft } from './read.ts'
import { collectProblems } from './report.ts'
import { resolve } from './resolve.ts'
import { LabFile } from './schema.ts'
import type { Topology } from './topology.ts'

export interface Parsed {
  readonly topology: Topology
  /** Where the file says something, for later stages that find it impossible; never throws, whatever the path. */
  readonly positionOf: PositionOf
  /** What is allowed and probably not meant. */
  readonly warnings: readonly Problem[]
}

/**
 * Reads a lab file.
 * @param file its name, for positions.
 * @throws LabFileError with every mistake of the file, in its order.
 */
export function parseWithPositions(text: string, file: string): Parsed {
  const { value, positionOf, problems } = readDocument(text, file)
  const { report, warn, warnings, throwIfAny } = collectProblems(positionOf, problems)
  const draft = readDraft(LabFile, value, report)
  if (draft) check(draft, report, warn)
  throwIfAny()
  return {
    topology: resolve(LabFile.parse(value), dirname(file), positionOf),
    positionOf,
    warnings: warnings(),
  }
}

/** @throws LabFileError with every mistake of the file, in its order. */
export const parse = (text: string, file: string): Topology => parseWithPositions(text, file).topology
