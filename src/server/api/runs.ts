// The list of runs, and a run at a glance.

import { z } from 'zod'
import { time, volume } from './values.ts'

export const runItem = z.strictObject({
  id: z.string().describe('Stays as long as the run directory does.'),
  lab: z.string(),
  directory: z.string().describe('Absolute path of the run directory.'),
  live: z.boolean().describe('Whether the lab runs now.'),
  state: z
    .enum(['live', 'judged', 'unjudged', 'cut short'])
    .describe('unjudged: the evidence is whole, and the verdict is reached when it is asked for.'),
  begun: time,
  ended: time.optional().describe('When the books were closed last.'),
  pass: z.boolean().optional().describe('Absent while there is no verdict.'),
  findings: z.number().int().optional(),
  nodes: z.number().int(),
  links: z.number().int(),
  probes: z.number().int(),
  collectors: z.number().int(),
})

export const runList = z.strictObject({
  runs: z.array(runItem).describe('Live ones first, then the youngest.'),
  home: z.string().describe('The directories in which runs are looked for.'),
  left: z.number().int().describe('Runs there that are not in the list, being older than these.'),
})

export const timelineEntry = z.strictObject({
  at: time,
  what: z.string(),
  target: z.string(),
  event: z.string().optional(),
  phase: z.enum(['begin', 'end', 'settled', 'followed']).optional(),
})

export const overview = runItem.extend({
  quoted: z.string().describe('The run directory as a shell reads it, for commands.'),
  timeline: z.array(timelineEntry),
  stages: z.array(z.strictObject({ name: z.string(), ms: z.number() })),
  points: z.array(z.string()).describe('Observation points, `node:interface`.'),
  crossed: z
    .array(z.strictObject({ point: z.string(), in: volume, out: volume }))
    .describe('What crossed each observation point in each direction; empty without a verdict.'),
  found: z.array(
    z.strictObject({
      id: z.string(),
      cause: z.string(),
      stage: z.string(),
      probe: z.string(),
      summary: z.string(),
    }),
  ),
  traffic: z.array(
    z.strictObject({
      from: z.string(),
      to: z.string(),
      kind: z.string(),
      source: z.string(),
      destination: z.string(),
      at: z.number().describe('Milliseconds after the begin of the traffic.'),
    }),
  ),
  tables: z.array(z.strictObject({ collector: z.string(), tables: z.array(z.string()) })),
  commands: z.array(z.strictObject({ what: z.string(), command: z.string() })).describe('To be copied.'),
})

export type RunItem = z.infer<typeof runItem>
export type RunList = z.infer<typeof runList>
export type Overview = z.infer<typeof overview>
export type TimelineEntry = z.infer<typeof timelineEntry>
