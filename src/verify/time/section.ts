// What the verdict says of a probe's times: the schema of its section, and the section made of the figures.

import { z } from 'zod'
import type { Templates } from './templates.ts'
import type { Time } from './time.ts'

const volume = z.strictObject({ packets: z.number(), bytes: z.number() })
const milliseconds = z.number().int().describe('In milliseconds.')
const delay = z.strictObject({ median: milliseconds, worst: milliseconds })

const timeout = z.strictObject({
  asked: milliseconds.optional().describe('As the lab file asks for.'),
  longest: milliseconds,
  over: z.number().int().describe('Records beyond it.'),
  held: z
    .number()
    .int()
    .describe(
      'Of the inactive timeout: records beyond it that had not been exported when the books were closed.',
    ),
})

export const timeSchema = z
  .strictObject({
    point: z.string(),
    probe: z.string(),
    collector: z.string(),
    visibility: z.strictObject({
      records: z.number().int().describe('Flow records that came while the books were open.'),
      flushed: z.number().int().describe('Those that came only because the probe was told to end.'),
      untimed: z.number().int().describe('Those that do not say when their last packet was.'),
      unseen: z.number().int().describe("Those that the collector's table did not have, even at the end."),
      arrived: delay.optional().describe('From the last packet to the arrival of the record.'),
      visible: delay
        .extend({ resolution: milliseconds.describe('The longest time between two readings of the table.') })
        .optional()
        .describe("From the last packet to the collector's table."),
    }),
    timeouts: z.strictObject({
      active: timeout.describe('Longest: from first to last packet of a record.'),
      inactive: timeout.describe('Longest: from the last packet of a record to its export.'),
    }),
    templates: z
      .strictObject({
        count: z.number().int().describe('Different ones, options templates too.'),
        datagrams: z.number().int().describe('Of all exports.'),
        lasted: milliseconds.describe('From the first template to the last record.'),
        sent: z.number().int().describe('How often that one was sent that was sent least.'),
        apart: z
          .strictObject({ datagrams: z.number().int(), ms: milliseconds })
          .optional()
          .describe('The most between two sendings of one of them; absent where one at least was sent once.'),
      })
      .optional()
      .describe('How often templates were sent; absent where the exports have none.'),
    misplaced: z.array(
      z.strictObject({
        interval: z.number().describe('Length of the intervals, in seconds.'),
        spread: z
          .number()
          .optional()
          .describe(
            'Share of the bytes in another interval than on the wire, where records are spread from first to last packet.',
          ),
        arrival: z.number().optional().describe('As spread, where records are booked when they arrive.'),
      }),
    ),
    step: milliseconds.describe('Length of the intervals of the curve.'),
    curve: z.array(
      z.strictObject({
        at: z.number().describe('Begin of the interval: milliseconds since 1970-01-01T00:00:00Z.'),
        wire: volume.optional(),
        exported: volume.describe('By the first and last packet that records speak of.'),
        arrived: volume.describe('By the arrival of the records.'),
        collected: volume.optional().describe("By the growth of the collector's table."),
      }),
    ),
  })
  .describe('How fast, and at which times, a probe and its collector tell of traffic.')

export type TimeSection = z.infer<typeof timeSchema>

const share = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : Math.round(value * 1e6) / 1e6

const templatesSection = ({ apart, ...rest }: Templates) => ({ ...rest, ...(apart ? { apart } : {}) })

export function timeSection(
  place: { readonly point: string; readonly probe: string; readonly collector: string },
  { visibility, timeouts, templates, misplaced, over, wire, exported, arrived, collected }: Time,
): TimeSection {
  const { arrived: untilArrived, visible, ...counts } = visibility
  const kept = ({ asked, ...rest }: (typeof timeouts)['active']) => ({
    ...(asked === undefined ? {} : { asked }),
    ...rest,
  })
  return {
    ...place,
    visibility: {
      ...counts,
      ...(untilArrived ? { arrived: untilArrived } : {}),
      ...(visible ? { visible: { ...visible, resolution: Math.round(visible.resolution) } } : {}),
    },
    timeouts: { active: kept(timeouts.active), inactive: kept(timeouts.inactive) },
    ...(templates ? { templates: templatesSection(templates) } : {}),
    misplaced: misplaced.map(({ interval, spread, arrival }) => ({
      interval,
      ...(spread === undefined ? {} : { spread: share(spread) }),
      ...(arrival === undefined ? {} : { arrival: share(arrival) }),
    })),
    step: over.length,
    curve: exported.map((records, index) => ({
      at: over.from + index * over.length,
      ...(wire?.[index] ? { wire: wire[index] } : {}),
      exported: records,
      arrived: arrived[index] ?? { packets: 0, bytes: 0 },
      ...(collected?.[index] ? { collected: collected[index] } : {}),
    })),
  }
}
