// How every check says what it finds: by path and words; the position is looked up here, once for all.
import type { Part, PositionOf } from './positions.ts'
import { LabFileError } from './problem.ts'
import type { Path, Problem } from './problem.ts'

/** `part` says what of `path` to point at: its value (the default), a character of it, or its key where the mistake is in the name. */
export type Report = (path: Path, message: string, remedy: string, part?: Part) => void

/** Beyond this many nobody reads on; the checks end there, so that their time is bounded too. */
export const mostProblems = 500

export interface Problems {
  readonly report: Report
  /** As `report`, of what is allowed and probably not meant. */
  readonly warn: Report
  /** What was warned of, in the order of the file. */
  readonly warnings: () => readonly Problem[]
  /** @throws LabFileError with all that was reported, in the order of the file. */
  readonly throwIfAny: () => void
}

export function collectProblems(positionOf: PositionOf, known: readonly Problem[]): Problems {
  const problems = [...known]
  const throwIfAny = (): void => {
    if (problems.length > 0) throw new LabFileError(inFileOrder(problems).slice(0, mostProblems))
  }
  const report: Report = (path, message, remedy, part) => {
    problems.push({ position: positionOf(path, part), path, message, remedy })
    if (problems.length >= mostProblems) throwIfAny()
  }
  const warned: Problem[] = []
  const warn: Report = (path, message, remedy, part) => {
    if (warned.length < mostProblems) warned.push({ position: positionOf(path, part), path, message, remedy })
  }
  return { report, warn, warnings: () => inFileOrder(warned), throwIfAny }
}

/** File by file, in the order in which they are first spoken of. */
export function inFileOrder(problems: readonly Problem[]): Problem[] {
  const files = [...new Set(problems.map(({ position }) => position.file))]
  const at = ({ position: { file } }: Problem): number => files.indexOf(file)
  return problems.toSorted(
    (a, b) => at(a) - at(b) || a.position.line - b.position.line || a.position.column - b.position.column,
  )
}
