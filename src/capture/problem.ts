// What is wrong with a capture file: a value for whoever reads, thrown only inside this folder.

export interface CaptureProblem {
  /** `truncated`: the file ends inside a record. `malformed`: what it says cannot be. `unsupported`: known, but not read. */
  readonly kind: 'truncated' | 'malformed' | 'unsupported'
  /** Octets from the start of the file (decompressed, unless the path says gzip). */
  readonly offset: number
  /** Where in the file's structure, e.g. `pcapng block 12 (enhanced packet)`. */
  readonly path: string
  readonly expected: string
  readonly found: string
  /** Nothing after this can be read; all that came before was. */
  readonly fatal: boolean
}

/** A problem in one line. */
export const captureProblemText = ({ offset, path, expected, found }: CaptureProblem): string =>
  `octet ${offset}, ${path}: expected ${expected}, found ${found}`

/** Ends the reading of a file. */
export class CaptureError extends Error {
  readonly problem: CaptureProblem

  constructor(problem: Omit<CaptureProblem, 'fatal'>) {
    super(captureProblemText({ ...problem, fatal: true }))
    this.name = 'CaptureError'
    this.problem = { ...problem, fatal: true }
  }
}
