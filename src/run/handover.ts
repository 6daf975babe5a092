// Lets a capture that hands over full blocks alone hand over the last one: frames that are no IP, sent by the interface that it
// watches after the books are closed, fill the block behind the packets that count. They are no flow's, cross the link and are
// dropped there; gate and counters know their ethertype (truth/gate.ts).

import type { Lab } from '../backend.ts'
import type { Capture } from '../evidence.ts'
import type { ProbePlan } from '../plan/plan.ts'
import { filler } from '../truth/gate.ts'
import { say } from './ask.ts'
import { settled } from './wait.ts'

/** Sent at once: some 0.5 MB, which libpcap's ring of 2 MB holds. */
const frames = 512

/**
 * Of Perl, which each Debian has: frames of 1,014 bytes to the address that no bridge forwards (IEEE 802.1D, table 7-10), from
 * 0. Arguments: interface, ethertype, number. Source: packet(7), netdevice(7).
 */
const script = String.raw`
my ($interface, $type, $frames) = @ARGV;
socket my $socket, 17, 3, 0 or die "packet socket: $!\n";
my $request = pack 'a16 x24', $interface;
ioctl $socket, 0x8933, $request or die "$interface: $!\n";
my $address = pack 'S n l x12', 17, $type, unpack 'x16 l', $request;
my $frame = pack 'H12 x6 n x1000', '0180c200000e', $type;
for (1..$frames) { send $socket, $frame, 0, $address or die "$interface: $!\n" }
`

/** What the capture says of what it had received before, when all of that was read from it, or no more is. */
export async function handOver(lab: Lab, probe: ProbePlan, read: () => Promise<Capture>): Promise<Capture> {
  const { received, dropped } = await read()
  const fill = [probe.interface, String(filler), String(frames)]
  const { processed } = await settled(
    async () => {
      const now = await read()
      if (now.processed < received - dropped) await say(lab, probe.node, ['perl', '-e', script, ...fill])
      return { processed: Math.min(now.processed, received - dropped) }
    },
    (now) => now.processed === received - dropped,
  )
  return { received, processed, dropped }
}
