// Errors that are told to users: what is wrong, and what to do about it.

/** `message` says what is wrong: where, what was expected, what was found. Each kind is a class of its own, by which it is told. */
export abstract class RemediedError extends Error {
  /** What to do. */
  readonly remedy: string
  constructor(message: string, remedy: string) {
    super(message)
    this.name = new.target.name
    this.remedy = remedy
  }
}
