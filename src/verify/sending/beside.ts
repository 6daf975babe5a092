// Where the wire is beside a sender: the observation point that all it sends must cross, and nothing else may have taken from it
// before but the link between them.

import type { Plan } from '../../plan/plan.ts'
import type { Impairment } from '../../topology/topology.ts'

export interface Beside {
  readonly point: string
  readonly direction: 'in' | 'out'
  /** What the link between does on purpose; absent where nothing lies between, or it is to pass everything. */
  readonly impairment?: Impairment
}

/** undefined where the host has several ways out, or nobody looks there. */
export function besideOf(
  { nodes, links, points }: Pick<Plan, 'nodes' | 'links' | 'points'>,
  host: string,
): Beside | undefined {
  const own = links.flatMap(({ ends: [a, b] }) => [
    ...(a.node === host ? [[a, b] as const] : []),
    ...(b.node === host ? [[b, a] as const] : []),
  ])
  const [way, another] = own
  if (!way || another) return undefined
  const pointAt = ({ node, interface: name }: (typeof way)[number]) =>
    points.find((point) => point.node === node && point.interface === name)?.name
  const here = pointAt(way[0])
  if (here !== undefined) return { point: here, direction: 'out' }
  const wire = nodes.find(({ name, kind }) => kind === 'wire' && name === way[1].node)
  const far = wire
    ? links
        .flatMap(({ ends: [a, b] }) => (a.node === wire.name ? [b] : b.node === wire.name ? [a] : []))
        .find(({ node }) => node !== host)
    : way[1]
  const there = far && pointAt(far)
  if (there === undefined) return undefined
  const impairment = wire?.impairment
  return {
    ...{ point: there, direction: 'in' },
    ...(impairment && Object.keys(impairment).length > 0 ? { impairment } : {}),
  }
}
