// What a lab that is alive has counted so far, to be asked like the records of a run: the wire from the kernel's counters, the
// exports from their recordings, the collectors' tables through their own clients. It stays open while the lab goes on: each
// refresh reads the counts anew, and of the recordings what has come. Nothing of it is kept.

import type { Lab } from '../backend.ts'
import type { RouteTable, Wire } from '../evidence.ts'
import type { Plan } from '../plan/plan.ts'
import { type Archive, type Patience, type Store, tables } from '../store.ts'
import { openGrowing } from '../store/duckdb/open.ts'
import { growing, loadGrowths, loadWire, namesIn } from '../verify/ledgers.ts'
import { collectedRows } from './archive-rows.ts'
import { hosts, views } from './archive-views.ts'
import { readWire } from './books.ts'
import { collectedNow } from './collected-now.ts'
import type { RunDirectory } from './directory.ts'
import { followRecordings } from './recordings.ts'
import { overflow } from './scratch.ts'

export interface LiveLab {
  readonly lab: Lab
  readonly plan: Plan
  readonly directory: RunDirectory
}

export const sources = ['wire', 'exported', 'arrived', 'collected'] as const
export type Source = (typeof sources)[number]

export interface LiveOptions {
  readonly sources: ReadonlySet<Source>
  /** Collectors to be asked; all without it. */
  readonly collectors?: ReadonlySet<string>
  /** Of how many refreshes the wire's growth is kept, in `wire_over_time`; none without it. */
  readonly history?: number
}

export interface LiveRecords extends Pick<Archive, 'ask'> {
  /** Reads all sources; gives those that did not answer, with what was wrong. These have no rows then. */
  refresh(): Promise<ReadonlyMap<Source, Error>>
  /** When the wire was read last, and the time before (milliseconds since 1970), where its growth is kept. */
  readings(): { readonly last: number; readonly before: number } | undefined
  /** Makes the table of what the routers' tables say of every address. */
  routes(patience: Patience): Promise<void>
  close(): Promise<void>
}

/** Octets of memory: what does not fit goes to temporary files. */
const memory = '500MB'

export async function openLiveRecords(
  lab: Lab,
  plan: Plan,
  directory: RunDirectory,
  { sources: asked, collectors, history = 0 }: LiveOptions,
): Promise<LiveRecords> {
  const { store, session } = await openGrowing({ names: namesIn(plan), overflow: overflow(), memory })
  const sides = (['exported', 'arrived'] as const).filter((side) => asked.has(side))
  const recordings = sides.map((side) => [side, followRecordings(store, plan, directory, side)] as const)
  const curve = wireHistory(store, history)
  await session.prepare([...views(plan), ...collectedRows(plan, undefined, [])].join(';\n'))
  let believed: readonly RouteTable[] = []

  async function readWires(): Promise<void> {
    await session.prepare(emptied('wire'))
    const wires = await Promise.all(
      plan.points.map(async (point, index) => {
        const at = Date.now()
        return { at, ...(await readWire(lab, point, index, { opened: 0, closed: 0 })), till: Date.now() }
      }),
    )
    await loadWire(store, wires)
    await curve.add(wires)
  }

  async function readCollectors(): Promise<void> {
    await session.prepare(collectedRows(plan, undefined, believed).join(';\n'))
    const collected = await collectedNow(lab, plan, collectors)
    await session.prepare(collectedRows(plan, collected, believed).join(';\n'))
  }

  return {
    ask: (statement, patience) => session.ask(statement, patience),
    async refresh() {
      const failed = new Map<Source, Error>()
      const attempt = (source: Source, act: () => Promise<void>): Promise<void> =>
        act().catch((error: unknown) => void failed.set(source, error as Error))
      believed = await directory.read<RouteTable[]>('routes').catch(() => [])
      // One after the other: the store is filled by one at a time.
      if (asked.has('wire')) await attempt('wire', readWires)
      for (const [side, followed] of recordings) await attempt(side, () => followed.catchUp())
      if (asked.has('collected')) await attempt('collected', readCollectors)
      return failed
    },
    readings: () => curve.readings(),
    routes: (patience) => session.prepare(hosts(plan, believed).join(';\n'), patience),
    async close() {
      await Promise.all(recordings.map(([, followed]) => followed.close()))
      session.close()
    },
  }
}

interface TimedWire extends Wire {
  readonly at: number
  readonly till: number
}

/** Takes readings of the wire, and keeps what the flows have grown by in the last so many. */
function wireHistory(store: Store, history: number) {
  const points = new Map<string, ReturnType<typeof growing>>()
  const times: number[] = []
  return {
    readings(): { last: number; before: number } | undefined {
      const [before, last] = times.slice(-2)
      return last === undefined || before === undefined ? undefined : { last, before }
    },
    async add(wires: readonly TimedWire[]): Promise<void> {
      if (history === 0) return
      for (const { point, at, till, directions } of wires) {
        const known = points.get(point)
        const grown = known ?? growing()
        const growths = grown({ at, till, flows: { in: directions.in.flows, out: directions.out.flows } })
        points.set(point, grown)
        // Of what was counted before the first reading nobody knows when it came.
        if (known) await loadGrowths(store, point, growths)
      }
      times.push(Math.max(...wires.map(({ at, till }) => (at + till) / 2)))
      // Deleted rows keep their place: the table is made anew, now and then.
      if (times.length < 2 * history) return
      times.splice(0, history)
      await store.ask(
        `CREATE OR REPLACE TABLE wireCurve AS SELECT * FROM wireCurve WHERE epoch_ms(flowEnd) >= ${times[0]}`,
      )
    },
  }
}

const emptied = (table: keyof typeof tables): string =>
  `CREATE OR REPLACE TABLE ${table} AS SELECT * FROM ${table} LIMIT 0`
