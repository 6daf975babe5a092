// The verdict with what the catalogue says of each finding, and its evidence down to the datagram.

import { z } from 'zod'
import { verdictSchema } from '../../verify/verdict.ts'
import { whole } from './values.ts'

export const books = z.strictObject({
  verdict: verdictSchema,
  causes: z
    .record(
      z.string(),
      z.strictObject({ title: z.string(), knownBy: z.string(), remedy: z.string(), test: z.string() }),
    )
    .describe('By cause, of the findings and their alternatives.'),
})

export const evidenceQuery = z.strictObject({
  file: z.string().max(400).describe('As the finding names it.'),
  frame: whole(1, 0xffff_ffff).optional().describe('Of a recording: number of the frame, from 1.'),
  line: whole(1, 1e9).optional().describe('Of a log: number of the line, from 1.'),
})

export const evidence = z.strictObject({
  file: z.string(),
  lines: z
    .array(z.strictObject({ offset: z.number().int().nullable(), text: z.string(), marked: z.boolean() }))
    .describe(
      'A datagram as a tree, with octets from its begin; or the lines of a log around the one asked for.',
    ),
  command: z.string(),
})

export type Books = z.infer<typeof books>
export type Evidence = z.infer<typeof evidence>
