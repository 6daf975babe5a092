// The verdict's shape: what `run` and `verify --format json` print and verdict.json holds. The schema is the source of the
// types, and of schema/verdict.schema.json that is published with the package.

import { z } from 'zod'
import { samplingSchema } from './sampling/section.ts'
import { timeSchema } from './time/section.ts'

const count = z.number().int()

const volume = z
  .strictObject({ packets: count, bytes: count })
  .describe('Packets and layer-3 bytes. Differences are signed: positive is missing, negative is too much.')

export const stages = ['sending', 'metering', 'exporting', 'transport', 'collecting', 'routing'] as const

const stage = z.enum(stages).describe('The stage that the difference arose in.')

const file = z.string().describe('In the run directory.')
const text = z.string().describe('What is to be seen there.')
const at = z.number().optional().describe('When: milliseconds since 1970-01-01T00:00:00Z.')
const frame = z.number().int().describe('Number of the frame in the file, from 1.')
const offset = z.number().int().describe('Octets from the begin of the datagram.')

const evidenceItem = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('datagram'), file, frame, offset, at, text }),
  z.strictObject({ kind: z.literal('record'), file, frame, offset, at, text }),
  z.strictObject({ kind: z.literal('log'), file, line: count, at, text }),
  z.strictObject({ kind: z.literal('route'), file, router: z.string(), prefix: z.string(), at, text }),
  z.strictObject({ kind: z.literal('counter'), file, at, text }),
  z.strictObject({ kind: z.literal('event'), file, at, text }),
  z
    .strictObject({ kind: z.literal('flow'), file, at, text })
    .describe('A flow of an account, or a row of a table.'),
])

const score = z
  .number()
  .describe(
    'How well the cause predicts the numbers, flow by flow: 1 is exactly, 0 no better than no cause at all.',
  )

const fit = z
  .strictObject({
    source: z.string(),
    destination: z.string(),
    key: z
      .string()
      .optional()
      .describe('Protocol and ports, where the account tells them apart: `udp 5004 → 53`.'),
    direction: z.enum(['in', 'out']),
    before: volume,
    predicted: volume,
    found: volume,
  })
  .describe('A flow before the stage, as the cause predicts it behind the stage, and as it was found there.')

const finding = z.strictObject({
  id: z.string().describe('Stable: the cause and what it is about, such as `exports-lost@edge`.'),
  cause: z.string().describe('The kind of finding; docs/findings.md says what each means.'),
  stage,
  point: z.string().describe('Observation point (node:interface) at which the traffic crossed the wire.'),
  probe: z.string(),
  collector: z.string(),
  packets: count.describe('Packets concerned: missing if positive, too many if negative.'),
  bytes: count.describe('Layer-3 bytes concerned, signed like packets.'),
  flows: count.describe('Flows concerned.'),
  accounts: z
    .array(z.strictObject({ account: z.string(), packets: count, bytes: count }))
    .describe('The accounts that show it; they speak of the same traffic, so their amounts do not add up.'),
  score: score.optional().describe('Absent where the finding is not about amounts.'),
  fit: z.array(fit).describe('Of the flows that differ most.'),
  summary: z.string().describe('One sentence: what is wrong and why.'),
  remedy: z.string().describe('What to change.'),
  evidence: z.array(evidenceItem).describe('Where it can be seen.'),
  allowed: z.string().optional().describe('The expectation because of which it is no reason to fail.'),
  alternatives: z
    .array(z.strictObject({ cause: z.string(), score, test: z.string() }))
    .describe('Other causes that fit, the best first, and the test that would tell each apart.'),
})

const book = z
  .strictObject({
    point: z.string(),
    probe: z.string(),
    collector: z.string(),
    table: z.string().describe("The collector's table in which `collected` stands."),
    direction: z.enum(['in', 'out']).describe("As seen from the observation point's node."),
    wire: volume.describe('What crossed the wire and the probe is meant to meter, counted by the kernel.'),
    exported: volume.describe('What the flow records say that left the exporter.'),
    arrived: volume.describe("What the flow records say that came in at the collector's interface."),
    collected: volume.describe("What stands in the collector's table."),
    exports: volume.describe("Of what crossed the wire, the lab's own export datagrams.").optional(),
    notMetered: z
      .array(z.strictObject({ reason: z.string(), packets: count, bytes: count }))
      .describe('What crossed the wire besides, and why no flow record speaks of it.'),
  })
  .describe('The account of one direction of one observation point.')

const tableCheck = z
  .strictObject({
    probe: z.string(),
    table: z.string(),
    filter: z.string(),
    wire: volume.describe('What crossed the wire and the filter selects.'),
    held: volume.describe("What the probe's table holds."),
    checked: z.boolean(),
    unchecked: z.string().optional().describe('Why it was not compared.'),
  })
  .describe("A table that a probe keeps itself, beside the kernel's count.")

const attributeCheck = z.strictObject({
  of: z.string().describe('Probe, or collector and table.'),
  attribute: z.string(),
  against: z.string().describe('The witness that it was held against.'),
  checked: count,
  wrong: count,
  unchecked: z.string().optional().describe('Why nothing was compared.'),
  aside: z
    .strictObject({ records: count, why: z.string() })
    .optional()
    .describe('Of those compared, records that say something else by what their program is known to do.'),
  missed: count
    .optional()
    .describe('Records that were not compared, since not all packets of their flows were recorded.'),
})

const attributes = z.strictObject({
  checked: count.describe('Attributes of rows and records that were compared.'),
  wrong: count,
  each: z.array(attributeCheck),
})

