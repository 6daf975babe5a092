// Events in the verdict: what happened when, what each may have cost in every stage at the most, and what of a difference is
// booked to it. What is beyond that stays a difference, for the causes to explain.

import type { TimelineEntry, Transport, WireSample } from '../evidence.ts'
import { add, isNothing, nothing, subtract, type Volume } from '../kernel/units.ts'
import type { Plan, ProbePlan } from '../plan/plan.ts'
import type { Exports } from '../replay/exports.ts'
import type { Moments } from '../replay/moments.ts'
import type { View } from './attributes.ts'
import type { Case } from './case.ts'
import type { Account, Cell } from './cells.ts'
import type { Booked, EventReport, Stage } from './verdict.ts'

/** One event as it went. Times are milliseconds since the epoch. */
export interface Happened {
  readonly name: string
  /** Such as `kill`, and to whom, such as `probe edge`. */
  readonly action: string
  readonly target: string
  readonly begin: number
  /** When it was undone or over; absent where it never was. */
  readonly end?: number
  /** When routes had come to rest after it. */
  readonly settled?: number
  readonly expected: boolean
  /** When a daemon's BGP feed had caught up, after the begin or after the end. */
  readonly followed: readonly {
    readonly daemon: string
    readonly of: 'begin' | 'end'
    readonly after: number
  }[]
}

/** In the order of their beginnings. Events that the user asked for while the lab ran stand in no plan, and are expected. */
export function happenedIn(plan: Plan, timeline: readonly TimelineEntry[]): Happened[] {
  return timeline.flatMap((first): Happened[] => {
    const { event: name, phase } = first
    if (name === undefined || phase !== 'begin') return []
    const own = timeline.filter((entry) => entry.event === name && entry.at >= first.at)
    const end = own.find((entry) => entry.phase === 'end')?.at
    const settled = own.findLast((entry) => entry.phase === 'settled')?.at
    return [
      {
        name,
        action: first.what,
        target: first.target,
        begin: first.at,
        ...(end === undefined ? {} : { end }),
        ...(settled === undefined ? {} : { settled }),
        expected: plan.events.find((event) => event.name === name)?.expected ?? true,
        followed: own
          .filter((entry) => entry.phase === 'followed')
          .map(({ at, target }) => {
            const of = end !== undefined && at >= end ? 'end' : 'begin'
            return { daemon: target, of, after: at - (of === 'end' ? (end ?? at) : first.at) }
          }),
      },
    ]
  })
}

/** What is missing between two witnesses, what is too much, and in how many flows. */
interface Gap {
  readonly missing: Volume
  readonly surplus: Volume
  readonly flows: number
}

/** What an event may have cost in a stage, at the most. */
export interface Allowance {
  readonly event: string
  readonly stage: Stage
  readonly volume: Volume
  /** Of transport: datagrams, those without flow records too. */
  readonly datagrams?: number
}

export interface OneWay {
  readonly probe: ProbePlan
  readonly curve: readonly WireSample[]
  readonly exported?: Moments
  readonly arrived?: Moments
  /** Templates as they left and as they arrived, each time that they did. */
  readonly templates: Readonly<Record<'exported' | 'arrived', readonly TemplateSeen[]>>
  readonly node: { readonly collector: string }
  readonly closed: number
}

export interface TemplateSeen {
  readonly id: number
  readonly at: number
}

/** When somebody who knows those templates only that came before `known` can read all again that comes after `since`. */
function readable({ templates }: OneWay, known: number, since: number): number {
  const ids = new Set(templates.exported.map(({ id }) => id))
  const times = [...ids].map((id) => {
    const own = templates.arrived.filter((each) => each.id === id)
    return own.some(({ at }) => at < known) ? since : (own.find(({ at }) => at >= since)?.at ?? Infinity)
  })
  return Math.max(since, ...times)
}

/** libpcap hands packets over so late at the most, in ms: a probe that ends in order does not export what it still holds. */
export const captureDelay = 1_300
/** How far apart two clocks of one machine's witnesses are taken to be, in ms. */
const slack = 50

/** What the expected events may have cost one probe's way to one collector. */
export function allowances(events: readonly Happened[], way: OneWay): Allowance[] {
  return events
    .filter(({ expected }) => expected)
    .flatMap((event) => [...metering(event, way), ...losing(event, way), ...collecting(event, way)])
}

