// The table of figures: every number and text of the verdict that an expectation may name, that `flowlab compare` compares and that
// docs/expectations.md lists.

import type { Figure } from './figure.ts'
import { attributeFigures } from './figures/attributes.ts'
import { routingFigures } from './figures/routing.ts'
import { samplingFigures } from './figures/sampling.ts'
import { timeFigures } from './figures/time.ts'
import { volumeFigures } from './figures/volume.ts'

export const figures: readonly Figure[] = [
  ...volumeFigures,
  ...attributeFigures,
  ...routingFigures,
  ...samplingFigures,
  ...timeFigures,
]

const byName = new Map(figures.map((figure) => [figure.name, figure]))

/** Throws where no such figure is in the table. */
export function figureOf(name: string): Figure {
  const found = byName.get(name)
  if (!found) throw new RangeError(`no figure ${name}`)
  return found
}