const flow = z.strictObject({
  point: z.string(),
  source: z.string(),
  destination: z.string(),
  direction: z.enum(['in', 'out']),
  wire: volume,
  exported: volume,
  arrived: volume,
  collected: volume,
})

const sent = z.strictObject({
  flow: z.string(),
  flows: count.optional().describe('Of a matrix: how many the host sent.'),
  sent: volume.describe('By the sending program; bytes of payload.'),
  received: volume.optional(),
  wire: volume
    .optional()
    .describe(
      'The most that crossed one observation point, flow by flow; layer-3 bytes. Absent where none of it crossed any.',
    ),
  beside: z
    .strictObject({
      point: z.string(),
      claimed: count.describe('Packets that must have crossed there.'),
      missing: count.describe('Those that did not; negative: so many more did.'),
      because: z.string().optional().describe('Why that is no finding.'),
    })
    .optional()
    .describe('The observation point that all of it must cross, for what is counted in packets (not TCP).'),
})

const booked = z.strictObject({
  event: z.string(),
  stage,
  probe: z.string(),
  collector: z.string(),
  table: z.string().optional().describe('Where it is missing in one table only.'),
  packets: count,
  bytes: count,
})

const event = z
  .strictObject({
    name: z.string(),
    action: z.string(),
    target: z.string().describe('To whom it happened, such as `probe edge`.'),
    begin: z.number().describe('Milliseconds since 1970-01-01T00:00:00Z.'),
    end: z.number().optional().describe('When it was undone or over; absent where it never was.'),
    settled: z.number().optional().describe('When the routes had come to rest after it.'),
    expected: z.boolean().describe('False: what it cost is a finding.'),
    followed: z
      .array(
        z.strictObject({
          daemon: z.string().describe('Such as `collector main`.'),
          of: z.enum(['begin', 'end']),
          after: z.number().describe('Milliseconds after it until the daemon had been told of its routes.'),
        }),
      )
      .describe('When the BGP sessions of probes and collectors had caught up.'),
    booked: z.array(booked).describe('What is missing because of it, and is no finding therefore.'),
  })
  .describe('Something that happened on purpose.')

const transport = z
  .strictObject({
    probe: z.string(),
    collector: z.string(),
    left: volume,
    arrived: volume,
    socketDrops: count.describe('Datagrams that the kernel dropped at the socket of the collector.'),
  })
  .describe('Export datagrams, counted by the kernel at both ends of their way; layer-3 bytes.')

const volumes = z.strictObject({ wire: volume, exported: volume, arrived: volume, collected: volume })

const host = z
  .strictObject({
    node: z.string(),
    as: count.optional(),
    point: z.string(),
    probe: z.string(),
    collector: z.string(),
    table: z.string(),
    from: volumes,
    to: volumes,
  })
  .describe('The account of one node of the lab.')

const shown = z
  .strictObject({
    collector: z.string(),
    table: z.string(),
    node: z.string(),
    address: z.string(),
    attribute: z.string(),
    values: z.array(
      z.strictObject({
        value: z.string().describe('Empty: none.'),
        packets: count.describe('In rows that have it when the books are closed.'),
        times: z
          .array(z.tuple([z.number(), z.number()]))
          .describe(
            'From when till when rows that have it were growing: milliseconds since 1970-01-01T00:00:00Z.',
          ),
      }),
    ),
  })
  .describe("An attribute of one of the lab's addresses as a collector shows it.")

const expectation = z
  .strictObject({
    text: z.string(),
    at: z.string().describe('In the lab file: file:line:column.'),
    holds: z.boolean(),
    found: z.string(),
    where: z.array(z.string()).describe('What of the verdict decided it.'),
  })
  .describe('What the lab file expects, and what was found.')

export const verdictSchema = z.strictObject({
  lab: z.string(),
  pass: z
    .boolean()
    .describe('Whether all expectations hold and there is no finding that none of them allows.'),
  expectations: z.array(expectation),
  findings: z.array(finding),
  books: z.array(book),
  tables: z.array(tableCheck),
  attributes,
  events: z.array(event),
  transport: z.array(transport),
  hosts: z.array(host),
  shown: z.array(shown),
  flows: z.array(flow).describe('Host pairs, those that differ first, then by volume; at most a thousand.'),
  sampling: z.array(samplingSchema).describe('Of probes that sample.'),
  time: z.array(timeSchema),
  traffic: z.array(sent).describe("The generators' own reports."),
  run: z.strictObject({
    directory: z.string(),
    opened: z.number().describe('When counting began: milliseconds since 1970-01-01T00:00:00Z.'),
    closed: z.number().describe('When it ended.'),
    stages: z.array(z.strictObject({ name: z.string(), ms: z.number() })).describe('Where the time went.'),
  }),
})

export type Verdict = z.infer<typeof verdictSchema>
export type EvidenceItem = z.infer<typeof evidenceItem>
export type AttributeCheck = z.infer<typeof attributeCheck>
export type Finding = z.infer<typeof finding>
export type Book = z.infer<typeof book>
export type TableCheck = z.infer<typeof tableCheck>
export type FlowComparison = z.infer<typeof flow>
export type Booked = z.infer<typeof booked>
export type EventReport = z.infer<typeof event>
export type Stage = z.infer<typeof stage>

/** For programs that read verdicts (JSON schema, 2020-12). */
export const verdictJsonSchema = (): object => ({
  title: 'flowlab verdict',
  ...z.toJSONSchema(verdictSchema),
})
