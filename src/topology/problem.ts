// What is wrong with a lab file: where, what was expected, what was found and what to do. Every check of every stage before
// the backend makes these, and all of them are shown at once.

/** A position in a file; line and column count from 1, the column in UTF-16 code units as editors do. */
export interface Position {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** Keys and indices from the root of the lab file, e.g. `['links', 0, 'endpoints', 1]`. */
export type Path = readonly (string | number)[]

export interface Problem {
  readonly position: Position
  readonly path: Path
  /** One sentence: what was expected and what was found. */
  readonly message: string
  /** What to do about it. */
  readonly remedy: string
}

/** A lab file cannot be used. Carries every problem that was found in it, in the order of the file. */
export class LabFileError extends Error {
  readonly problems: readonly Problem[]
  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'))
    this.name = 'LabFileError'
    this.problems = problems
  }
}

/** `lab.yaml:6:10 nodes.r1.as: expected …` and the remedy on a line of its own, indented. */
export function formatProblem({ position, path, message, remedy }: Problem): string {
  const { file, line, column } = position
  const where = path.length > 0 ? ` ${path.join('.')}` : ''
  return `${file}:${line}:${column}${where}: ${message}\n  ${remedy}`
}

/** As a problem, of what does not keep the file from being used. */
export const formatWarning = (problem: Problem): string =>
  formatProblem({ ...problem, message: `warning: ${problem.message}` })
