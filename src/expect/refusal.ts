// What an expectation's names are looked up in, and why a text is no expectation.

/** What the lab has, by which names are looked up. */
export interface Names {
  readonly nodes: readonly string[]
  readonly ases: readonly string[]
  readonly probes: readonly string[]
  readonly collectors: readonly string[]
  /** Observation points, `node:interface`. */
  readonly points: readonly string[]
  readonly events: readonly string[]
  readonly causes: readonly string[]
}

/** Why a text is no expectation. Thrown inside, a value outside. */
export class Refusal extends Error {
  /** Index in the text. */
  readonly at: number
  readonly expected: string
  readonly found: string
  /** What could stand there instead. */
  readonly choices: readonly string[]
  readonly remedy: string
  constructor(at: number, expected: string, found: string, choices: readonly string[], remedy: string) {
    super(`expected ${expected}, found ${found}`)
    this.at = at
    this.expected = expected
    this.found = found
    this.choices = choices
    this.remedy = remedy
  }
}
