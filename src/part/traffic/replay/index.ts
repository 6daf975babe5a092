// tcpreplay: packets of a recording, with the addresses of the lab's hosts. tcpdump chooses them, tcprewrite rewrites them, on the
// host that sends.

import type { FlowReport } from '../../../evidence.ts'
import type { Ask, Compiled, TrafficPart } from '../../../part.ts'
import type { ProcessPlan, TrafficPlan } from '../../../plan/plan.ts'
import type { ReplayTraffic } from '../../../topology/topology.ts'
import { parseReport } from './report.ts'

/** Where the host that sends sees the recording. */
const recording = (index: number): string => `/run/flowlab/replay-${index}.pcap`
const place = (index: number): string => `/tmp/replay-${index}`

/**
 * Of bash. The frames need the MAC address of the next hop, which the kernel asks for when a neighbour is `use`d. Of what the
 * snapshot length cut off zeros are sent; what is larger than the link's MTU is left out.
 */
const script = String.raw`
set -euo pipefail
file=$1 work=$2 from=$3 to=$4 source=$5 destination=$6 length=$7; shift 7
way=$(ip -o route get "$to")
dev=$(sed -n 's/.* dev \([^ ]*\).*/\1/p' <<<"$way")
hop=$(sed -n 's/.* via \([^ ]*\).*/\1/p' <<<"$way"); hop=${'${hop:-$to}'}
ip neigh replace "$hop" dev "$dev" use
for ((i = 0; i < 100; i++)); do
  mac=$(ip neigh show "$hop" dev "$dev" | sed -n 's/.*lladdr \([^ ]*\).*/\1/p')
  [ -z "$mac" ] || break
  sleep 0.05
done
[ -n "$mac" ] || { echo "ERROR: $hop, the next hop, does not say its MAC address" >&2; exit 1; }
count() { tcpdump -Z root -r "$1" --count 2>/dev/null | sed 's/ .*//'; }
tcpdump -Z root -r "$file" -w "$work.chosen" "src net $source and dst net $destination"
[ "$(count "$work.chosen")" -gt 0 ] || { echo "ERROR: $file has no packet from $source to $destination" >&2; exit 1; }
tcprewrite --infile="$work.chosen" --outfile="$work.rewritten" --dlt=enet --fixlen=pad --fixcsum \
  --enet-smac="$(cat "/sys/class/net/$dev/address")" --enet-dmac="$mac" \
  --srcipmap="[$source]:[$from/$length]" --dstipmap="[$destination]:[$to/$length]"
tcpdump -Z root -r "$work.rewritten" -w "$work.pcap" "less $((14 + $(cat "/sys/class/net/$dev/mtu")))"
left=$(($(count "$file") - $(count "$work.chosen"))) large=$(($(count "$work.chosen") - $(count "$work.pcap")))
[ "$left" = 0 ] || echo "WARN: $left packets of $file are not from $source to $destination, and were left out"
[ "$large" = 0 ] || echo "WARN: $large packets of $file are larger than the MTU, and were left out"
tcpreplay -i "$dev" "$@" "$work.pcap" | tee "$work.txt"
`

function send({ intent, index, source, destination }: Omit<TrafficPlan, 'process'>): ProcessPlan {
  const replayed = intent as ReplayTraffic
  const options = [
    ...(replayed.rate === undefined ? [] : [`--mbps=${replayed.rate / 1e6}`]),
    `--duration=${Math.ceil(replayed.for / 1000)}`,
  ]
  const length = replayed.family === 4 ? '32' : '128'
  const chosen = [replayed.source, replayed.destination, length]
  return {
    name: `tcpreplay-${index}`,
    argv: [
      ...['bash', '-c', script, 'replay', recording(index), place(index)],
      ...[source, destination, ...chosen, ...options],
    ],
    oneshot: true,
  }
}

const sent = async (ask: Ask, _askReceiver: Ask, { index }: TrafficPlan): Promise<FlowReport> => ({
  index,
  sent: parseReport(await ask('cat', `${place(index)}.txt`)),
})

export const replay: TrafficPart = {
  package: 'tcpreplay',
  programs: ['tcpreplay', 'tcprewrite'],
  version: '--version',
  optional: true,
  ports: false,
  describe: (intent) => ({
    title: 'replay',
    protocols: Array.from({ length: 256 }, (_, protocol) => protocol),
    lasts: (intent as ReplayTraffic).for,
  }),
  receive: (): Compiled => ({ files: {}, processes: [] }),
  send,
  binds: ({ intent, index }) => [
    { source: (intent as ReplayTraffic).file, target: recording(index), readonly: true },
  ],
  sent,
}
