// Values of which some are not known: a gap is a gap, in an area, in a line, and by itself.

import { between, stairs } from './scale.ts'

export type Known = number | null

/** Intervals one after another of which the value is known (or not): first, and behind the last. */
export function spans(values: readonly Known[], isKnown = true): (readonly [number, number])[] {
  const found: [number, number][] = []
  values.forEach((value, index) => {
    if ((value !== null) !== isKnown) return
    const last = found.at(-1)
    if (last && last[1] === index) last[1] = index + 1
    else found.push([index, index + 1])
  })
  return found
}

const known = (values: readonly Known[], [first, end]: readonly [number, number]): number[] =>
  values.slice(first, end).map((value) => value ?? 0)

/** As `between`, where both edges are known. */
export const areas = (
  upper: readonly Known[],
  lower: readonly Known[],
  x: (index: number) => number,
  y: (value: number) => number,
): string =>
  spans(upper.map((value, index) => (value === null ? null : (lower[index] ?? null))))
    .map((span) => between(known(upper, span), known(lower, span), (index) => x(index + span[0]), y))
    .join('')

export const lines = (
  values: readonly Known[],
  x: (index: number) => number,
  y: (value: number) => number,
): string =>
  spans(values)
    .map((span) => `M${stairs(known(values, span), (index) => x(index + span[0]), y)}`)
    .join('')
