// A recording → the process that sends one direction of it: tcpdump chooses the packets, tcprewrite gives them the hosts' addresses,
// tcpreplay sends them, on the host that sends.

import type { TrafficPart } from '../../../part.ts'
import type { ProcessPlan, TrafficPlan } from '../../../plan/plan.ts'
import type { ReplayTraffic, Side } from '../../../topology/topology.ts'

/** Where the host that sends sees the recording. */
export const recording = (index: number): string => `/run/flowlab/replay-${index}.pcap`
export const place = (index: number): string => `/tmp/replay-${index}`

/**
 * Of bash. The frames need the MAC address of the next hop, which the kernel asks for when a neighbour is `use`d, and the host's own,
 * which ip(8) knows; /sys may be the machine's, whose interfaces are others of the same names. Of what the
 * snapshot length cut off zeros are sent; what is larger than the link's MTU is left out.
 *
 * $all chooses what any side sends, where there are several: the hosts then answer nothing of their own to each other (resets,
 * unreachables, echoes) until the time is over. All begin at the next full second after they were told to, each as much later as its
 * first packet came after the first of all. Who is not told within 20 s begins by itself.
 */
const script = String.raw`
set -euo pipefail
file=$1 work=$2 from=$3 to=$4 family=$5 own=$6 all=$7 lasts=$8; shift 8
case $family in 4) every=0.0.0.0/0 bits=32 ;; 6) every=::/0 bits=128 ;; esac
exec 9<> <(:)
go=; trap 'go=1' USR2
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
link=$(ip -o link show dev "$dev")
own_mac=$(sed -n 's/.*link\/ether \([^ ]*\).*/\1/p' <<<"$link") mtu=$(sed -n 's/.* mtu \([0-9]*\).*/\1/p' <<<"$link")
count() { tcpdump -n -Z root -r "$1" --count "${'${2:-}'}" 2>/dev/null | sed 's/ .*//'; }
first() { tcpdump -n -Z root -r "$file" -tt -c 1 "$1" 2>/dev/null | sed 's/ .*//'; }
tcpdump -n -Z root -r "$file" -w "$work.chosen" "$own"
left=$(count "$file" "not (${'${all:-$own}'})") chosen=$(count "$work.chosen") large=0
[ "$chosen" -gt 0 ] || [ "$(count "$file" "$all")" -gt 0 ] ||
  { echo "ERROR: $file has no packet of these: ${'${all:-$own}'}" >&2; exit 1; }
if [ "$chosen" -gt 0 ]; then
  tcprewrite --infile="$work.chosen" --outfile="$work.rewritten" --dlt=enet --fixlen=pad --fixcsum \
    --enet-smac="$own_mac" --enet-dmac="$mac" \
    --srcipmap="[$every]:[$from/$bits]" --dstipmap="[$every]:[$to/$bits]"
  tcpdump -n -Z root -r "$work.rewritten" -w "$work.pcap" "less $((14 + mtu))"
  large=$((chosen - $(count "$work.pcap")))
fi
[ "$left" = 0 ] || echo "WARN: $left packets of $file are none of these, and were left out: ${'${all:-$own}'}"
[ "$large" = 0 ] || echo "WARN: $large packets of $file are larger than the MTU, and were left out"
delay=0
if [ -n "$all" ]; then
  nft -f - <<RULES
add table inet flowlab_replay
add set inet flowlab_replay peers4 { type ipv4_addr; flags timeout; }
add set inet flowlab_replay peers6 { type ipv6_addr; flags timeout; }
add chain inet flowlab_replay output { type filter hook output priority 0; policy accept; }
flush chain inet flowlab_replay output
add rule inet flowlab_replay output ip daddr @peers4 tcp flags & rst == rst drop
add rule inet flowlab_replay output ip daddr @peers4 icmp type { echo-reply, destination-unreachable } drop
add rule inet flowlab_replay output ip6 daddr @peers6 tcp flags & rst == rst drop
add rule inet flowlab_replay output ip6 daddr @peers6 icmpv6 type { echo-reply, destination-unreachable } drop
add element inet flowlab_replay peers$family { $to timeout $((lasts + 30))s }
RULES
  [ "$chosen" = 0 ] || delay=$(awk '{ printf "%d", ($2 - $1) * 1e6 }' <<<"$(first "$all") $(first "$own")")
fi
echo prepared
for ((i = 0; i < 10000; i++)); do [ -z "$go" ] || break; read -rt 0.002 -u 9 || :; done
if [ "$chosen" = "$large" ]; then
  echo "Actual: 0 packets (0 bytes) sent in 0.00 seconds" | tee "$work.txt"
  exit
fi
if [ -n "$all" ]; then
  now=${'${EPOCHREALTIME/[.,]/}'}
  wait=$((1000000 - now % 1000000 + delay))
  read -rt "$((wait / 1000000)).$(printf %06d $((wait % 1000000)))" -u 9 || :
fi
tcpreplay -i "$dev" --preload-pcap "$@" "$work.pcap" | tee "$work.txt"
`

const header = { 4: 'ip ', 6: 'ip6' } as const

/** What is of these prefixes on that end, or of none of the other sides; a filter of libpcap. */
function on(end: 'src' | 'dst', prefixes: readonly string[], sides: readonly Side[] = []): string {
  const nets = (all: readonly string[]): string => all.map((prefix) => `${end} net ${prefix}`).join(' or ')
  return prefixes.length > 0 ? `(${nets(prefixes)})` : `not (${nets(sides.flatMap((side) => side.prefixes))})`
}

const between = (
  { family, sides }: ReplayTraffic,
  source: readonly string[],
  destination: readonly string[],
): string => `${header[family]} and ${on('src', source, sides)} and ${on('dst', destination, sides)}`

/** Whatever goes from one side to another. */
function among(intent: ReplayTraffic): string {
  const { sides = [] } = intent
  const ways = sides.flatMap((from) =>
    sides.filter((to) => to !== from).map((to) => `(${between(intent, from.prefixes, to.prefixes)})`),
  )
  return ways.length === 0 ? '' : `${header[intent.family]} and (${ways.join(' or ')})`
}

export const send: TrafficPart['send'] = ({ intent, index, source, destination }): ProcessPlan => {
  const replayed = intent as ReplayTraffic
  const { family } = replayed
  const lasts = Math.ceil(replayed.for / 1000)
  return {
    name: `tcpreplay-${index}`,
    argv: [
      ...['bash', '-c', script, 'replay', recording(index), place(index)],
      ...[source, destination, String(family)],
      ...[between(replayed, replayed.source, replayed.destination), among(replayed), String(lasts)],
      ...(replayed.rate === undefined ? [] : [`--mbps=${replayed.rate / 1e6}`]),
      `--duration=${lasts}`,
    ],
    oneshot: true,
    begins: { says: 'prepared', signal: 'SIGUSR2' },
  }
}

export const binds = ({ intent, index }: Pick<TrafficPlan, 'intent' | 'index'>) => [
  { source: (intent as ReplayTraffic).file, target: recording(index), readonly: true },
]
