// A host's flows → a script of mgen's, and the process that plays it; socat takes what arrives, since mgen 5.02b binds to no address
// of IPv6 to receive, and leaves a TCP connection unread now and then.

import type { Carriage, MatrixPart, ScriptedFlow, Sending } from '../../../part.ts'
import type { ProcessPlan } from '../../../plan/plan.ts'

const script = (matrix: number): string => `/run/flowlab/matrix-${matrix}.mgn`
export const log = (matrix: number): string => `/tmp/matrix-${matrix}.log`

/**
 * Of bash. mgen ends with its last flow, but for a connection that took time to open, which it sends over and does not close: when the
 * span is over, all is sent and acknowledged and nothing has changed for a second, it is told to end; and when nothing has changed
 * for 15 seconds, since then it will not.
 */
const play = String.raw`
input=$1 log=$2 packets=$3 lasts=$4 port=$5
rm -f "$log"
# Its own TTL is 3.
mgen ttl 64 input "$input" log "$log" txlog flush &
mgen=$!
exec 9<> <(:)
sent() { grep -c ' SEND ' "$log" || :; }
underway() { ss -Htn "dport = :$port" | awk '{ sum += $3 } END { print sum + 0 }'; }
{
  read -rt "$lasts" -u 9 || :
  for ((still = 0; still < 60; still++)); do
    read -rt 0.25 -u 9 || :
    now="$(stat -c %s "$log") $(underway)"
    [ "$now" = "$last" ] || still=0
    last=$now
    if ((still > 3)) && [ "$(sent) $(underway)" = "$packets 0" ]; then break; fi
  done
  kill "$mgen"
} 2>/dev/null &
watch=$!
code=0; wait "$mgen" || code=$?
kill "$watch" 2>/dev/null || :
[ "$(sent)" = "$packets" ] || echo "WARN: $(sent) of $packets packets and writes were sent"
# It ends by SIGTERM with 15.
[ "$code" = 15 ] || exit "$code"
`

/** mgen's rate is of packets or writes a second. */
function line(
  { at, protocol, sourcePort, destination, packets, size }: ScriptedFlow,
  id: number,
  { port, pace, tos }: Sending,
) {
  const rate = pace / (8 * size)
  return [
    `${(at / 1000).toFixed(6)} ON ${id} ${protocol.toUpperCase()} SRC ${sourcePort} DST ${destination}/${port}`,
    `PERIODIC [${rate.toFixed(3)} ${size}] COUNT ${packets}`,
    ...(tos === undefined ? [] : [`TOS ${tos}`]),
  ].join(' ')
}

export const send: MatrixPart['send'] = (sending) => {
  const { matrix, port, lasts, flows } = sending
  const packets = flows.reduce((sum, flow) => sum + flow.packets, 0)
  return {
    files: { [script(matrix)]: `${flows.map((flow, index) => line(flow, index + 1, sending)).join('\n')}\n` },
    process: {
      name: `mgen-${matrix}`,
      argv: [
        ...['bash', '-c', play, 'mgen', script(matrix), log(matrix)],
        ...[packets, lasts / 1000, port].map(String),
      ],
      oneshot: true,
    },
  }
}

/** A process a way. What arrives over UDP is thrown away as it comes; of TCP a child reads each connection to its end. */
export const receive: MatrixPart['receive'] = (port, ways) =>
  ways.map(({ family, protocol }: Carriage): ProcessPlan => {
    const options = family === 6 ? ',ipv6only=1' : ''
    const socket =
      protocol === 'udp'
        ? `UDP${family}-RECV:${port},rcvbuf=4194304${options}`
        : `TCP${family}-LISTEN:${port},fork,reuseaddr,backlog=1024${options}`
    return { name: `sink-${protocol}${family}-${port}`, argv: ['socat', '-u', socket, 'OPEN:/dev/null'] }
  })
