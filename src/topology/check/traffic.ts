// Traffic: between two hosts that links connect, and in packets that no link on the way has to fragment.
import type { Path } from '../problem.ts'
import type { Distribution } from '../topology.ts'
import type { Bytes } from '../../kernel/units.ts'
import { inventory } from '../suggest.ts'
import { widestWays } from './reach.ts'
import type { Edge } from './reach.ts'
import { exists, isRouter } from './scene.ts'
import type { Scene } from './scene.ts'

type TrafficDraft = NonNullable<NonNullable<Scene['draft']['traffic']>[number]>

/** IPv4's header without options and UDP's or ICMP's, in bytes: 20 + 8. */
const headers = 28

export function checkTraffic(scene: Scene): void {
  const { draft, report, nodes } = scene
  const mtuBetween = waysOf(scene)
  const hosts = [...nodes].flatMap(([name, kind]) => (kind === 'host' ? [name] : []))

  const addressed = new Set(
    scene.links.flatMap(({ ends, numbered }) => (numbered ? ends.map((end) => end?.node) : [])),
  )

  const isHost = (name: string | undefined, path: Path): name is string => {
    if (!exists(report, 'node', name, nodes, path)) return false
    const kind = nodes.get(name)
    if (kind !== undefined && kind !== 'host') {
      const what = isRouter(kind) ? 'router' : kind
      report(path, `expected a host, found ${name}, a ${what}`, inventory('host', hosts))
    }
    if (kind !== 'host' || !scene.wired || addressed.has(name)) return kind === 'host'
    report(
      path,
      `expected a host with a link that has addresses, found ${name}, which has none`,
      'Give the addresses in the link, such as ipv4: [192.0.2.1/24, 192.0.2.2/24]: traffic goes to and from those.',
    )
    return false
  }

  for (const [index, flow] of (draft.traffic ?? []).entries()) {
    if (!flow) continue
    const path = ['traffic', index]
    const { from, to } = flow
    if (flow.kind === 'ditg' && 'udp' in flow === 'tcp' in flow)
      report(
        path,
        `expected either udp or tcp, found ${'udp' in flow ? 'both' : 'neither'}`,
        'udp' in flow ? 'Make two entries of it.' : 'Write such as udp: { rate: 400pps, size: 512 }.',
      )
    const hostsKnown = [isHost(from, [...path, 'from']), isHost(to, [...path, 'to'])].every(Boolean)
    if (!hostsKnown || from === undefined || to === undefined || !scene.wired) continue
    if (from === to) {
      report([...path, 'to'], `expected another host than the sender, found ${to}`, 'Send to another host.')
      continue
    }
    const mtu = mtuBetween(from, to)
    if (mtu === 0)
      report(path, `expected links that lead from ${from} to ${to}, found none`, 'Add the missing link.')
    else checkSize(scene, flow, mtu, path)
  }
}

function waysOf({ links }: Scene) {
  const edges = links.flatMap(({ link, ends: [a, b] }): Edge[] =>
    a && b ? [{ ends: [a.node, b.node], mtu: link.mtu ?? Infinity }] : [],
  )
  return widestWays(edges)
}

function checkSize({ report }: Scene, flow: TrafficDraft, mtu: number, path: Path): void {
  const [field, largest] =
    flow.kind === 'ping'
      ? [['size'], flow.size]
      : [['udp', 'size'], 'udp' in flow ? largestOf(flow.udp?.size) : undefined]
  if (largest !== undefined && largest + headers > mtu)
    report(
      [...path, ...field],
      `expected at most ${mtu - headers} bytes for an MTU of ${mtu}, found ${largest}: with its headers a packet is ${largest + headers} bytes`,
      'Make it smaller or the MTU larger: fragments cannot be told apart by their ports.',
    )
}

const largestOf = (size: Distribution<Bytes> | undefined): number | undefined => {
  if (!size) return undefined
  if ('uniform' in size) return size.uniform[1]
  return 'constant' in size ? size.constant : undefined
}
