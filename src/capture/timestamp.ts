// Timestamps of pcapng: 64-bit counts of ticks, of a length that each interface chooses (if_tsresol), as seconds and nanoseconds.

/** How an interface counts time. */
export interface Clock {
  /** Ticks in a second: a power of 10 or of 2. */
  readonly ticks: bigint
  /** Seconds to add to every timestamp (if_tsoffset). */
  readonly offset: number
}

/** What holds where an interface says nothing: microseconds since 1970. */
export const microseconds: Clock = { ticks: 1_000_000n, offset: 0 }

/** Ticks in a second of an if_tsresol octet: 10^-n s, or 2^-n s if the highest bit is set. */
export const ticksOf = (resolution: number): bigint =>
  (resolution & 0x80 ? 2n : 10n) ** BigInt(resolution & 0x7f)

/** Writes the time of `high` · 2^32 + `low` ticks. */
export function setTime(
  time: { seconds: number; nanoseconds: number },
  { ticks, offset }: Clock,
  high: number,
  low: number,
): void {
  const divisor = Number(ticks)
  if (1e9 % divisor === 0) {
    // Long division in base 2^16: every intermediate value is an integer below 2^53.
    const upper = (high % divisor) * 65_536 + (low >>> 16)
    const lower = (upper % divisor) * 65_536 + (low & 0xffff)
    const quotient = Math.floor(high / divisor) * 65_536 + Math.floor(upper / divisor)
    time.seconds = quotient * 65_536 + Math.floor(lower / divisor) + offset
    time.nanoseconds = (lower % divisor) * (1e9 / divisor)
  } else {
    const count = (BigInt(high) << 32n) | BigInt(low)
    time.seconds = Number(count / ticks) + offset
    time.nanoseconds = Number(((count % ticks) * 1_000_000_000n) / ticks)
  }
}
