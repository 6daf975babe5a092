// Watches one live lab for all who look at it: what happens, how nodes and sessions are, what interfaces carry, how the books grow.
// It begins with the first who looks and ends with the last.

import { stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab } from '../backend.ts'
import type { CollectedSample, TimelineEntry, WireSample } from '../evidence.ts'
import type { Plan } from '../plan/plan.ts'
import { inspect, type Inspection } from '../run/inspect.ts'
import type { RunDirectory } from '../run/directory.ts'
import { isComplaint } from '../run/remarks.ts'
import { tail } from '../run/tail.ts'
import type { LiveData, LiveEvent, LiveEventName } from '../server/api/live.ts'
import { type Count, createMeter } from './meter.ts'

export interface Numbered {
  /** Greater than those before. */
  readonly number: number
  readonly event: LiveEvent
}

export interface Sampler {
  /** By which clients tell this watching from a former one. */
  readonly epoch: string
  /** Events after this one; undefined where they are not all kept any more, or `after` is none of this sampler's. */
  readonly since: (after: number) => readonly Numbered[] | undefined
  /** What a client that knows nothing is told: all that happened, and the last of everything else. */
  readonly snapshot: () => readonly Numbered[]
  /** Comes back when there is more than `after`, or the sampler has ended. */
  readonly more: (after: number, signal: AbortSignal) => Promise<void>
  readonly ended: () => boolean
  readonly stop: () => void
}

/** Events that are kept for those who come back. */
const mostKept = 5_000
/** From one look to the next, in ms; what is left out is not looked at. */
export interface Pauses {
  readonly files: number
  /** What interfaces carry: takes a program on each node. */
  readonly rates?: number
  /** How nodes and sessions are: asks every router. */
  readonly state?: number
  readonly end: number
}

const usual: Pauses = { files: 250, rates: 1_000, state: 700, end: 500 }
/** Of a process, and characters of each. */
const [mostComplaints, longestLine] = [100, 1_000]
/** Of the wire's and the collectors' curves and of logs: octets from their end at the begin. */
const before = 256 * 1024

export interface Watched {
  readonly lab: Lab
  readonly plan: Plan
  readonly directory: RunDirectory
}

