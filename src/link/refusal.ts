// Why two recordings are not judged.

import { RemediedError } from '../kernel/error.ts'

/** The recordings do not let anything be said, or what is asked of them cannot be. */
export class LinkError extends RemediedError {}
