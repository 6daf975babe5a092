// What witnesses keep in tables of rows goes into the store, to stand beside the flow records there: the wire's flows, and the
// rows that collectors and probes hold of each probe's traffic.

import type { Collected, CollectedTable, Direction, Row, Wire, WireFlow, WireSample } from '../evidence.ts'
import { type FlowKey, flowId } from '../kernel/flow.ts'
import type { Volume } from '../kernel/units.ts'
import { exporters, exportName } from '../plan/exporters.ts'
import type { CollectorPlan, Plan, ProbePlan } from '../plan/plan.ts'
import { addressValue, type Loader, putBits, putNothing, putWide, type Staged, type Store } from '../store.ts'
import { rowFlow } from './granularity.ts'

export const directions: readonly Direction[] = ['in', 'out']

/** A table of a probe or collector, by its name in the store. */
export const ledgerOf = (daemon: string, table: string): string => `${daemon}/${table}`

/** All names that the store's columns have in this plan's run. */
export const namesIn = ({ points, probes, collectors }: Plan): string[] => [
  ...points.map(({ name }) => name),
  ...exporters({ probes }).map(exportName),
  ...[...probes, ...collectors].flatMap(({ name, tables }) =>
    tables.map((table) => ledgerOf(name, table.name)),
  ),
]

export async function loadWire(store: Store, wires: readonly Wire[]): Promise<void> {
  for (const { point, directions: counted } of wires) {
    const rows = directions.flatMap((direction, index) =>
      counted[direction].flows.map((flow) => ({ flow, index })),
    )
    await store.load('wire', { point }, (loader) =>
      addRows(loader, rows, ({ flow, index }, row) => {
        const { columns } = loader
        putKey(columns, row, flow)
        columns.direction.values[row] = index
        putWide(columns.packets, row, flow.packets)
        putWide(columns.bytes, row, flow.bytes)
      }),
    )
  }
}

export interface Growth {
  readonly flow: WireFlow
  readonly direction: number
  /** Milliseconds since the epoch. */
  readonly from: number
  readonly to: number
}

/**
 * Takes readings of a point's counts in their order, and tells by how much each flow has grown since the one before. A count that
 * falls has begun anew from 0.
 */
export function growing(): (reading: Pick<WireSample, 'at' | 'till' | 'flows'>) => Growth[] {
  const known = new Map<string, WireFlow>()
  let before: number | undefined
  return ({ at, till, flows }) => {
    const from = before ?? at
    const to = Math.max(from, (at + till) / 2)
    before = to
    return directions.flatMap((direction, index) =>
      (flows?.[direction] ?? []).flatMap((flow) => {
        const id = `${index} ${flow.fragments ?? false} ${flowId(flow)}`
        const base = known.get(id)
        known.set(id, flow)
        const isMore = base !== undefined && base.packets <= flow.packets
        const packets = flow.packets - (isMore ? base.packets : 0)
        if (packets === 0) return []
        const bytes = flow.bytes - (isMore ? base.bytes : 0)
        return [{ flow: { ...flow, packets, bytes }, direction: index, from, to }]
      }),
    )
  }
}

export async function loadGrowths(store: Store, point: string, growths: readonly Growth[]): Promise<void> {
  await store.load('wireCurve', { point }, (loader) =>
    addRows(loader, growths, ({ flow, direction, from, to }, row) => {
      const { columns } = loader
      putKey(columns, row, flow)
      columns.direction.values[row] = direction
      putWide(columns.packets, row, flow.packets)
      putWide(columns.bytes, row, Math.max(0, flow.bytes))
      putWide(columns.flowStart, row, Math.round(from * 1000))
      putWide(columns.flowEnd, row, Math.round(to * 1000))
    }),
  )
}

/** The wire over time. The books' own counts are the last reading, so that the curve adds up to them. */
export async function loadCurve(
  store: Store,
  curve: readonly WireSample[],
  wires: readonly Wire[],
): Promise<void> {
  for (const { point, closed, directions: counted } of wires) {
    const readings = curve.filter((sample) => sample.point === point && sample.flows)
    if (readings.length === 0) continue
    const grown = growing()
    const last = { at: closed, till: closed, flows: { in: counted.in.flows, out: counted.out.flows } }
    await loadGrowths(store, point, [...readings, last].flatMap(grown))
  }
}

/** All tables of rows into the store, where the exports are already. */
export async function loadTables(
  store: Store,
  {
    plan,
    wire,
    curve,
    collected,
  }: {
    readonly plan: Plan
    readonly wire: readonly Wire[]
    readonly curve: readonly WireSample[]
    readonly collected: Collected
  },
): Promise<void> {
  await loadWire(store, wire)
  await loadCurve(store, curve, wire)
  for (const probe of exporters(plan)) {
    const collector = plan.collectors.find(({ name }) => name === probe.export.collector)
    if (collector)
      await loadCollected(store, collector, probe, tablesOf(collected.collectors, collector.name))
  }
  for (const probe of plan.probes)
    await loadCollected(store, probe, probe, tablesOf(collected.probes, probe.name))
}

