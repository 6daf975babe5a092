// Laws of counters: the flows are right, and packets or bytes of each come out as something else that can be told from what went in.

import type { Volume } from '../../kernel/units.ts'
import type { Account, Cell } from '../cells.ts'
import type { Shape } from './predictions.ts'

interface Law {
  readonly words: string
  /** What comes out for a flow; undefined where this law does not say it. */
  readonly becomes: (before: Volume, after: Volume) => Volume | undefined
}

/** A counter of so many bits started again at 0, any number of times: what is missing is a multiple of what it holds. */
const wrapped =
  (bits: number) =>
  (before: number, after: number): number | undefined =>
    before >= after && after >= 0 && (before - after) % 2 ** bits === 0 ? after : undefined

const laws: readonly Law[] = [
  {
    words: 'packets stand where bytes should, and bytes where packets should',
    becomes: ({ packets, bytes }) => ({ packets: bytes, bytes: packets }),
  },
  { words: 'packets are 0', becomes: ({ bytes }) => ({ packets: 0, bytes }) },
  { words: 'bytes are 0', becomes: ({ packets }) => ({ packets, bytes: 0 }) },
  { words: 'bytes are what packets are', becomes: ({ packets }) => ({ packets, bytes: packets }) },
  { words: 'packets are what bytes are', becomes: ({ bytes }) => ({ packets: bytes, bytes }) },
  ...[16, 24].map(
    (bits): Law => ({
      words: `bytes are counted in ${bits} bits, and start again at 0`,
      becomes({ packets, bytes }, after) {
        const rest = wrapped(bits)(bytes, after.bytes)
        return rest === undefined ? undefined : { packets, bytes: rest }
      },
    }),
  ),
]

/** Of flows at least so many must come out as the law says. */
const most = 0.9
const isSame = (a: Volume, b: Volume): boolean => a.packets === b.packets && a.bytes === b.bytes

/** One law of counters that nearly all flows keep, and that changes most of the volume. */
export function distorted({ cells }: Account): Shape | undefined {
  const whole = cells.filter(({ before }) => before.packets > 0)
  if (whole.every(({ before, after }) => isSame(before, after))) return undefined
  for (const { words, becomes } of laws) {
    const keeps = ({ before, after }: Cell): boolean => isSame(becomes(before, after) ?? before, after)
    const kept = whole.filter(keeps)
    const changed = kept.filter(({ before, after }) => !isSame(before, after))
    if (kept.length < most * whole.length || changed.length < 2) continue
    return { words, predicts: cells.map(({ before, after }) => becomes(before, after) ?? before) }
  }
  return undefined
}

const word = 2 ** 32

/** Counters of 32 bits started again at 0: of flows that hold more, a multiple of 2^32 is missing. */
export function overrun({ cells }: Account): Shape | undefined {
  const restOf = ({ before, after }: Cell): Volume => ({
    packets: wrapped(32)(before.packets, after.packets) ?? before.packets,
    bytes: wrapped(32)(before.bytes, after.bytes) ?? before.bytes % word,
  })
  const isOverrun = ({ before }: Cell): boolean => before.bytes >= word || before.packets >= word
  if (!cells.some(isOverrun)) return undefined
  return {
    words: 'a multiple of 4294967296',
    predicts: cells.map((cell) => (isOverrun(cell) ? restOf(cell) : cell.before)),
  }
}
