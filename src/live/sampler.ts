// Watches one live lab for all who look at it: what happens, how nodes and sessions are, what interfaces carry, how the books grow.
// It begins with the first who looks and ends with the last.

import { setMaxListeners } from 'node:events'
import { stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Lab } from '../backend.ts'
import type { CollectedSample, TimelineEntry, WireSample } from '../evidence.ts'
import type { Plan } from '../plan/plan.ts'
import { inspect, type Inspection } from '../run/inspect.ts'
import type { RunDirectory } from '../run/directory.ts'
import { isComplaint } from '../run/remarks.ts'
import { tail } from '../run/tail.ts'
import type { LiveData, LiveEvent, LiveEventName } from '../server/api/live.ts'
import { type Count, createMeter, type Meter } from './meter.ts'

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
  // Every node's pause ends with it.
  setMaxListeners(0, ending.signal)
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

  /** What each node's interfaces were at its last reading; nothing where it did not answer. */
  const interfacesOf = new Map<
    string,
    { states: State['interfaces']; rates: LiveData<'rates'>['interfaces'] }
  >()
  let inspection: Inspection | undefined
  let told = ''

  /** Each node by itself: one that is slow to answer delays what is known of itself alone. */
  function readerOf(node: string, meter: Meter): () => Promise<void> {
    const known = new Set(plan.nodes.find(({ name }) => name === node)?.interfaces.map(({ name }) => name))
    let former: { readonly at: number; readonly counts: ReadonlyMap<string, Count> } | undefined
    return async () => {
      const read = await meter.read()
      const at = performance.now()
      const counts = new Map(
        read?.flatMap((each) => (known.has(each.interface) ? [[each.interface, each] as const] : [])),
      )
      const last = former
      former = { at, counts }
      const states = [...counts.values()].map(({ interface: name, up }) => ({ node, interface: name, up }))
      const rates = [...counts.values()].flatMap((count) => {
        const was = last?.counts.get(count.interface)
        return last && was ? [rateBetween(node, was, count, (at - last.at) / 1000)] : []
      })
      const hasChanged = !isDeepStrictEqual(interfacesOf.get(node)?.states, states)
      interfacesOf.set(node, { states, rates })
      if (hasChanged) tellState()
    }
  }

  async function tellRates(): Promise<void> {
    const interfaces = [...interfacesOf.values()].flatMap(({ rates }) => rates)
    if (interfaces.length > 0) tell('rates', { at: Date.now(), interfaces })
  }

  async function readState(): Promise<void> {
    inspection = await inspect(lab, plan, directory, false)
    tellState()
  }

  /** Only what has changed is worth an event. */
  function tellState(): void {
    if (!inspection) return
    const interfaces = [...interfacesOf.values()]
      .flatMap(({ states }) => states)
      .sort((a, b) => `${a.node}:${a.interface}`.localeCompare(`${b.node}:${b.interface}`))
    const state = { ...stateOf(inspection), interfaces }
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
  for (const [node, meter] of meters) void repeat(pause.rates, readerOf(node, meter))
  void repeat(pause.rates, tellRates)
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

type State = LiveData<'state'>

/** In bits and packets a second, to a tenth. */
function rateBetween(
  node: string,
  then: Count,
  now: Count,
  seconds: number,
): LiveData<'rates'>['interfaces'][number] {
  // An interface that was made anew counts from 0.
  const rate = (what: 'inOctets' | 'inPackets' | 'outOctets' | 'outPackets'): number =>
    Math.round((Math.max(0, now[what] - then[what]) / seconds) * 10) / 10
  return {
    ...{ node, interface: now.interface },
    ...{ inBits: rate('inOctets') * 8, inPackets: rate('inPackets') },
    ...{ outBits: rate('outOctets') * 8, outPackets: rate('outPackets') },
  }
}

function stateOf({ nodes, sessions, probes, collectors }: Inspection): Omit<State, 'at' | 'interfaces'> {
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
