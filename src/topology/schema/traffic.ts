// What hosts send: a kind of traffic an object, as a generator takes it.
import { z } from 'zod'
import {
  choice,
  duration,
  family,
  file,
  integer,
  name,
  positiveDuration,
  prefix,
  side,
  some,
} from '../fields.ts'
import { bitrate, rate, size } from '../quantities.ts'
import { ditgApplications } from '../traffic.ts'
import { Matrix } from './matrix.ts'

const untold = {
  from: name.describe('The host that sends.'),
  to: name.describe('The host that receives.'),
  family: family.describe('The family of the addresses; default: IPv4 where both hosts have it.').optional(),
  at: duration.prefault(0).describe('When it begins, after the start of traffic.'),
}
const common = {
  ...untold,
  tos: integer(0, 255, 'a type of service')
    .describe(
      'Type of service (IPv6: traffic class) of what the sender sends: 4 × DSCP, such as 184 for EF. Default: 0.',
    )
    .optional(),
}
const Flow = z.strictObject({
  rate: rate.describe(
    'Packets per second: 400pps, exponential 500pps, poisson 500pps or uniform 200..600pps, of times between packets.',
  ),
  size: size.describe(
    'Bytes of payload a packet: 512, exponential 300, poisson 300, uniform 64..1400, normal MEAN DEVIATION; pareto, cauchy, gamma or weibull SHAPE SCALE.',
  ),
})
const Ditg = z.strictObject({
  ...common,
  kind: z.literal('ditg').describe('A flow of D-ITG.'),
  udp: Flow.describe('Packets over UDP. One of udp, tcp and application.').optional(),
  tcp: Flow.describe('Packets over TCP.').optional(),
  application: choice(...ditgApplications)
    .describe('The times and sizes of an application, as D-ITG knows them; voip is G.711 over RTP.')
    .optional(),
  for: positiveDuration.describe('How long it sends, such as 4s.'),
})
const Iperf3 = z.strictObject({
  ...common,
  kind: z
    .literal('iperf3')
    .describe('A test of iperf3; it has a TCP connection to the same port for itself.'),
  protocol: choice('tcp', 'udp').prefault('tcp').describe('What carries it.'),
  rate: bitrate
    .describe(
      'Bits of payload per second, of all streams together: 10mbit. Default: TCP as much as goes, UDP 1mbit.',
    )
    .optional(),
  size: integer(16, 65_507, 'a size').describe('Bytes of a datagram, or of a write to TCP.').optional(),
  parallel: integer(1, 128, 'a number of streams').prefault(1).describe('Streams side by side.'),
  for: positiveDuration.describe('How long it sends, such as 4s.'),
})
const Ping = z.strictObject({
  ...common,
  kind: z.literal('ping').describe('ICMP echo requests of ping.'),
  count: integer(1, 1_000_000, 'a count').describe('Requests to send.'),
  interval: positiveDuration.prefault('1s').describe('Time from one request to the next.'),
  size: integer(0, 65_507, 'a size').prefault(56).describe('Bytes of ICMP payload, as ping’s -s.'),
})

/** One direction (from, to, source, destination), or sides: which of them is check/replay.ts's. */
const Replay = z.strictObject({
  ...untold,
  from: untold.from.optional(),
  to: untold.to.optional(),
  kind: z
    .literal('replay')
    .describe('Packets of a recording, their addresses rewritten to those of the hosts; of tcpreplay.'),
  file: file.describe('The recording, a pcap file, relative to the lab file.'),
  source: prefix.describe('Whose packets are sent, as the recording has them: 10.1.0.0/16.').optional(),
  destination: prefix.describe('To whom they went, as the recording has it.').optional(),
  sides: z
    .record(name.describe('A host.'), z.union([side, some(side, 'prefix', '10.1.0.0/16, 10.2.0.0/16')]))
    .describe(
      'Instead of these four, all directions: by host the prefix, or the prefixes, whose packets it sends to the other sides; any: all other addresses.',
    )
    .optional(),
  rate: bitrate
    .describe('Bits per second, with Ethernet’s 14 bytes a packet. Default: at the times of the recording.')
    .optional(),
  for: positiveDuration.describe('How long it sends at the most.'),
})

export const Traffic = z
  .discriminatedUnion('kind', [Ditg, Iperf3, Ping, Replay, Matrix])
  .describe('One flow of traffic, or a matrix of many.')
