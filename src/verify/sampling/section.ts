// What the verdict says of a probe's sampling: the schema of its section, and the section made of an analysis.

import { z } from 'zod'
import type { Volume } from '../../kernel/units.ts'
import type { Analysis } from './analysis.ts'
import { confidence, isAsItMustBe } from './judge.ts'
import type { ErrorRow } from './table.ts'

const volume = z.strictObject({ packets: z.number(), bytes: z.number() })
const share = z.number().describe('Relative: 0.1 is 10 %.')

const errorRow = z.strictObject({
  level: z.string().describe('all, peer, AS or host: pairs of source and destination.'),
  keys: z.number().int().describe('Pairs that traffic crossed for.'),
  rate: z.number(),
  largest: share.describe('Error at 95 % of the pair with most bytes, at the most.'),
  half: share.describe('Half of all bytes belong to pairs whose error is smaller.'),
  most: share.describe('90 % of all bytes belong to pairs whose error is smaller.'),
  unseen: share.describe('Pairs of which no packet is expected to be sampled, of all pairs.'),
})

export const samplingSchema = z
  .strictObject({
    point: z.string(),
    probe: z.string(),
    collector: z.string(),
    method: z.enum(['random', 'deterministic']).describe('As which it is judged (RFC 5475, section 5).'),
    rate: z.number().describe('N of 1:N as which it is judged.'),
    asked: z.number().describe("The lab file's; 1 where it asks for none."),
    announced: z.array(
      z.strictObject({
        rate: z.number().optional().describe('Absent: none was announced.'),
        source: z.enum(['header', 'record', 'options']).optional(),
        records: z.number().int().describe('Flow records that it holds for.'),
      }),
    ),
    observed: z
      .strictObject({ rate: z.number(), low: z.number(), high: z.number() })
      .optional()
      .describe(
        'What the numbers show, with its interval at 99.95 % (half of the doubt is kept for the flows); absent where flows share no rate.',
      ),
    counters: z
      .enum(['whole', 'sampled', 'multiplied', 'packets multiplied', 'bytes multiplied'])
      .describe('What records count: every packet, those sampled, or those times N.'),
    wire: volume,
    sampled: volume.describe('What the records count.'),
    estimate: volume.describe('What was sampled, times the rate.'),
    margin: volume.describe('What the estimate may be off at the confidence; of bytes an upper bound.'),
    periods: z
      .array(
        z.strictObject({
          since: z.string().optional().describe('The event that it begins with; absent of the first.'),
          rates: z.array(z.number()).describe('Announced for its records.'),
          crossed: z
            .strictObject({ low: z.number(), high: z.number() })
            .describe('Packets, as closely as the readings of the kernel’s counts tell.'),
          sampled: z.number(),
          estimate: z.number(),
          shown: z.strictObject({ low: z.number(), high: z.number() }).optional(),
          asItMustBe: z.boolean(),
        }),
      )
      .optional()
      .describe(
        'Where an event changed the rate: each time between is judged by itself, all flows together and in packets. Single flows and bytes are not judged then.',
      ),
    asItMustBe: z.boolean().describe('Whether all that differs is as sampling must make it.'),
    confidence: z.number().describe('Of all tests of the probe together.'),
    tests: z.number().int(),
    flows: z.number().int(),
    doubtful: z
      .array(
        z.strictObject({
          source: z.string(),
          destination: z.string(),
          protocol: z.number().int(),
          sourcePort: z.number().int(),
          destinationPort: z.number().int(),
          wire: volume,
          sampled: volume,
          of: z.enum(['packets', 'bytes']),
          chance: z.number().describe('That sampling makes it so, corrected for the number of tests.'),
        }),
      )
      .describe('Flows that sampling does not explain, the least likely first; at most a hundred.'),
    tables: z
      .array(z.strictObject({ table: z.string(), factor: z.number().optional() }))
      .describe("The one factor between what arrived and the collector's table; absent where there is none."),
    errors: z.array(errorRow).describe('The error that each rate would give for this traffic.'),
  })
  .describe('How a probe samples, and whether it is as wrong as sampling must be.')

export type SamplingSection = z.infer<typeof samplingSchema>

const most = 100

export interface Place {
  readonly point: string
  readonly probe: string
  readonly collector: string
}

export function samplingSection(
  place: Place,
  { intended, announced, observed, counters, judged, factors, changed, periods }: Analysis,
  totals: { readonly wire: Volume; readonly sampled: Volume },
  errors: readonly ErrorRow[],
): SamplingSection {
  const rate = judged?.rate ?? 1
  const { wire, sampled } = judged ?? totals
  return {
    ...place,
    method: judged?.method ?? 'random',
    rate,
    asked: intended,
    announced: announced.map(({ rate: said, source, records }) => ({
      ...(said === undefined ? {} : { rate: said }),
      ...(source === undefined ? {} : { source }),
      records,
    })),
    ...(observed && !changed ? { observed } : {}),
    ...(periods.length > 0
      ? { periods: periods.map((period) => ({ ...period, rates: [...period.rates] })) }
      : {}),
    counters,
    wire,
    sampled,
    estimate: { packets: Math.round(sampled.packets * rate), bytes: Math.round(sampled.bytes * rate) },
    margin: judged?.margin ?? { packets: 0, bytes: 0 },
    asItMustBe: judged ? isAsItMustBe(judged) : periods.every((period) => period.asItMustBe),
    confidence,
    tests: judged?.tests ?? 0,
    flows: judged?.flows ?? 0,
    doubtful: (judged?.doubtful ?? []).slice(0, most).map(({ flow, chance, of, ...sides }) => ({
      source: flow.source,
      destination: flow.destination,
      protocol: flow.protocol,
      sourcePort: flow.sourcePort,
      destinationPort: flow.destinationPort,
      wire: sides.wire,
      sampled: sides.sampled,
      of,
      chance,
    })),
    tables: factors.map(({ table, factor }) => ({ table, ...(factor === undefined ? {} : { factor }) })),
    errors: [...errors],
  }
}
