// The traffic matrix as users write it: ends (ASes and hosts) with weights, or what each sends to each; and the flows that it becomes.
import { z } from 'zod'
import { duration, integer, name, positiveDuration } from '../fields.ts'
import { amount, bitrate, share, sizes, volume } from '../quantities.ts'
import { mostDrawn } from '../traffic.ts'

const weight = amount('a weight')
const Weight = z.union([
  weight,
  z.strictObject({
    sends: weight.describe('How much it sends.'),
    receives: weight.describe('How much it receives.'),
  }),
])
const Demands = z.record(
  name.describe('An AS number or a host: who sends.'),
  z.record(name.describe('An AS number or a host: who receives.'), amount('an amount')),
)

export const Matrix = z.strictObject({
  kind: z
    .literal('matrix')
    .describe('Many flows among ASes and hosts, drawn by the seed from a traffic matrix; of mgen.'),
  weights: z
    .record(name.describe('An AS number or a host.'), Weight)
    .describe(
      'Gravity model: what one sends to another is in proportion to the weight of both, each a number or { sends: 8, receives: 2 }. An AS weighs as much as it has hosts, unless it is named.',
    )
    .optional(),
  demands: Demands.describe(
    'Instead, who sends how much to whom, in proportion to each other: { 65001: { 65002: 3, h7: 1 } }.',
  ).optional(),
  rate: bitrate
    .describe(
      'The mean of all, in bits of payload per second over the span: 8mbit. One of rate, volume and flows.',
    )
    .optional(),
  volume: volume.describe('The payload of all: 20MB.').optional(),
  flows: integer(1, mostDrawn, 'a number of flows').describe('How many flows.').optional(),
  sizes: sizes
    .describe(
      'Bytes of payload a flow: pareto SHAPE LEAST..MOST, lognormal MEDIAN SIGMA LEAST..MOST, uniform 200..4000 or 4000.',
    )
    .prefault('pareto 1.2 500..1000000'),
  udp: share.describe('Of the flows, those over UDP; the others are over TCP.').prefault('20%'),
  ipv6: share.describe('Of the flows between hosts that have both families, those over IPv6.').prefault('0%'),
  pace: bitrate
    .describe('At which a flow is sent while it lasts, in bits of payload per second.')
    .prefault('2mbit'),
  at: duration.prefault(0).describe('When it begins, after the start of traffic.'),
  tos: integer(0, 255, 'a type of service')
    .describe('Type of service (IPv6: traffic class): 4 × DSCP, such as 184 for EF. Default: 0.')
    .optional(),
  for: positiveDuration.describe('The span within which all flows begin and end, such as 20s.'),
})
