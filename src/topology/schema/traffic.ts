// What hosts send: a kind of traffic an object, as a generator takes it.
import { z } from 'zod'
import { integer, name, duration, positiveDuration, rate, size, family } from '../fields.ts'

const common = {
  from: name.describe('The host that sends.'),
  to: name.describe('The host that receives.'),
  family: family.describe('The family of the addresses; default: IPv4 where both hosts have it.').optional(),
  at: duration.prefault(0).describe('When it begins, after the start of traffic.'),
  tos: integer(0, 255, 'a type of service')
    .describe(
      'Type of service (IPv6: traffic class) of what the sender sends: 4 × DSCP, such as 184 for EF. Default: 0.',
    )
    .optional(),
}
const Flow = z.strictObject({
  rate: rate.describe('Packets per second: 400pps, exponential 500pps or uniform 200..600pps.'),
  size: size.describe('Bytes of payload a packet: 512, exponential 300 or uniform 64..1400.'),
})
const Ditg = z.strictObject({
  ...common,
  kind: z.literal('ditg').describe('A flow of D-ITG.'),
  udp: Flow.describe('Packets over UDP. Either this or tcp.').optional(),
  tcp: Flow.describe('Packets over TCP. Either this or udp.').optional(),
  for: positiveDuration.describe('How long it sends, such as 4s.'),
})
const Ping = z.strictObject({
  ...common,
  kind: z.literal('ping').describe('ICMP echo requests of ping.'),
  count: integer(1, 1_000_000, 'a count').describe('Requests to send.'),
  interval: positiveDuration.prefault('1s').describe('Time from one request to the next.'),
  size: integer(0, 65_507, 'a size').prefault(56).describe('Bytes of ICMP payload, as ping’s -s.'),
})

export const Traffic = z.discriminatedUnion('kind', [Ditg, Ping]).describe('One flow of traffic.')
