// What a lab file says that is allowed and probably not meant, or more than this machine can send; on standard error, once, however many
// labs the file stands for.

import { availableParallelism } from 'node:os'
import { compile } from '../plan/compile.ts'
import { beyond } from '../plan/matrix/capacity.ts'
import type { ParsedVariant } from '../topology/parse.ts'
import { formatWarning, type Problem } from '../topology/problem.ts'

export function warn(labs: readonly ParsedVariant[]): void {
  for (const warning of new Set(labs.flatMap((lab) => warningsOf(lab).map(formatWarning))))
    process.stderr.write(`${warning}\n`)
}

/** @throws LabFileError where the lab has no plan. */
export const warningsOf = ({ topology, positionOf, warnings }: ParsedVariant): readonly Problem[] => [
  ...warnings,
  ...beyond(topology, () => compile(topology), availableParallelism()).map(({ path, ...said }) => ({
    ...{ position: positionOf(path), path },
    ...said,
  })),
]
