// Which rate to choose: the error that each would give for this traffic, at the levels at which people look at it. Nothing needs
// to have been sampled; the wire's own count says it all.

import type { Volume } from '../../kernel/units.ts'
import type { FlowKey } from '../../kernel/flow.ts'
import { add, nothing } from '../../kernel/units.ts'
import { sizesOf } from './judge.ts'
import { bytesError } from './law.ts'
import { withinDeviations } from '../../kernel/normal.ts'
import { squaresOf } from './sizes.ts'

export interface Level {
  /** Such as `host`. */
  readonly name: string
  /** What a flow is counted for at this level: a host pair, an AS; undefined: it is not counted. */
  readonly keyOf: (flow: FlowKey) => string | undefined
}

/** At one level and rate; errors are relative, at 95 %, of bytes (the larger ones: packets' errors are smaller). */
export interface ErrorRow {
  readonly level: string
  /** Keys that traffic crossed for. */
  readonly keys: number
  readonly rate: number
  /** Of the key with most bytes. */
  readonly largest: number
  /** Half of all bytes belong to keys whose error is smaller. */
  readonly half: number
  /** 90 % of all bytes do. */
  readonly most: number
  /** Keys of which nothing is expected to be sampled, as a share of all keys. */
  readonly unseen: number
}

interface Sum {
  volume: Volume
  squares: number
}

export const confidenceOfTable = 0.95

/**
 * Sizes squared are bounded where the wire does not tell them, so errors are upper bounds: as if every flow's packets were either as short
 * or as long as they can be. For sampling at random; deterministic sampling is not worse unless traffic is in step with it.
 */
export function errorTable(
  flows: readonly (FlowKey & Volume)[],
  levels: readonly Level[],
  rates: readonly number[],
  mtu: number,
): ErrorRow[] {
  const deviations = withinDeviations(confidenceOfTable)
  return levels.flatMap(({ name, keyOf }) => {
    const sums = new Map<string, Sum>()
    for (const flow of flows) {
      const key = keyOf(flow)
      if (key === undefined || flow.packets === 0) continue
      const sum = sums.get(key) ?? { volume: nothing, squares: 0 }
      sum.volume = add(sum.volume, flow)
      sum.squares += squaresOf(flow, sizesOf(flow, mtu))
      sums.set(key, sum)
    }
    const keys = [...sums.values()].toSorted((a, b) => b.volume.bytes - a.volume.bytes)
    return rates.map((rate) => {
      const errors = keys.map(({ volume, squares }) => ({
        error: (deviations * bytesError(rate, squares)) / volume.bytes,
        weight: volume.bytes,
      }))
      return {
        level: name,
        keys: keys.length,
        rate,
        largest: errors[0]?.error ?? 0,
        half: weightedQuantile(errors, 0.5),
        most: weightedQuantile(errors, 0.9),
        unseen:
          keys.reduce((all, { volume }) => all + (1 - 1 / rate) ** volume.packets, 0) / (keys.length || 1),
      }
    })
  })
}

function weightedQuantile(
  values: readonly { readonly error: number; readonly weight: number }[],
  share: number,
): number {
  const sorted = values.toSorted((a, b) => a.error - b.error)
  let left = share * sorted.reduce((sum, { weight }) => sum + weight, 0)
  for (const { error, weight } of sorted) if ((left -= weight) <= 0) return error
  return sorted.at(-1)?.error ?? 0
}
