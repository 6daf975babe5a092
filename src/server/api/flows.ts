// Views over flow records: over time, as paths between autonomous systems, and as a table.

import { z } from 'zod'
import { filterText, key, time, volume, whole, witness } from './values.ts'

export const seriesQuery = z.strictObject({
  by: key.optional().describe('Absent: all flows together.'),
  filter: filterText.optional(),
  from: whole(0, 1e14).optional().describe('Milliseconds since 1970-01-01T00:00:00Z.'),
  to: whole(0, 1e14).optional(),
  step: whole(100, 86_400_000)
    .optional()
    .describe('Length of an interval in milliseconds; absent: some 300 intervals.'),
  top: whole(1, 50).optional().describe('So many values of the key, the others together; 10 if absent.'),
  point: z.string().max(200).optional().describe('One observation point; absent: all.'),
  of: z
    .enum(['wire', 'exported', 'arrived'])
    .optional()
    .describe('Curves of this witness only; absent: of all. Totals are of all.'),
  flows: z.enum(['1']).optional().describe('Flows are counted as well.'),
})

const curve = z.strictObject({
  packets: z.array(z.number()),
  bytes: z.array(z.number()),
  flows: z
    .array(z.number())
    .optional()
    .describe(
      'Where they were asked for. In the interval: of the wire flows that grew, of the exports records whose time has a part in it, of the arrivals records that came.',
    ),
})

export const series = z.strictObject({
  from: time,
  step: z.number().describe('Milliseconds.'),
  count: z.number().int().describe('Intervals; each array has so many values.'),
  keys: z
    .array(z.string())
    .describe('Values of the key, the largest on the wire first; `others` is the last where there are more.'),
  wire: z
    .array(curve)
    .optional()
    .describe('By key, in the order of `keys`. Absent where the wire was not read over time.'),
  exported: z.array(curve).optional().describe('Records, each evenly between its first and last packet.'),
  arrived: z.array(curve).optional().describe('Records, when they came.'),
  collected: curve
    .optional()
    .describe(
      "Growth of the collectors' tables, all flows together: these tables have no time. Absent with a filter, and where nobody looked.",
    ),
  totals: z
    .array(
      z.strictObject({
        key: z.string(),
        wire: volume.optional(),
        exported: volume.optional(),
        arrived: volume.optional(),
        collected: volume.optional(),
      }),
    )
    .describe(
      'Over the whole run, for the same keys. A witness is absent where it is silent, and the collector with a filter or where nobody asked it.',
    ),
  silent: z.array(witness).describe('Witnesses whose rows do not tell the key.'),
  marks: z.array(z.strictObject({ at: time, text: z.string() })).describe('Events.'),
  command: z.string(),
})

export const pathsQuery = z.strictObject({
  filter: filterText.optional(),
  point: z.string().max(200).optional(),
})

const flowOfPath = z.strictObject({
  path: z
    .array(z.string())
    .describe('ASes in order, source AS first, destination AS last; `?` where it is not known.'),
  packets: z.number(),
  bytes: z.number(),
})

const cell = z.strictObject({
  source: z.string(),
  destination: z.string(),
  packets: z.number(),
  bytes: z.number(),
})

export const paths = z.strictObject({
  wire: z.array(flowOfPath).describe("Flows of the wire, by the routers' own tables."),
  collected: z.array(flowOfPath).describe('Rows of the collectors, by what they say of themselves.'),
  exported: z.array(flowOfPath).describe('Records, by the AS numbers in them; they have no hops.'),
  matrix: z.strictObject({
    systems: z.array(z.string()),
    wire: z.array(cell),
    exported: z.array(cell),
    collected: z.array(cell),
  }),
  left: z
    .strictObject({
      wire: z.number().int(),
      exported: z.number().int(),
      collected: z.number().int(),
      pairs: z.number().int().describe('Of source and destination AS, of the witness that has most.'),
    })
    .describe('Paths and pairs that are not told, being smaller than those that are.'),
  command: z.string(),
})

export const recordsQuery = z.strictObject({
  witness: witness.optional().describe('exported if absent.'),
  filter: filterText.optional(),
  group: z.string().max(400).optional().describe('Keys with commas between; absent: record by record.'),
  sort: z
    .string()
    .max(100)
    .optional()
    .describe('A column, with `-` before it for the largest first; `-bytes` if absent.'),
  limit: whole(1, 1_000).optional().describe('Rows of a page; 100 if absent.'),
  offset: whole(0, 1e9).optional(),
  from: whole(0, 1e14).optional().describe('Milliseconds since 1970-01-01T00:00:00Z.'),
  to: whole(0, 1e14).optional(),
})

const cellValue = z.union([z.string(), z.number(), z.null()])

export const records = z.strictObject({
  columns: z.array(
    z.strictObject({
      name: z.string(),
      kind: z.enum(['text', 'number', 'time', 'address']),
      about: z.string(),
    }),
  ),
  rows: z
    .array(z.array(cellValue))
    .describe('A value a column; times in milliseconds since 1970-01-01T00:00:00Z.'),
  total: z.number().int().describe('Rows on all pages.'),
  sum: volume.extend({ records: z.number() }).describe('Over all that the filter selects.'),
  command: z.string().describe('The command that prints the same.'),
})

export const exportQuery = recordsQuery.omit({ limit: true, offset: true })

export const words = z.strictObject({
  fields: z.array(z.strictObject({ word: z.string(), about: z.string(), example: z.string() })),
  keys: z.array(z.strictObject({ name: z.string(), about: z.string(), witnesses: z.array(witness) })),
  columns: z.array(z.strictObject({ name: z.string(), about: z.string(), witnesses: z.array(witness) })),
})

export type SeriesQuery = z.infer<typeof seriesQuery>
export type Series = z.infer<typeof series>
export type SeriesCurve = z.infer<typeof curve>
export type PathsQuery = z.infer<typeof pathsQuery>
export type Paths = z.infer<typeof paths>
export type FlowOfPath = z.infer<typeof flowOfPath>
export type RecordsQuery = z.infer<typeof recordsQuery>
export type Records = z.infer<typeof records>
export type CellValue = z.infer<typeof cellValue>
export type Words = z.infer<typeof words>
