// Records the headers of what crosses an observation point, each direction in a file of its own, beside the kernel's counters:
// these say how much crossed, the recordings what it was. Source: tcpdump(8).

import type { Direction } from '../../evidence.ts'
import type { ObservationPoint, ProcessPlan } from '../../plan/plan.ts'
import { interfaceOf } from '../wire/ruleset.ts'

/** Octets of each frame: Ethernet, the longest header of IPv4 or IPv6 with extensions, and that of TCP. */
const snaplen = 128

/** Of each direction; some 290 MB. What crosses beyond is counted, and not looked at. */
export const mostPackets = 2_000_000

/** In the node. */
export const packetsPath = ({ interface: name }: ObservationPoint, direction: Direction): string =>
  `/var/log/crossed-${name}-${direction}.pcap`

/**
 * Writes by the buffer, so as not to disturb; SIGUSR2 makes it write what it has. Ready when the interface is tapped. (The filters
 * `inbound` and `outbound` lose what the capture held when they were set: libpcap goes through that itself, and knows no directions.)
 */
export function packetRecorder(point: ObservationPoint, direction: Direction): ProcessPlan {
  const file = packetsPath(point, direction)
  return {
    name: `tcpdump-crossed-${point.interface}-${direction}`,
    argv: [
      'tcpdump',
      ...['-i', interfaceOf(point, direction), '-n', '-p', '-s', String(snaplen)],
      ...['-B', '16384', '-c', String(mostPackets), '-Q', direction, '-Z', 'root', '-w', file],
    ],
    ready: file,
    stop: 'SIGINT',
    witness: true,
  }
}
