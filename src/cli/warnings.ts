// What a lab file says that is allowed and probably not meant, on standard error; once, however many labs the file stands for.

import type { ParsedVariant } from '../topology/parse.ts'
import { formatWarning } from '../topology/problem.ts'

export function warn(labs: readonly ParsedVariant[]): void {
  for (const warning of new Set(labs.flatMap(({ warnings }) => warnings.map(formatWarning))))
    process.stderr.write(`${warning}\n`)
}