/** Killed, a probe loses all that it has not exported; ended in order, what its capture holds; and what crosses while it is away. */
function metering(event: Happened, { probe, curve, exported, closed }: OneWay): Allowance[] {
  const { target, action, name, begin, end = closed } = event
  if (target !== `probe ${probe.name}` && target !== `node ${probe.node}`) return []
  const crossed = wireAt(curve, probe.point, end, 'after')
  const away = subtract(crossed, until(exported, end))
  const orderly = subtract(crossed, wireAt(curve, probe.point, begin - captureDelay, 'before'))
  const isKilled = action === 'kill' || target.startsWith('node ')
  return [{ event: name, stage: 'metering', volume: isKilled ? away : least(away, orderly) }]
}

/** Datagrams that left while the way was changing; and those that cannot be read since a template was among them. */
function losing(event: Happened, way: OneWay): Allowance[] {
  const { probe, exported } = way
  const [kind] = event.target.split(' ')
  if (kind === 'collector' || kind === 'probe') return []
  if (kind === 'exports' && event.target !== `exports ${probe.name}`) return []
  const last = event.end ?? Infinity
  const till = Math.max(last, kind === 'exports' ? last : (event.settled ?? last)) + slack
  const read = readable(way, event.begin, till)
  const volume = subtract(until(exported, read), until(exported, event.begin - slack))
  const isWithin = (at: number): boolean => at >= event.begin - slack && at <= till
  const datagrams = exported?.times.filter(isWithin).length ?? 0
  return [{ event: event.name, stage: 'transport', volume, datagrams }]
}

/** A collector's tables in memory die with it; what comes before its first templates it cannot read. */
function collecting(event: Happened, way: OneWay): Allowance[] {
  const { probe, arrived, node } = way
  const { target, name, end = Infinity } = event
  if (target !== `collector ${probe.export.collector}` && target !== `node ${node.collector}`) return []
  const known = readable(way, -Infinity, end)
  return [{ event: name, stage: 'collecting', volume: until(arrived, known + slack) }]
}

/** What events may have cost one probe's way to one collector, for every account of it. */
export function pricesOf(
  events: readonly Happened[],
  given: Pick<Case, 'probe' | 'collector' | 'wire' | 'transport' | 'exported' | 'arrived'> & {
    readonly curve: readonly WireSample[]
  },
  moments: { readonly exported: Moments; readonly arrived: Moments } | undefined,
) {
  const { probe, collector, wire, transport: counted, exported, arrived, curve } = given
  const way: OneWay = {
    ...{ probe, curve, ...moments },
    templates: { exported: templatesSeen(exported.templates), arrived: templatesSeen(arrived.templates) },
    node: { collector: collector.node },
    closed: wire.closed,
  }
  const allowed = allowances(events, way)
  const of = (stage: Stage): readonly Allowance[] => allowed.filter((each) => each.stage === stage)
  return {
    of,
    transport: withoutBooked(counted, of('transport')),
    /** Whether events account for all that was lost on the way, records and datagrams. */
    isWayPaid: ({ cells }: Account): boolean =>
      of('transport').length > 0 &&
      cells.every(({ before, after }) => isNothing(subtract(before, after))) &&
      withoutBooked(counted, of('transport')).left.packets <= counted.arrived.packets,
    /** Of the tables that the probe keeps itself. */
    tables: tableAllowances(events, way),
    feed: { events, ...way },
    booked: (all: readonly Allowance[], table?: string): Booked[] =>
      all.map(({ event, stage, volume }) => ({
        ...{ event, stage, probe: probe.name, collector: collector.name },
        ...(table === undefined ? {} : { table }),
        ...volume,
      })),
  }
}

const templatesSeen = (events: Exports['templates']): TemplateSeen[] =>
  events.flatMap(({ what, templateId, message }) =>
    what === 'unknown' || what === 'withdrawn'
      ? []
      : [{ id: templateId, at: message.seconds * 1000 + message.nanoseconds / 1e6 }],
  )

/**
 * As bookToEvents, flow by flow: what is booked is taken off what should have come out, of each flow the share that it has in
 * what is missing.
 */
export function bookCells(
  account: Account,
  allowed: readonly Allowance[],
): { readonly account: Account; readonly booked: readonly Allowance[] } {
  const missingOf = ({ before, after }: Cell): Volume => least(before, subtract(before, after))
  const missing = account.cells.reduce<Volume>((sum, cell) => add(sum, missingOf(cell)), nothing)
  const { gap, booked } = bookToEvents({ missing, surplus: nothing, flows: account.cells.length }, allowed)
  if (booked.length === 0) return { account, booked }
  const share = (of: number, all: number, left: number): number =>
    all === 0 ? 0 : left === 0 ? of : Math.floor((of * (all - left)) / all)
  const cells = account.cells.map((cell) => {
    const own = missingOf(cell)
    const price = {
      packets: share(own.packets, missing.packets, gap.missing.packets),
      bytes: share(own.bytes, missing.bytes, gap.missing.bytes),
    }
    return { ...cell, before: subtract(cell.before, price) }
  })
  return { account: { ...account, cells }, booked }
}