/** The rows of the tables that `daemon` was asked for, as far as they speak of the probe's flows, in layer-3 bytes. */
export async function loadCollected(
  store: Store,
  daemon: ProbePlan | CollectorPlan,
  probe: ProbePlan,
  tables: readonly CollectedTable[],
): Promise<void> {
  for (const table of tables) {
    const names = { ledger: ledgerOf(daemon.name, table.name), probe: exportName(probe) }
    const framing = ('framing' in daemon && daemon.framing) || 0
    await store.load('collected', names, (loader) =>
      addRows(loader, ownRows(table, probe, daemon), (each, row) => {
        const { columns } = loader
        const flow = rowFlow(each)
        putKey(columns, row, flow)
        putBits(columns.packets, row, integer(flow.packets))
        putBits(columns.bytes, row, integer(flow.bytes - framing * flow.packets))
        for (const { name, json, most } of kept) putKept(columns[name], row, each[json], most)
      }),
    )
  }
}

export const tablesOf = (daemons: Collected['probes'], name: string): readonly CollectedTable[] =>
  daemons.find(({ daemon }) => daemon === name)?.tables ?? []

/** By which a table may tell exporters apart: the name in its rows, and what it says there of an exporter. */
const marks: readonly { readonly json: string; readonly of: (probe: ProbePlan) => string | number }[] = [
  { json: 'peer_ip_src', of: ({ export: way }) => way.source },
  { json: 'export_proto_sysid', of: ({ export: way }) => way.domain },
]

/** Rows that speak of this probe's flows: where several export to one collector, those that do not bear another's marks. */
export function ownRows(
  { rows }: CollectedTable,
  probe: ProbePlan,
  daemon: ProbePlan | CollectorPlan,
): readonly Row[] {
  const several = 'exporters' in daemon && daemon.exporters.length > 1
  return several
    ? rows.filter((row) =>
        marks.every(({ json, of }) => String(row[json] ?? of(probe)) === String(of(probe))),
      )
    : rows
}

/** Of the other exporters to the probe's collector, those that the table does not tell from it: its rows speak of them too. */
export function alike(table: CollectedTable | undefined, probe: ProbePlan, plan: Plan): ProbePlan[] {
  const told = marks.filter(({ json }) => table?.rows.some((row) => row[json] !== undefined))
  return exporters(plan).filter(
    (other) =>
      other.name !== probe.name &&
      other.export.collector === probe.export.collector &&
      told.every(({ of }) => of(other) === of(probe)),
  )
}

/** Attributes beside the key that tables may keep: their names in pmacct's JSON, and the largest value of each. */
const kept = [
  { name: 'ingress', json: 'iface_in', most: 0xffff_ffff },
  { name: 'egress', json: 'iface_out', most: 0xffff_ffff },
  { name: 'tos', json: 'tos', most: 0xff },
  { name: 'tcpFlags', json: 'tcp_flags', most: 0xffff },
] as const

/** What is no number that fits is none. */
function putKept(column: Staged, row: number, value: string | number | undefined, most: number): void {
  const number = value === undefined ? NaN : Number(value)
  if (column.missing) column.missing[row] = 0
  if (Number.isInteger(number) && number >= 0 && number <= most) column.values[row] = number
  else putNothing(column, row)
}

async function addRows<Value>(
  { room, add, settle }: Pick<Loader<'wire'>, 'room' | 'add' | 'settle'>,
  values: readonly Value[],
  put: (value: Value, row: number) => void,
): Promise<void> {
  for (let from = 0; from < values.length; from += room) {
    const some = values.slice(from, from + room)
    some.forEach(put)
    add(some.length)
    await settle()
  }
}

function putKey(columns: Pick<Loader<'wire'>['columns'], keyof FlowKey>, row: number, flow: FlowKey): void {
  for (const side of ['source', 'destination'] as const) {
    const value = addressValue(flow[side])
    const { missing } = columns[side]
    if (missing) missing[row] = 0
    if (value === undefined) putNothing(columns[side], row)
    else putBits(columns[side], row, value)
  }
  columns.protocol.values[row] = flow.protocol
  columns.sourcePort.values[row] = flow.sourcePort
  columns.destinationPort.values[row] = flow.destinationPort
}

/** A collector may say anything: no number of its own makes a sum overflow, and what is none counts as nothing. */
const bound = 2 ** 90
const integer = (value: number): bigint =>
  Number.isNaN(value) ? 0n : BigInt(Math.trunc(Math.min(Math.max(value, -bound), bound)))

/** Sums of the store as a volume; beyond 2^53 rounded, never wrapped. */
export const volumeOf = (packets: unknown, bytes: unknown): Volume => ({
  packets: Number(packets ?? 0),
  bytes: Number(bytes ?? 0),
})
