// Reports against a wire made by hand: what is said where all of it crossed, where it did not, and where the lab has a reason.
import { expect, test } from 'vitest'
import type { TimelineEntry, Wire, WireFlow } from '../../evidence.ts'
import { nothing } from '../../kernel/units.ts'
import type { NodePlan, Plan } from '../../plan/plan.ts'
import type { Impairment } from '../../topology/topology.ts'
import { besideOf } from './beside.ts'
import { judgeSending } from './judge.ts'

const flowKey = { source: '192.0.2.1', destination: '198.51.100.1', protocol: 17 }
const ports = { sourcePort: 40_000, destinationPort: 10_001 }

/** h1 – r1, over a wire where there is an impairment; a point at r1. */
function planOf(impairment?: Impairment): Plan {
  const node = (name: string, kind: NodePlan['kind'], more: object = {}) => ({ name, kind, ...more })
  const end = (name: string, at: string) => ({ node: name, interface: at })
  const plan = {
    nodes: [
      ...[node('h1', 'host'), node('r1', 'frr')],
      ...(impairment ? [node('wire.0', 'wire', { impairment })] : []),
    ],
    links: impairment
      ? [{ ends: [end('h1', 'eth0'), end('wire.0', 'a')] }, { ends: [end('wire.0', 'b'), end('r1', 'eth0')] }]
      : [{ ends: [end('r1', 'eth0'), end('h1', 'eth0')] }],
    points: [{ name: 'r1:eth0', node: 'r1', interface: 'eth0', mtu: 1500 }],
    probes: [{ name: 'edge', point: 'r1:eth0', export: { collector: 'main' } }],
    traffic: [
      {
        intent: { kind: 'ditg', protocol: 'udp' },
        ...{
          index: 0,
          sourceNode: 'h1',
          destinationNode: 'h2',
          title: 'ditg udp',
          protocols: [17],
          port: 10_001,
        },
        ...{ source: flowKey.source, destination: flowKey.destination },
      },
    ],
  }
  return plan as unknown as Plan
}

const wireOf = (flows: readonly WireFlow[], overflow = nothing): Wire[] => [
  {
    ...{ point: 'r1:eth0', opened: 0, closed: 1 },
    directions: {
      in: { total: nothing, flows, notIp: [], overflow, oversize: nothing },
      out: { total: nothing, flows: [], notIp: [], overflow: nothing, oversize: nothing },
    },
  },
]

const crossed = (packets: number, more: Partial<WireFlow> = {}): WireFlow => ({
  ...{ ...flowKey, ...ports, packets, bytes: packets * 100 },
  ...more,
})
const start: TimelineEntry = { at: 0, what: 'start', target: 'traffic' }
const sent = [{ index: 0, sent: { packets: 100, bytes: 7_200 } }]
const judge = (
  plan: Plan,
  flows: readonly WireFlow[],
  timeline: readonly TimelineEntry[] = [start],
  overflow = nothing,
) => judgeSending({ plan, wire: wireOf(flows, overflow), sent, timeline })

test('all of it crossed: nothing is said', () => {
  const { traffic, findings } = judge(planOf(), [crossed(100)])
  expect(findings).toEqual([])
  expect(traffic).toMatchObject([{ beside: { point: 'r1:eth0', claimed: 100, missing: 0 } }])
})

test('less crossed, and nothing is meant to take it: traffic-lost', () => {
  const { findings } = judge(planOf(), [crossed(97)])
  expect(findings).toMatchObject([
    { id: 'traffic-lost@h1', stage: 'sending', point: 'r1:eth0', probe: 'edge', packets: 3, flows: 1 },
  ])
})

test('more crossed: generator-miscounts', () => {
  expect(judge(planOf(), [crossed(104)]).findings).toMatchObject([
    { id: 'generator-miscounts@h1', packets: -4 },
  ])
})

test.each<[string, Plan, readonly TimelineEntry[], string]>([
  ['a link with loss', planOf({ loss: { every: 20 } }), [start], 'the link to it loses 1/20'],
  [
    'an event',
    planOf(),
    [start, { at: 1, what: 'down', target: 'link r1:x', event: 'cut', phase: 'begin' }],
    'of what happened on purpose',
  ],
])('%s is a reason, and no finding', (_, plan, timeline, because) => {
  const { traffic, findings } = judge(plan, [crossed(95)], timeline)
  expect(findings).toEqual([])
  expect(traffic).toMatchObject([{ beside: { missing: 5, because } }])
})

test('nothing is judged where the wire or the report is not of the same: traffic sent twice, a count without room', () => {
  for (const { traffic, findings } of [
    judge(planOf(), [crossed(200)], [start, start]),
    judge(planOf(), [crossed(50)], [start], { packets: 50, bytes: 5_000 }),
  ]) {
    expect(findings).toEqual([])
    expect(traffic[0]?.beside).toBeUndefined()
  }
})

test('a packet in fragments is one, and other flows are none of its', () => {
  const fragments = crossed(100, { fragments: true, sourcePort: 0, destinationPort: 0 })
  const other = crossed(7, { destinationPort: 10_002 })
  expect(judge(planOf(), [crossed(100), fragments, other]).findings).toEqual([])
})

test('beside a host is a point at either end of its only link, its own before the other', () => {
  const plan = planOf()
  const own = { name: 'h1:eth0', node: 'h1', interface: 'eth0', mtu: 1500 }
  expect(besideOf(plan, 'h1')).toEqual({ point: 'r1:eth0', direction: 'in' })
  expect(besideOf({ ...plan, points: [...plan.points, own] }, 'h1')).toEqual({
    point: 'h1:eth0',
    direction: 'out',
  })
  const second = {
    ends: [
      { node: 'h1', interface: 'eth1' },
      { node: 'r1', interface: 'eth1' },
    ] as const,
  }
  expect(besideOf({ ...plan, links: [...plan.links, second] }, 'h1')).toBeUndefined()
})
