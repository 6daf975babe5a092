// Traffic: between two hosts that links connect, and in packets that no link on the way has to fragment.
import type { Path } from '../problem.ts'
import type { Distribution } from '../topology.ts'
import { type Family, formatPrefix } from '../../kernel/address.ts'
import type { Bytes } from '../../kernel/units.ts'
import { chosen, type FamilyName, nameOf } from '../families.ts'
import { inventory } from '../suggest.ts'
import { widestWays } from './reach.ts'
import type { Edge } from './reach.ts'
import { checkMatrix, type MatrixDraft, type TrafficDraft } from './matrix.ts'
import { exists, isOfLab, isRouter } from './scene.ts'
import type { Scene } from './scene.ts'

type FlowDraft = Exclude<TrafficDraft, MatrixDraft>

const isMatrix = (entry: TrafficDraft): entry is MatrixDraft => entry.kind === 'matrix'

/** The header of IPv4 without options or of IPv6 without extensions, and UDP's or ICMP's, in bytes: 20 or 40, and 8. */
const headersOf: Readonly<Record<Family, number>> = { 4: 28, 6: 48 }

export function checkTraffic(scene: Scene): void {
  const { draft, report, nodes } = scene
  const ways = { 4: waysOf(scene, 4), 6: waysOf(scene, 6) }
  const hosts = [...nodes].flatMap(([name, kind]) => (kind === 'host' ? [name] : []))

  const addressed = new Set(
    scene.links.flatMap(({ ends, families }) => (families.length > 0 ? ends.map((end) => end?.node) : [])),
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
    if (isMatrix(flow)) {
      checkMatrix(scene, flow, path, ways)
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
    if (from === to) {
      report([...path, 'to'], `expected another host than the sender, found ${to}`, 'Send to another host.')
      continue
    }
    const family = familyOf(scene, flow.family, [from, to], path)
    if (family === undefined) continue
    checkRecorded(scene, flow, family, path)
    const mtu = ways[family](from, to)
    if (mtu === 0)
      report(
        path,
        `expected links ${scene.families.length > 1 ? `with ${nameOf(family)} ` : ''}that lead from ${from} to ${to}, found none`,
        'Add the missing link.',
      )
    else checkSize(scene, flow, family, mtu, path)
  }
}

/** Packets of one family are not rewritten to the other. */
function checkRecorded({ report }: Scene, flow: FlowDraft, family: Family, path: Path): void {
  for (const field of ['source', 'destination'] as const) {
    const found = flow.kind === 'replay' ? flow[field] : undefined
    if (found && found.address.family !== family)
      report(
        [...path, field],
        `expected a prefix of ${nameOf(family)}, which the hosts have, found ${formatPrefix(found)}`,
        `Write one of ${nameOf(family)}, or another family: packets keep theirs.`,
      )
  }
}

/** The family of a flow's addresses; undefined, and reported, where its hosts do not have them. */
function familyOf(
  scene: Scene,
  word: FamilyName | undefined,
  hosts: readonly string[],
  path: Path,
): Family | undefined {
  // A host without a link is check/links.ts's.
  const linked = hosts.filter((host) => scene.familiesAt(host).size > 0)
  const family = chosen(word, linked.map(scene.familiesAt))
  if (word !== undefined && family !== undefined && !isOfLab(scene, family, [...path, 'family']))
    return undefined
  const without = linked.find((host) => family === undefined || !scene.familiesAt(host).has(family))
  if (family !== undefined && without === undefined) return family
  scene.report(
    word === undefined ? path : [...path, 'family'],
    word === undefined
      ? `expected a family of which both hosts have addresses, found none of ${hosts.join(' and ')}`
      : `expected a family of which ${without} has an address, found ${word}`,
    'Leave out the none at their links.',
  )
  return undefined
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