/** Books what is missing to the events that may have cost it, the earlier first; the rest stays. */
export function bookToEvents(
  gap: Gap,
  allowed: readonly Allowance[],
): { readonly gap: Gap; readonly booked: readonly Allowance[] } {
  let { missing } = gap
  const booked: Allowance[] = []
  for (const { event, stage, volume } of allowed) {
    const price = least(missing, volume)
    if (missing.packets <= 0 || price.packets <= 0) continue
    booked.push({ event, stage, volume: price })
    missing = subtract(missing, price)
  }
  const isWhole = isNothing(missing) && isNothing(gap.surplus)
  return { gap: { ...gap, missing, flows: isWhole ? 0 : gap.flows }, booked }
}

const least = (a: Volume, b: Volume): Volume => ({
  packets: Math.max(0, Math.min(a.packets, b.packets)),
  bytes: Math.max(0, Math.min(a.bytes, b.bytes)),
})

/** What had crossed a point, both directions together: at the last reading that ended before, or the first that began after. */
function wireAt(curve: readonly WireSample[], point: string, at: number, side: 'before' | 'after'): Volume {
  const own = curve.filter((sample) => sample.point === point && sample.totals)
  const found =
    side === 'before'
      ? own.findLast((sample) => sample.till <= at)
      : (own.find((sample) => sample.at >= at) ?? own.at(-1))
  return found?.totals ? add(found.totals.in, found.totals.out) : nothing
}

const until = (moments: Moments | undefined, at: number): Volume =>
  (moments?.datagrams ?? []).filter((each) => each.at <= at).reduce<Volume>(add, nothing)

/** The way without the datagrams whose loss is booked. */
export function withoutBooked(transport: Transport, booked: readonly Allowance[]): Transport {
  const lost = transport.left.packets - transport.arrived.packets
  const priced = booked.reduce((sum, { datagrams = 0 }) => sum + datagrams, 0)
  const packets = transport.left.packets - Math.max(0, Math.min(lost, priced))
  return { ...transport, left: { ...transport.left, packets } }
}

/** What a probe's own tables lose: they begin again with each of its lives. */
export const tableAllowances = (events: readonly Happened[], way: OneWay): Allowance[] =>
  events.flatMap((event): Allowance[] =>
    event.expected && metering(event, way).length > 0
      ? [
          {
            event: event.name,
            stage: 'metering',
            volume: wireAt(way.curve, way.probe.point, event.end ?? way.closed, 'after'),
          },
        ]
      : [],
  )

/** How events may have shaped what a daemon knew of the routes. */
export function feedThrough(
  events: readonly Happened[],
  daemon: string,
  { probe, curve, arrived, closed }: OneWay,
): Pick<View, 'lifeOf' | 'behind' | 'blind'> {
  if (events.length === 0) return { behind: 0, blind: [] }
  const delays = events.flatMap(({ followed }) => followed.filter((each) => each.daemon === daemon))
  const behind = Math.max(0, ...delays.map(({ after }) => after))
  const first = new Map<string, number>()
  let before = -Infinity
  for (const { point, at, flows } of curve) {
    if (point !== probe.point || !flows) continue
    for (const { source, destination } of [...flows.in, ...flows.out]) {
      const pair = `${source} ${destination}`
      // The flow began between the reading before, which took some time, and this one.
      if (!first.has(pair)) first.set(pair, Math.min(before, at - 1_000))
    }
    before = at
  }
  return {
    behind,
    blind: events
      .filter(({ expected, target }) => expected && !target.startsWith('exports '))
      .map(({ name, begin, end = closed, settled = end }) => ({
        event: name,
        from: begin,
        till: Math.max(end, settled) + behind + slack,
      })),
    lifeOf: (row) => {
      const pair = `${row['ip_src'] ?? ''} ${row['ip_dst'] ?? ''}`
      const [from, till] = [first.get(pair), arrived?.last.get(pair)]
      return from === undefined || till === undefined ? undefined : [from, till]
    },
  }
}

/** Events as the verdict tells of them, each with all that was booked to it. */
export const eventReports = (events: readonly Happened[], booked: readonly Booked[]): EventReport[] =>
  events.map(({ name, action, target, begin, end, settled, expected, followed }) => ({
    ...{ name, action, target, begin },
    ...(end === undefined ? {} : { end }),
    ...(settled === undefined ? {} : { settled }),
    expected,
    followed: [...followed],
    booked: booked.filter(({ event }) => event === name),
  }))
