// In which way the times of records are wrong, once they are known to be: all of them by as much, in another unit, by a wrap of an
// uptime, or otherwise. Pure but for the one question to the store.

import type { Store } from '../../store.ts'

export interface Diagnosis {
  readonly is: 'constant' | 'unit' | 'wrap' | 'reversed' | 'other'
  /** Milliseconds by which records begin late; negative is early. The median. */
  readonly off: number
  /** What a record's duration is, of the time that its packets took; the median. */
  readonly ratio: number
  /** Records that end before they begin. */
  readonly reversed: number
}

export interface Errors {
  /** Of the begin of records, in milliseconds: median, and the tenths at both ends. */
  readonly off: number
  readonly early: number
  readonly late: number
  readonly ratio: number | undefined
  readonly reversed: number
}

/** An uptime of 32 bits in milliseconds starts again after this, 49.7 days. */
export const wrap = 2 ** 32

/** Looked for in durations: each taken for a thousand times more or less. */
const units = [1_000, 1_000_000, 1 / 1_000, 1 / 1_000_000]

/** Exporters that tell times by headers of whole seconds are off by as much, each datagram by itself. */
const spread = 1_500

export function diagnosis({ off, early, late, ratio = 1, reversed }: Errors): Diagnosis {
  const wraps = Math.round(off / wrap)
  const isUnit = units.some((unit) => Math.abs(ratio / unit - 1) < 0.1)
  const is =
    wraps !== 0 && Math.abs(off - wraps * wrap) < 60_000
      ? 'wrap'
      : isUnit
        ? 'unit'
        : late - early <= spread && Math.abs(off) > 1
          ? 'constant'
          : reversed > 0
            ? 'reversed'
            : 'other'
  return { is, off, ratio, reversed }
}

export async function diagnose(store: Store): Promise<Diagnosis> {
  const [row] = await store.ask<Readonly<Record<string, bigint | number | null>>>(`
    SELECT median((begun - first) / 1000)::DOUBLE AS off,
      quantile_cont((begun - first) / 1000, 0.1)::DOUBLE AS early, quantile_cont((begun - first) / 1000, 0.9)::DOUBLE AS late,
      median(CASE WHEN records = 1 AND complete AND last - first > 100000 THEN (ended - begun) / (last - first) END)::DOUBLE AS ratio,
      count(*) FILTER (ended < begun) AS reversed
    FROM said WHERE begun IS NOT NULL AND ended IS NOT NULL`)
  const number = (column: string): number => Number(row?.[column] ?? 0)
  return diagnosis({
    ...{ off: number('off'), early: number('early'), late: number('late') },
    ratio: row?.['ratio'] == null ? undefined : number('ratio'),
    reversed: number('reversed'),
  })
}
