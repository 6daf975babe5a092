// In which way the times of records are wrong, once they are known to be: all of them by as much, in another unit, by a wrap of an
// uptime, by a clock that was set or goes at another pace, or otherwise. Pure but for the one question to the store.

import type { Store } from '../../store.ts'

export interface Diagnosis {
  readonly is: 'constant' | 'unit' | 'wrap' | 'step' | 'drift' | 'reversed' | 'other'
  /** Milliseconds by which flows begin late; negative is early. The median. */
  readonly off: number
  /** By which a clock leapt while they went on. */
  readonly leap: number
  /** What a flow's duration is, of the time that its packets took; the median. */
  readonly ratio: number
  /** Records that end before they begin. */
  readonly reversed: number
}

/** A tenth of the values lies below, a tenth above. */
interface Spread {
  readonly early: number
  readonly middle: number
  readonly late: number
}

/** Of flows: their first record's begin and their last one's end against the packets', in milliseconds. */
export interface Errors {
  readonly begin: Spread
  /** Of flows whose records count all their packets. */
  readonly end: Spread | undefined
  readonly ratio: Spread | undefined
  /** By how much flows leap between one record and the next, where they end as much later as they began: in milliseconds. */
  readonly leap: Spread | undefined
  readonly reversed: number
}

/** An uptime of 32 bits in milliseconds starts again after this, 49.7 days. */
export const wrap = 2 ** 32

/** Looked for in durations: each taken for a thousand times more or less. */
const units = [1_000, 1_000_000, 1 / 1_000, 1 / 1_000_000]

/** Exporters that tell times by headers of whole seconds are off by as much, each datagram by itself. */
const spread = 1_500
/** A clock that goes less wrong than this in its pace is not told from the rounding of times. */
const leastDrift = 0.005
const mostDrift = 0.5

export function diagnosis({ begin, end = begin, ratio, leap, reversed }: Errors): Diagnosis {
  const off = begin.middle
  const times = ratio?.middle ?? 1
  const wraps = Math.round(off / wrap)
  const isUnit = units.some((unit) => Math.abs(times / unit - 1) < 0.1)
  const isAlike = Math.max(begin.late, end.late) - Math.min(begin.early, end.early) <= spread
  const isPace =
    ratio !== undefined &&
    reversed === 0 &&
    Math.abs(times - 1) > leastDrift &&
    Math.abs(times - 1) < mostDrift &&
    ratio.late - ratio.early < Math.abs(times - 1) / 2
  const kinds: readonly (readonly [Diagnosis['is'], boolean])[] = [
    ['wrap', wraps !== 0 && Math.abs(off - wraps * wrap) < 60_000],
    ['unit', isUnit],
    ['drift', isPace],
    ['constant', isAlike && Math.abs(off) > 1],
    ['reversed', reversed > 0],
    ['step', leap !== undefined && leap.late - leap.early < spread],
  ]
  const is = kinds.find(([, holds]) => holds)?.[0] ?? 'other'
  return { is, off, leap: leap?.middle ?? 0, ratio: times, reversed }
}

export async function diagnose(store: Store): Promise<Diagnosis> {
  const quantiles = (name: string, value: string, filter = 'true'): string =>
    [
      ['Early', 0.1],
      ['Middle', 0.5],
      ['Late', 0.9],
    ]
      .map(
        ([part, share]) => `quantile_cont((${value})::DOUBLE, ${share}) FILTER (${filter}) AS ${name}${part}`,
      )
      .join(', ')
  const flow = 'source, destination, protocol, first, last, allBegun, allEnded'
  const [row] = await store.ask<Readonly<Record<string, bigint | number | null>>>(`
    SELECT ${quantiles('begin', '(allBegun - first) / 1000')}, ${quantiles('end', '(allEnded - last) / 1000', 'complete')},
      ${quantiles('ratio', '(allEnded - allBegun) / (last - first)', 'complete AND last - first > 500000')},
      ${quantiles('leap', 'leap / 1000', `complete AND abs(leap) > ${spread * 1000} AND gap > 0.8 * abs(leap)`)},
      sum(reversed) AS reversed
    FROM (SELECT *, (allEnded - last) - (allBegun - first) AS leap FROM (
      SELECT ${flow}, bool_and(complete) AS complete, max(gap) AS gap, count(*) FILTER (ended < begun) AS reversed
      FROM (SELECT *, abs(begun - lag(ended) OVER (PARTITION BY ${flow} ORDER BY begun)) AS gap
        FROM said WHERE begun IS NOT NULL AND ended IS NOT NULL)
      GROUP BY ${flow}))`)
  const number = (column: string): number => Number(row?.[column] ?? 0)
  const spreadOf = (name: string): Spread => ({
    early: number(`${name}Early`),
    middle: number(`${name}Middle`),
    late: number(`${name}Late`),
  })
  const told = (name: string): Spread | undefined =>
    row?.[`${name}Middle`] == null ? undefined : spreadOf(name)
  return diagnosis({
    ...{ begin: spreadOf('begin'), end: told('end'), ratio: told('ratio') },
    leap: told('leap'),
    reversed: number('reversed'),
  })
}
