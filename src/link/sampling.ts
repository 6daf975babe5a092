// Exports of sampled traffic: whether the counters are what sampling 1:N must make of what crossed, and what rate they show.

import type { FlowKey } from '../kernel/flow.ts'
import type { Volume } from '../kernel/units.ts'
import { addressText, keyColumns, type Store } from '../store.ts'
import type { Account } from '../verify/accounts.ts'
import { volumeOf } from '../verify/ledgers.ts'
import { estimateRate, isSignOfSampling, type Ratio } from '../verify/sampling/estimate.ts'
import {
  confidenceOfRate,
  countsOf,
  type FlowPair,
  isAsItMustBe,
  judgeSampling,
} from '../verify/sampling/judge.ts'

export interface LinkSampling {
  /** N of 1:N, and who says so. */
  readonly rate: number
  readonly source: 'option' | 'exports'
  /** Whether the records' counters are such as sampling at this rate leaves. */
  readonly holds: boolean
  /** What N × sampled stays within of the wire's, of all flows together. */
  readonly margin: Volume
  /** The rate that the numbers show, with its interval. */
  readonly shown?: Ratio
}

/** Flows that are judged one by one; the others are judged as one. */
const most = 50_000

/** N of 1:N as the records are announced with it; undefined where none, or several, are. */
export async function announcedRate(store: Store): Promise<number | undefined> {
  const rates = await store.ask<{ rate: number }>(
    'SELECT DISTINCT samplingRate AS rate FROM exported WHERE samplingRate IS NOT NULL LIMIT 2',
  )
  return rates.length === 1 ? rates[0]?.rate : undefined
}

/** One rate that all flows share, where nobody spoke of one. */
export async function rateShown(store: Store, account: Account): Promise<Ratio | undefined> {
  const pairs = await pairsOf(store, account)
  const shown = ratioOf(pairs)
  return shown && isSignOfSampling(shown, pairs.map(countsOf)) ? shown : undefined
}

export async function judgeSampled(
  store: Store,
  account: Account,
  said: Pick<LinkSampling, 'rate' | 'source'>,
  mtu: number,
): Promise<LinkSampling> {
  const pairs = await pairsOf(store, account)
  const judged = judgeSampling(pairs, { method: 'random', rate: said.rate, beside: 0, counters: 1, mtu })
  const shown = ratioOf(pairs)
  return { ...said, holds: isAsItMustBe(judged), margin: judged.margin, ...(shown ? { shown } : {}) }
}

const ratioOf = (pairs: readonly FlowPair[]): Ratio | undefined =>
  estimateRate(pairs.map(countsOf), confidenceOfRate)

const keys = Object.keys(keyColumns)

/** The largest flows, and all others as one that has no ports. */
async function pairsOf(store: Store, account: Account): Promise<FlowPair[]> {
  const volumes = ['wirePackets', 'wireBytes', 'exportedPackets', 'exportedBytes']
  const rows = await store.ask<
    Readonly<Record<'source' | 'destination', bigint | null>> &
      Readonly<Record<string, number | bigint | null>>
  >(`
    WITH ranked AS (SELECT *, row_number() OVER (ORDER BY wireBytes DESC, ${keys.join(', ')}) AS place FROM ${account})
    SELECT ${[...keys, ...volumes].join(', ')} FROM ranked WHERE place <= ${most}
    UNION ALL SELECT ${[...keys.map(() => 'NULL'), ...volumes.map((name) => `sum(${name})`)].join(', ')}
      FROM ranked WHERE place > ${most} HAVING count(*) > 0`)
  return rows.map((row) => ({
    flow: {
      source: addressText(row.source),
      destination: addressText(row.destination),
      protocol: Number(row['protocol'] ?? 0),
      sourcePort: Number(row['sourcePort'] ?? 0),
      destinationPort: Number(row['destinationPort'] ?? 0),
    } satisfies FlowKey,
    wire: volumeOf(row['wirePackets'], row['wireBytes']),
    sampled: volumeOf(row['exportedPackets'], row['exportedBytes']),
  }))
}
