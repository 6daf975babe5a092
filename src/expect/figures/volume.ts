// Figures of packets and bytes: how much each witness counted, and how far they are apart.

import type { Volume } from '../../kernel/units.ts'
import type { Verdict } from '../../verify/verdict.ts'
import {
  type Account,
  accountsIn,
  isIn,
  samplingNoise,
  totalsIn,
  type Witness,
  witnesses,
} from '../accounts.ts'
import type { Scope } from '../expectation.ts'
import type { Figure, Reading } from '../figure.ts'

type Column = 'packets' | 'bytes'

const digits = new Intl.NumberFormat('en-US')
const outOf = (part: number, whole: number): string => `${digits.format(part)} of ${digits.format(whole)}`

const places = ['probe', 'collector', 'node', 'AS'] as const
const columns: readonly Column[] = ['packets', 'bytes']

/** Where nothing crossed, nothing is missing, and anything is too much. */
const shareOf = (part: number, whole: number): number => (whole === 0 ? (part === 0 ? 0 : 1) : part / whole)

const difference = (column: Column): Figure => ({
  name: column,
  units: ['share'],
  takes: ['of', 'from', 'to', 'at', 'over'],
  places,
  says: `The collector’s ${column} beside the wire’s: \`within 2 %\` is how far they may be apart, either way. Sampled ${column} are multiplied by the rate unless the collector did. \`over EVENT\`: without what other events cost.`,
  example: `${column} within 0 %`,
  better: 'less',
  read: (verdict, scope) =>
    accountsIn(verdict, scope).map(({ where, wire, collected }) => {
      const missing = wire[column] - collected[column]
      return {
        where,
        value: shareOf(Math.abs(missing), wire[column]),
        detail: `${outOf(Math.abs(missing), wire[column])} ${missing < 0 ? 'too much' : 'missing'}`,
        ...chanceOf(verdict, where, wire, column, Math.abs(missing)),
      }
    }),
})

/** By what two runs may differ: what sampling does by itself, else how many of how many. */
function chanceOf(
  verdict: Verdict,
  where: string,
  wire: Volume,
  column: Column,
  missing: number,
): Pick<Reading, 'noise' | 'trials'> {
  const noise = samplingNoise(verdict, where, wire, column)
  return noise === undefined ? { trials: trials(verdict, where, missing, wire[column]) } : { noise }
}

/** What exports lose on their way they lose by datagrams: then these are what chance falls on. */
function trials(
  { transport }: Verdict,
  where: string,
  hits: number,
  of: number,
): NonNullable<Reading['trials']> {
  const way = transport.find(({ probe, collector }) => where.startsWith(`${probe} → ${collector}/`))
  const isLost = way && way.left.packets !== way.arrived.packets
  return { hits: Math.min(hits, of), of, bunch: isLost ? Math.max(1, of / way.left.packets) : 1 }
}

const counts: Readonly<Record<Witness, string>> = {
  wire: 'that crossed the wire and that the probe is meant to meter.',
  exported: 'that flow records spoke of when they left.',
  arrived: 'that flow records spoke of that arrived.',
  collected: 'in the collector’s table.',
}

const counted = (witness: Witness, column: Column): Figure => ({
  name: `${witness} ${column}`,
  units: ['count'],
  takes: ['of', 'from', 'to', 'at'],
  places,
  says: `${{ packets: 'Packets', bytes: 'Bytes' }[column]} ${counts[witness]}`,
  example: `${witness} ${column} at least 1000`,
  read: (verdict, scope) =>
    totalsIn(verdict, scope).map((account) => ({ where: account.where, value: account[witness][column] })),
})

/** The witnesses at both ends of what a stage may lose. */
const ends = (stage: Scope['in']): readonly [Witness, Witness] => {
  if (stage === 'metering' || stage === 'exporting') return ['wire', 'exported']
  if (stage === 'transport') return ['exported', 'arrived']
  return stage === 'collecting' ? ['arrived', 'collected'] : ['wire', 'collected']
}

function lost(account: Account, stage: Scope['in']): Reading {
  const [from, to] = ends(stage)
  const [before, after] = [account[from].packets, account[to].packets]
  return {
    where: account.where,
    value: shareOf(before - after, before),
    detail: `${outOf(before - after, before)} packets`,
  }
}

const loss: Figure = {
  name: 'loss',
  units: ['share'],
  takes: ['in', 'of', 'from', 'to', 'at', 'over'],
  places,
  says: 'Packets that are lost from the wire to the collector or, with `in`, in one stage, as a share of those that came to it. What is too much is a loss below nothing.',
  example: 'loss in transport between 5 % and 15 %',
  read: (verdict, scope) =>
    scope.in === 'sending'
      ? lostInSending(verdict)
      : accountsIn(verdict, scope).map((account) => lost(account, scope.in)),
}

/** Between the generators and the wire beside them. */
const lostInSending = ({ traffic }: Verdict): Reading[] =>
  traffic.flatMap(({ flow, beside }) =>
    beside
      ? [
          {
            where: flow,
            value: shareOf(beside.missing, beside.claimed),
            detail: `${outOf(beside.missing, beside.claimed)} packets`,
          },
        ]
      : [],
  )

const datagramLoss: Figure = {
  name: 'datagram loss',
  units: ['share', 'count'],
  takes: ['of'],
  places: ['probe', 'collector'],
  says: 'Export datagrams that left the exporter and did not arrive at the collector.',
  example: 'datagram loss of edge below 20 %',
  better: 'less',
  read: ({ transport }, scope, unit) =>
    transport
      .filter((way) => isIn(way, scope))
      .map(({ probe, collector, left, arrived }) => {
        const missing = left.packets - arrived.packets
        return {
          where: `${probe} → ${collector}`,
          value: unit === 'count' ? missing : shareOf(missing, left.packets),
          detail: `${outOf(missing, left.packets)} datagrams`,
          trials: { hits: Math.max(0, missing), of: left.packets },
        }
      }),
}

const socketDrops: Figure = {
  name: 'socket drops',
  units: ['count'],
  takes: ['of'],
  places: ['probe', 'collector'],
  says: 'Datagrams that the kernel dropped at the collector’s socket.',
  example: 'socket drops is 0',
  better: 'less',
  read: ({ transport }: Verdict, scope) =>
    transport
      .filter((way) => isIn(way, scope))
      .map(({ probe, collector, socketDrops: value }) => ({ where: `${probe} → ${collector}`, value })),
}

const trafficLoss: Figure = {
  name: 'traffic loss',
  units: ['share', 'count'],
  takes: [],
  says: 'Packets that a traffic generator sent and its receiver did not get, by their own word.',
  example: 'traffic loss below 1 %',
  read: ({ traffic }, _scope, unit) =>
    traffic.flatMap(({ flow, sent, received }) => {
      if (!received) return []
      const missing = sent.packets - received.packets
      const value = unit === 'count' ? missing : shareOf(missing, sent.packets)
      return [{ where: flow, value, detail: outOf(missing, sent.packets) }]
    }),
}

export const volumeFigures: readonly Figure[] = [
  ...columns.map(difference),
  loss,
  datagramLoss,
  socketDrops,
  trafficLoss,
  ...witnesses.flatMap((witness) => columns.map((column) => counted(witness, column))),
]
