// What of a generator's report can be held against the wire: packets that it says it sent, each of which must have crossed as one packet
// with a known flow key. Of TCP no generator knows the packets, the kernel makes them.

import type { MatrixReport, SentReport } from '../../evidence.ts'
import { familyOf } from '../../kernel/address.ts'
import { add, nothing, type Volume } from '../../kernel/units.ts'
import type { Plan, TrafficPlan } from '../../plan/plan.ts'
import type { Key } from './keys.ts'

export interface Claim {
  readonly key: Key
  readonly packets: number
  /** Others may have the same key: the wire may have more. */
  readonly atLeast: boolean
}

/** One report, with what it claims. */
export interface Claims {
  /** As it is shown. */
  readonly flow: string
  /** The host that sent. */
  readonly node: string
  readonly sent: Volume
  readonly received?: Volume
  /** Of a matrix: how many flows. */
  readonly flows?: number
  /** By which it is found on the wire, those of TCP too. */
  readonly keys: readonly Key[]
  readonly claims: readonly Claim[]
}

/** undefined where the plan has no such traffic. */
export function claimsOf(plan: Plan, report: SentReport): Claims | undefined {
  if ('matrix' in report) return ofMatrix(plan, report)
  const { index, sent, received } = report
  const flow = plan.traffic.find((each) => each.index === index)
  if (!flow) return undefined
  const { source, destination, sourceNode: node, destinationNode, title, protocols, port } = flow
  return {
    flow: `${node} → ${destinationNode} ${title}`,
    ...{ node, sent },
    ...(received && { received }),
    keys: [{ source, destination, protocols, ...(port === undefined ? {} : { destinationPort: port }) }],
    claims: ofFlow(flow, sent.packets),
  }
}

const udp = 17
/** ICMP's and ICMPv6's echo request, of code 0, as a flow key has them. */
const echoRequest = {
  4: { protocols: [1], destinationPort: 8 << 8 },
  6: { protocols: [58], destinationPort: 128 << 8 },
} as const

function ofFlow({ intent, source, destination, port }: TrafficPlan, packets: number): Claim[] {
  const key = { source, destination }
  switch (intent.kind) {
    case 'ping':
      return [{ key: { ...key, ...echoRequest[intent.family] }, packets, atLeast: false }]
    case 'replay':
      // Of any protocol, and the host may send others there.
      return [{ key, packets, atLeast: true }]
    default: {
      if (intent.protocol !== 'udp' || port === undefined) return []
      // iperf3 opens each stream with a datagram that it does not count.
      const besides = intent.kind === 'iperf3' ? intent.parallel : 0
      const own = { ...key, protocols: [udp], destinationPort: port }
      return [{ key: own, packets: packets + besides, atLeast: false }]
    }
  }
}

function ofMatrix({ matrices = [] }: Plan, { matrix, node, flows }: MatrixReport): Claims | undefined {
  const sender = matrices[matrix]?.senders.find((each) => each.node === node)
  if (!sender) return undefined
  const each = flows.map(({ protocol, sent, destination, ...ports }) => {
    const source = sender.addresses.find((address) => familyOf(address) === familyOf(destination)) ?? ''
    return { sent, key: { source, destination, protocols: [protocol], ...ports } }
  })
  return {
    flow: `${node} → matrix`,
    node,
    sent: flows.map(({ sent }) => sent).reduce(add, nothing),
    flows: flows.length,
    keys: each.map(({ key }) => key),
    claims: each
      .filter(({ key }) => key.protocols.includes(udp))
      .map(({ key, sent }) => ({ key, packets: sent.packets, atLeast: false })),
  }
}
