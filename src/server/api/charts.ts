// Charts of `flowlab chart`: their definitions, and their numbers over a span.

import { z } from 'zod'
import { key, time, whole, witness } from './values.ts'

export const ofChart = z.strictObject({
  chart: z.string().max(64).describe('Name of a chart, from the list.'),
})

export const spanQuery = z.strictObject({
  from: whole(0, 1e14)
    .optional()
    .describe(
      'Milliseconds since 1970-01-01T00:00:00Z; absent: an hour before `to`. Nothing is told of before what the archives keep.',
    ),
  to: whole(0, 1e14).optional().describe('Absent: when the chart was polled last.'),
})

export const pictureQuery = spanQuery.extend({
  width: whole(100, 4_000).optional().describe('Of the plot, in pixels; 640 if absent.'),
  height: whole(50, 2_000).optional().describe('240 if absent.'),
  dark: z.enum(['0', '1']).optional(),
})

export const chart = z.strictObject({
  name: z.string(),
  title: z.string().describe('The name, where it has none.'),
  lab: z.string().optional().describe('The lab that is asked; absent: the only one that lives.'),
  witness,
  collector: z.string().optional(),
  table: z.string().optional(),
  filter: z.string(),
  key,
  unit: z.enum(['bits', 'packets', 'flows']).describe('Each a second.'),
  step: z.number().describe('From one question to the next, in milliseconds.'),
  style: z.enum(['stack', 'lines']),
  polled: time.optional().describe('When it was polled last; absent where it never was.'),
  poll: z.string().describe('The command that asks for its numbers.'),
})

export const charts = z.strictObject({
  charts: z.array(chart),
  commands: z.array(z.strictObject({ what: z.string(), command: z.string() })).describe('To be copied.'),
})

export const chartNumbers = z.strictObject({
  from: time.describe('Begin of the first interval.'),
  step: z.number().describe('Length of an interval, in milliseconds.'),
  count: z.number().int(),
  series: z
    .array(
      z.strictObject({
        label: z.string(),
        colour: z.string().nullable().describe('That the definition gives; null: none.'),
        values: z.array(z.number().nullable()).describe('A second; null where it is not known.'),
      }),
    )
    .describe('The largest first; `other` is what there is beside those that are drawn.'),
  command: z.string(),
})

export type Charts = z.infer<typeof charts>
export type Chart = z.infer<typeof chart>
export type ChartNumbers = z.infer<typeof chartNumbers>
