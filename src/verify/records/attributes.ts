// What flow records say beside key and counters, attribute by attribute: how each is read, when it contradicts the packets that were
// recorded at the observation point, and what a kind of probe is known to say otherwise. Conditions are on the columns of `said`
// (witness.ts). IEs as RFC 7012 and IANA's registry define them.

import type { InterfaceIndex } from '../../evidence.ts'
import type { ProbePlan } from '../../plan/plan.ts'
import { addressLiteral } from '../selection.ts'

export interface RecordAttribute {
  readonly id: 'tos' | 'tcpFlags' | 'times' | 'ingress' | 'egress'
  readonly name: string
  readonly against: string
  /** Of the records that are held against the witness. */
  readonly told: string
  readonly wrong: string
  /** A record that says something, rather than nothing by a 0 that its format must fill in. */
  readonly says: string
  /** pmacct's primitive that asks for it. */
  readonly primitive?: string
  /** What this probe is known to say otherwise: no finding. */
  readonly aside?: { readonly holds: string; readonly why: string } | undefined
  /** As evidence has it, for one record. */
  readonly text: string
}

/** Capture, cache and export each round; so much is no error of a clock, in microseconds. */
const rounding = 5_000
const tolerance = `clock + ${rounding}`

/** Of sFlow version 5: an interface of the agent's own. */
const internal = 0x3fff_ffff

/** Probes that keep both directions in one entry of their cache, and what becomes of the type of service there. */
const ofConnection: Readonly<Partial<Record<ProbePlan['kind'], RecordAttribute['aside']>>> = {
  pmacctd: {
    holds: `tos = 0 AND (pairFlows > 1 OR source NOT BETWEEN ${addressLiteral('0.0.0.0')} AND ${addressLiteral('255.255.255.255')})`,
    why: 'nfprobe 1.7.7 tells it of one direction of a connection only, and not of IPv6',
  },
  softflowd: {
    holds: '(list_contains(pairServices, tos) OR (tos = 0 AND pairFlows > 1))',
    why: 'softflowd 1.1.0 tells that of the connection’s first packet: of the other direction too, or 0 there (NetFlow v5 and v9)',
  },
}

export const recordAttributes = (
  probe: ProbePlan,
  interfaces: readonly InterfaceIndex[],
): readonly RecordAttribute[] => [
  {
    id: 'tos',
    name: 'type of service',
    against: 'recorded packets',
    told: 'tos IS NOT NULL',
    wrong: 'NOT list_contains(services, tos)',
    says: 'tos <> 0',
    primitive: 'tos',
    aside: ofConnection[probe.kind],
    text: `'type of service ' || tos || ', the packets had ' || array_to_string(list_sort(services), ', ')`,
  },
  {
    id: 'tcpFlags',
    name: 'TCP flags',
    against: 'recorded packets',
    told: 'protocol = 6 AND tcpFlags IS NOT NULL',
    // ECE and CWR (0xc0) were not among the flags of RFC 5102's tcpControlBits: they need not be told.
    wrong: '((tcpFlags & 255 & ~flags) <> 0 OR (complete AND (xor(allFlags, flags) & 63) <> 0))',
    says: 'tcpFlags <> 0',
    primitive: 'tcpflags',
    text: `'TCP flags ' || printf('0x%02x', tcpFlags::INTEGER) || ' (all records of the flow: ' || printf('0x%02x', allFlags::INTEGER) || '), the packets had ' || printf('0x%02x', flags::INTEGER)`,
  },
  {
    id: 'times',
    name: 'start and end times',
    against: 'recorded packets',
    told: 'begun IS NOT NULL AND ended IS NOT NULL',
    wrong: `(ended < begun OR begun < pairFirst - (${tolerance}) OR ended > pairLast + (${tolerance}) OR (complete AND (allBegun > first + ${tolerance} OR allEnded < last - (${tolerance}))))`,
    says: 'true',
    text: `'from ' || make_timestamp(begun) || ' to ' || make_timestamp(ended) || ', the packets crossed from ' || make_timestamp(first) || ' to ' || make_timestamp(last)`,
  },
  ...(['ingress', 'egress'] as const).flatMap((id): RecordAttribute[] => {
    const own = interfaces.filter(({ node }) => node === probe.node)
    // A switch speaks of its ports: the one at the link stands for the interface.
    const name = probe.switch?.uplink ?? probe.interface
    const here = own.find((each) => each.interface === name)?.index
    if (here === undefined) return []
    const others = own.map(({ index }) => index).filter((index) => index !== here)
    const value = `(CASE WHEN ${id} = ${internal} THEN 0 ELSE ${id} END)`
    return [
      {
        id,
        name: id === 'ingress' ? 'input interface' : 'output interface',
        against: 'the kernel’s numbers (ip link)',
        told: `${id} IS NOT NULL AND directions = 1`,
        wrong: `CASE WHEN direction = ${id === 'ingress' ? 0 : 1} THEN ${value} <> ${here} ELSE ${value} NOT IN (${[0, ...others].join(', ')}) END`,
        says: `${value} <> 0`,
        primitive: id === 'ingress' ? 'in_iface' : 'out_iface',
        text: `'input ' || ingress || ', output ' || egress || CASE WHEN direction = 0 THEN ', the packets came in' ELSE ', the packets went out' END || ' at ${name}, which is ${here}'`,
      },
    ]
  }),
]