export function watchLab(
  { lab, plan, directory }: Watched,
  isAlive: () => Promise<boolean>,
  pause: Pauses = usual,
): Sampler {
  const kept: Numbered[] = []
  const timeline: Numbered[] = []
  const latest = new Map<string, Numbered>()
  const ending = new AbortController()
  const waiting = new Set<() => void>()
  const metered = pause.rates === undefined ? [] : plan.nodes.filter(({ kind }) => kind !== 'wire')
  const meters = new Map(metered.map(({ name }) => [name, createMeter(lab, name)]))
  let number = 0

  function tell<Name extends LiveEventName>(name: Name, data: LiveData<Name>, of: string = name): void {
    const each: Numbered = { number: ++number, event: { event: name, data } as LiveEvent }
    kept.push(each)
    if (kept.length > mostKept) kept.shift()
    if (name === 'timeline') timeline.push(each)
    else latest.set(of, each)
    for (const wake of waiting) wake()
  }

  async function repeat(every: number | undefined, act: () => Promise<void>): Promise<void> {
    if (every === undefined) return
    while (!ending.signal.aborted) {
      const begun = performance.now()
      await act().catch(() => {})
      // What takes long is done less often: looking must not be felt in the lab.
      const took = performance.now() - begun
      await sleep(Math.max(every - took, 2 * took, 50), undefined, { signal: ending.signal }).catch(() => {})
    }
  }

  const file = (name: string): string => directory.file(name)
  const happened = tail(file('timeline.ndjson'), Infinity)
  const wire = tail(file('wire-curve.ndjson'), before)
  const collected = tail(file('collected-curve.ndjson'), before)
  const logs = [...plan.probes, ...plan.collectors].map(({ node, process }) => ({
    ...{ node, process, complaints: 0 },
    lines: tail(directory.file('nodes', node, 'log', `${process}.log`), before),
  }))
  let judged = 0

  async function readLogs(): Promise<void> {
    for (const log of logs)
      for (const text of await log.lines())
        if (isComplaint(text) && ++log.complaints <= mostComplaints)
          tell(
            'complaint',
            { at: Date.now(), node: log.node, process: log.process, text: text.slice(0, longestLine) },
            `complaint ${log.node} ${log.process} ${log.complaints}`,
          )
  }

  async function readFiles(): Promise<void> {
    for (const line of await happened()) tell('timeline', JSON.parse(line) as TimelineEntry)
    const readings = new Map<string, WireSample>()
    for (const line of await wire()) {
      const sample = JSON.parse(line) as WireSample
      if (sample.totals) readings.set(sample.point, sample)
    }
    for (const { point, at, totals } of readings.values())
      if (totals) tell('wire', { at, point, ...totals }, `wire ${point}`)
    const tables = new Map<string, CollectedSample>()
    for (const line of await collected()) {
      const sample = JSON.parse(line) as CollectedSample
      tables.set(`${sample.collector}/${sample.table}`, sample)
    }
    for (const [name, sample] of tables) tell('collected', sample, `collected ${name}`)
    await readLogs()
    const at = await stat(file('verdict.json')).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    )
    if (at === 0 || at === judged) return
    const verdict = await directory.read<{ pass: boolean; findings: unknown[] }>('verdict')
    judged = at
    tell('verdict', { pass: verdict.pass, findings: verdict.findings.length })
  }

  let counts = new Map<string, { readonly at: number; readonly count: Count }>()
  let links: LiveData<'state'>['interfaces'] = []
  let inspection: Inspection | undefined
  let told = ''

  async function readRates(): Promise<void> {
    const next: typeof counts = new Map()
    const interfaces: LiveData<'rates'>['interfaces'] = []
    const states: LiveData<'state'>['interfaces'] = []
    await Promise.all(
      [...meters].map(async ([node, meter]) => {
        const read = await meter.read()
        const at = performance.now()
        const known = new Set(
          plan.nodes.find(({ name }) => name === node)?.interfaces.map(({ name }) => name),
        )
        for (const count of read ?? []) {
          if (!known.has(count.interface)) continue
          const id = `${node}:${count.interface}`
          next.set(id, { at, count })
          states.push({ node, interface: count.interface, up: count.up })
          const former = counts.get(id)
          if (!former) continue
          const seconds = (at - former.at) / 1000
          // An interface that was made anew counts from 0.
          const rate = (what: 'inOctets' | 'inPackets' | 'outOctets' | 'outPackets'): number =>
            Math.round((Math.max(0, count[what] - former.count[what]) / seconds) * 10) / 10
          interfaces.push({
            node,
            interface: count.interface,
            inBits: rate('inOctets') * 8,
            inPackets: rate('inPackets'),
            outBits: rate('outOctets') * 8,
            outPackets: rate('outPackets'),
          })
        }
      }),
    )
    counts = next
    links = states.sort((a, b) => `${a.node}:${a.interface}`.localeCompare(`${b.node}:${b.interface}`))
    if (interfaces.length > 0) tell('rates', { at: Date.now(), interfaces })
    tellState()
  }

  async function readState(): Promise<void> {
    inspection = await inspect(lab, plan, directory, false)
    tellState()
  }

  /** Only what has changed is worth an event. */
  function tellState(): void {
    if (!inspection) return
    const state = { ...stateOf(inspection), interfaces: links }
    const text = JSON.stringify(state)
    if (text === told) return
    told = text
    tell('state', { at: Date.now(), ...state })
  }

  async function readEnd(): Promise<void> {
    if (await isAlive()) return
    await readFiles().catch(() => {})
    tell('end', { at: Date.now() })
    stop()
  }

  function stop(): void {
    ending.abort()
    for (const meter of meters.values()) meter.close()
    for (const wake of waiting) wake()
  }

  void repeat(pause.files, readFiles)
  void repeat(pause.rates, readRates)
  void repeat(pause.state, readState)
  void repeat(pause.end, readEnd)

  return {
    epoch: Date.now().toString(36),
    since(after) {
      const first = kept[0]?.number ?? 1
      return after + 1 < first || after > number ? undefined : kept.slice(Math.max(0, after + 1 - first))
    },
    snapshot: () => [...timeline, ...latest.values()].toSorted((a, b) => a.number - b.number),
    async more(after, signal) {
      if (number > after || ending.signal.aborted || signal.aborted) return
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          waiting.delete(wake)
          signal.removeEventListener('abort', wake)
          resolve()
        }
        waiting.add(wake)
        signal.addEventListener('abort', wake)
      })
    },
    ended: () => ending.signal.aborted,
    stop,
  }
}

function stateOf({
  nodes,
  sessions,
  probes,
  collectors,
}: Inspection): Omit<LiveData<'state'>, 'at' | 'interfaces'> {
  return {
    nodes: nodes
      .filter(({ kind }) => kind !== 'wire')
      .map(({ name, processes }) => {
        const running = processes.filter(({ state }) => state === 'running').length
        return {
          name,
          state: running === processes.length ? 'up' : running === 0 ? 'down' : 'degraded',
          processes: processes.map((each) => ({ name: each.name, state: each.state })),
        }
      }),
    sessions: sessions.map(({ node, peer, to, established, state }) => ({
      node,
      peer,
      to,
      established,
      state,
    })),
    probes: probes.map(({ name, state, datagrams }) => ({ name, state, datagrams })),
    collectors: collectors.map(({ name, state, sent, datagrams, listening, drops }) => ({
      ...{ name, state, sent, datagrams, listening, drops },
    })),
  }
}
