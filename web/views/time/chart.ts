// What both charts over time are made of: values of a curve in the measure that is chosen, and marks of events.

import type { Series, SeriesCurve } from '../../../src/server/api/flows.ts'
import { type Measure, short, unitOf } from '../../units.ts'

export interface Chart {
  readonly series: Series
  readonly measure: Measure
  readonly onZoom: (from: number, to: number) => void
  /** Its name begins those of files. */
  readonly lab: string
}

/** A second, but flows: these are counted, interval by interval. What a witness does not tell is undefined. */
export function valuesOf(
  curve: SeriesCurve | undefined,
  measure: Measure,
  step: number,
): number[] | undefined {
  if (measure === 'flows') return curve?.flows && [...curve.flows]
  const factor = (measure === 'bits' ? 8 : 1) * (1000 / step)
  return (measure === 'bits' ? curve?.bytes : curve?.packets)?.map((value) => value * factor)
}

export const unit =
  (measure: Measure) =>
  (value: number): string =>
    short(value, unitOf[measure])

export function summed(values: readonly number[]): number[] {
  let sum = 0
  return values.map((value) => (sum += value))
}
