// What all answers of the API are made of, and what the questions have in common.

import { z } from 'zod'

/** Milliseconds since 1970-01-01T00:00:00Z. */
export const time = z.number().describe('Milliseconds since 1970-01-01T00:00:00Z.')

export const volume = z
  .strictObject({ packets: z.number(), bytes: z.number() })
  .describe('Packets and layer-3 bytes.')

export const witnesses = ['wire', 'exported', 'arrived', 'collected'] as const

/** In the order of the way. */
export const witness = z
  .enum(witnesses)
  .describe(
    "wire: the kernel's count; exported, arrived: flow records at both ends of their way; collected: the collector's table.",
  )

export const end = z.strictObject({ node: z.string(), interface: z.string() })

/** A run by its id; ids are those of the list of runs. */
export const ofRun = z.strictObject({
  run: z.string().max(200).describe('Id of a run, from the list of runs.'),
})

/** A whole number in a query string. */
export const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'expected a whole number')
    .transform(Number)
    .pipe(z.number().int().min(least).max(most))

export const filterText = z
  .string()
  .max(4_000)
  .describe('Which flows: filter words, such as `src 192.0.2.0/24 and proto udp and bytes > 1000`.')

/** Keys by which every view groups flows. */
export const keyNames = [
  'source',
  'destination',
  'host',
  'sourcePort',
  'destinationPort',
  'port',
  'protocol',
  'sourceAs',
  'destinationAs',
  'as',
  'path',
  'peer',
  'interface',
  'exporter',
  'collector',
  'direction',
] as const

export const key = z.enum(keyNames)

export const problem = z
  .strictObject({
    error: z.string().describe('What is wrong.'),
    remedy: z.string().optional().describe('What to do about it.'),
    at: z.number().int().optional().describe('Of a filter: the character at which it is wrong, from 1.'),
  })
  .describe('Why there is no answer.')

export type Volume = z.infer<typeof volume>
export type Witness = z.infer<typeof witness>
export type Key = z.infer<typeof key>
export type Problem = z.infer<typeof problem>
