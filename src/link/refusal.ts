// Why two recordings are not judged.

/** The recordings do not let anything be said, or what is asked of them cannot be. */
export class LinkError extends Error {
  readonly remedy: string
  constructor(message: string, remedy: string) {
    super(message)
    this.name = 'LinkError'
    this.remedy = remedy
  }
}
