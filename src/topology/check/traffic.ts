// Traffic: between two hosts that links connect, and in packets that no link on the way has to fragment.
import type { Path } from '../problem.ts'
import type { Distribution } from '../topology.ts'
import type { Family } from '../../kernel/address.ts'
import type { Bytes } from '../../kernel/units.ts'
import { widestWays } from './reach.ts'
import type { Edge } from './reach.ts'
import { checkMatrix, type MatrixDraft, type TrafficDraft } from './matrix.ts'
import { checkReplay, type ReplayDraft } from './replay.ts'
import { checkWay, hostCheck } from './way.ts'
import type { Scene } from './scene.ts'

type FlowDraft = Exclude<TrafficDraft, MatrixDraft | ReplayDraft>

const isMatrix = (entry: TrafficDraft): entry is MatrixDraft => entry.kind === 'matrix'
const isReplay = (entry: TrafficDraft): entry is ReplayDraft => entry.kind === 'replay'

/** The header of IPv4 without options or of IPv6 without extensions, and UDP's or ICMP's, in bytes: 20 or 40, and 8. */
const headersOf: Readonly<Record<Family, number>> = { 4: 28, 6: 48 }

export function checkTraffic(scene: Scene): void {
  const { draft, report } = scene
  const ways = { 4: waysOf(scene, 4), 6: waysOf(scene, 6) }
  const isHost = hostCheck(scene)

  for (const [index, flow] of (draft.traffic ?? []).entries()) {
    if (!flow) continue
    const path = ['traffic', index]
    if (isMatrix(flow)) {
      checkMatrix(scene, flow, path, ways)
      continue
    }
    if (isReplay(flow)) {
      checkReplay(scene, flow, path, { ways, isHost })
      continue
    }
    const { from, to } = flow
    const sendings = ['udp', 'tcp', 'application'].filter((key) => key in flow)
    if (flow.kind === 'ditg' && sendings.length !== 1)
      report(
        path,
        `expected one of udp, tcp and application, found ${sendings.join(' and ') || 'none'}`,
        sendings.length > 0 ? 'Make an entry of each.' : 'Write such as udp: { rate: 400pps, size: 512 }.',
      )
    const hostsKnown = [isHost(from, [...path, 'from']), isHost(to, [...path, 'to'])].every(Boolean)
    if (!hostsKnown || from === undefined || to === undefined || !scene.wired) continue
    const family = checkWay(scene, ways, { ...flow, from, to }, path)
    if (family !== undefined) checkSize(scene, flow, family, ways[family](from, to), path)
  }
}

function waysOf({ links }: Scene, family: Family) {
  const edges = links.flatMap(({ link, families, ends: [a, b] }): Edge[] =>
    // What the nodes have on a link without addresses of ours is not known.
    a && b && (families.length === 0 || families.includes(family))
      ? [{ ends: [a.node, b.node], mtu: link.mtu ?? Infinity }]
      : [],
  )
  return widestWays(edges)
}

function checkSize({ report }: Scene, flow: FlowDraft, family: Family, mtu: number, path: Path): void {
  const headers = headersOf[family]
  const [field, largest] = largestIn(flow)
  if (largest !== undefined && largest + headers > mtu)
    report(
      [...path, ...field],
      `expected at most ${mtu - headers} bytes for an MTU of ${mtu}, found ${largest}: with its headers a packet is ${largest + headers} bytes`,
      'Make it smaller or the MTU larger: fragments cannot be told apart by their ports.',
    )
}

/** The field that says it, and how large it can be; undefined where that is not known, or where TCP cuts it to fit. */
function largestIn(flow: FlowDraft): readonly [Path, number | undefined] {
  if (flow.kind === 'ditg') return [['udp', 'size'], largestOf(flow.udp?.size)]
  const isCut = flow.kind === 'iperf3' && flow.protocol !== 'udp'
  return [['size'], 'size' in flow && !isCut ? flow.size : undefined]
}

const largestOf = (size: Distribution<Bytes> | undefined): number | undefined => {
  if (!size) return undefined
  if ('uniform' in size) return size.uniform[1]
  return 'constant' in size ? size.constant : undefined
}
