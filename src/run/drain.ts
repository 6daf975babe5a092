// Empties every cache between wire and collector after the gates have closed, stage by stage, each until what went in has
// come out or nothing comes any more; and reads each witness at the moment when it is complete.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab } from '../backend.ts'
import type {
  Capture,
  CollectedTable,
  DaemonTables,
  Exit,
  ProbeCapture,
  Transport,
  Wire,
} from '../evidence.ts'
import { milliseconds } from '../kernel/units.ts'
import type { ProbePart } from '../part.ts'
import { collectors as collectorParts } from '../part/collector/collectors.ts'
import { probes as probeParts } from '../part/probe/probes.ts'
import { exporters } from '../plan/exporters.ts'
import type { CollectorPlan, Plan, ProbePlan } from '../plan/plan.ts'
import { compileFilter } from '../truth/filter.ts'
import { countRecorded } from '../truth/transport/read.ts'
import { header } from '../truth/transport/ruleset.ts'
import { asker, say } from './ask.ts'
import { readLeft, readTransport } from './books.ts'
import { type RunDirectory, recordingFile } from './directory.ts'
import { ended, endOf, holdAtEnd, isIdle, standstill } from './process.ts'
import { handOver } from './handover.ts'
import { placeOf } from './place.ts'
import { orderly, stop } from './stop.ts'
import { tail } from './tail.ts'
import { patience, settled, until } from './wait.ts'

const packetsIn = ({ rows }: CollectedTable): number =>
  rows.reduce((sum, { packets }) => sum + Number(packets), 0)

/** What changes when a table does: its rows are counters that only grow. */
const marks = (tables: readonly CollectedTable[]): string =>
  tables.map((table) => `${table.name} ${table.rows.length} ${packetsIn(table)}`).join(', ')

export interface Drained {
  readonly tables: DaemonTables
  /**
   * How it ended where that was not in order, or that it stands still; undefined where it was, or where it had to be killed after it
   * had handed over all.
   */
  readonly end: Exit | undefined
  /** What it said of its capture before it was told to end, where it says anything. */
  readonly capture: ProbeCapture | undefined
}

/**
 * Lets a probe meter all that crossed, which its capture buffer hands over late; then ends it in order, so that it exports
 * all that it holds. Its own tables are read while it ends: only then its queues hold nothing back.
 */
export async function drainProbe(
  lab: Lab,
  plan: Plan,
  probe: ProbePlan,
  wire: Wire,
  directory: RunDirectory,
): Promise<Drained> {
  const part: ProbePart = probeParts[probe.kind]
  const placed = placeOf(plan, { probe: probe.name })
  const { node, process } = placed
  const expected = expectedIn(probe, wire)
  const read = () => part.tables(asker(lab, node), probe).catch(() => [])
  const isComplete = (tables: readonly CollectedTable[]): boolean =>
    tables.length > 0 && tables.every((table, index) => packetsIn(table) >= (expected[index] ?? Infinity))

  // What no table shows is metered too, once the capture has handed over all that came before the gates closed and the probe, which
  // may have to wait for a processor, is idle again.
  await sleep(Math.max(0, wire.closed + part.captureDelay(probe) - Date.now()))
  await settled(
    () => isIdle(lab, directory, node, process.name),
    (idle) => idle,
    idlePatience,
  )
  let tables = await read()
  const said = await captured(lab, probe).catch(() => undefined)
  const capture = said && { probe: probe.name, ...said }
  if (part.statistics) await lab.signal(node, process.name, part.statistics)
  await hush(lab, probe)
  // Begun before, so that it is there in time.
  const holding = holdAtEnd(lab, directory, placed, expected.length > 0 ? part.lingers : undefined)
  if (!(await stop(lab, placed))) return { tables: { daemon: probe.name, tables }, end: undefined, capture }
  if (expected.length > 0) {
    // One plugin may be gone while another still holds what came last: it is asked until the probe has ended.
    await settled(
      async () => {
        const end = await endOf(directory, node, process.name)
        const now = await read()
        if (now.length > 0) tables = now
        return { isOver: end !== undefined, tables }
      },
      (now) => now.isOver || isComplete(now.tables),
      patience,
      (now) => marks(now.tables),
    )
    if (await holding) await lab.signal(node, process.name, 'SIGCONT')
  }
  const end = await endOfProbe(lab, plan, probe, directory)
  return { tables: { daemon: probe.name, tables }, end, capture }
}

/** Seconds: its few counters are there at once. */
const capturePatience = 10

/** What its capture received before the books were closed, and how much of it was metered. */
async function captured(lab: Lab, probe: ProbePlan): Promise<Capture | undefined> {
  const { capture, blocks }: ProbePart = probeParts[probe.kind]
  const read = capture && (() => capture(asker(lab, probe.node, capturePatience), probe))
  return blocks && read ? handOver(lab, probe, read) : read?.()
}

/** The packets that each of a probe's tables should hold; undefined where its filter says more than flows tell. */
function expectedIn({ tables }: ProbePlan, { directions }: Wire): (number | undefined)[] {
  const flows = [...directions.in.flows, ...directions.out.flows]
  return tables.map(({ filter }) => {
    const selects = compileFilter(filter)
    return selects && flows.filter(selects).reduce((sum, { packets }) => sum + packets, 0)
  })
}

/** Waits for the end of a probe that was told to. One that neither ends nor exports any more is killed. */
async function endOfProbe(
  lab: Lab,
  plan: Plan,
  probe: ProbePlan,
  directory: RunDirectory,
): Promise<Exit | undefined> {
  const placed = placeOf(plan, { probe: probe.name })
  const { node, process } = placed
  const said = tail(directory.file('nodes', node, 'log', `${process.name}.log`), Infinity)
  const { goodbye, silence = endPatience }: ProbePart = probeParts[probe.kind]
  let isGone = false
  const state = async () => ({
    end: await endOf(directory, node, process.name),
    saidGoodbye: (isGone ||= (await said()).some((line) => line.includes(goodbye ?? '\0'))),
    left: await Promise.all(
      exporters(plan).flatMap((each, index) =>
        each.name === probe.name ? readLeft(lab, each, index).then(({ packets }) => packets) : [],
      ),
    ),
  })
  await settled(state, ({ end, saidGoodbye }) => end !== undefined || saidGoodbye, silence)
  const { end } = await settled(state, (now) => now.end !== undefined, patienceAfterGoodbye)
  if (end) return end.code === orderly(placed) ? undefined : { node, process: process.name, ...end }
  const stands = isGone ? undefined : await standstill(lab, directory, { node, process: process.name })
  await lab.signal(node, process.name, 'SIGKILL')
  const killed = await ended(directory, node, process.name)
  if (isGone || killed.code === orderly(placed)) return undefined
  return stands ?? { node, process: process.name, ...killed }
}

/** For a probe that is stopped, or always busy. */
const idlePatience = milliseconds(5_000)
/** For a probe that neither ends nor exports. pmacctd itself waits two seconds for its plugins. */
const endPatience = milliseconds(4_000)
const patienceAfterGoodbye = milliseconds(500)

/**
 * Keeps the router from answering while a probe ends: pmacct 1.7.7 says goodbye to its BGP peer, and where the router hangs
 * up at once frees the peer twice, in one run of twenty. `unhush` undoes it.
 */
export async function hush(lab: Lab, probe: ProbePlan): Promise<void> {
  const { bgp, node } = probe
  if (!bgp) return
  const rules = [
    `table inet ${hushed(probe)} {`,
    '  chain input {',
    '    type filter hook input priority -200; policy accept;',
    `    ${header(bgp.peer)} saddr ${bgp.peer} ${header(bgp.local)} daddr ${bgp.local} tcp dport ${bgp.port} drop`,
    '  }',
    '}',
  ]
  await say(lab, node, ['nft', '-f', '-'], `${rules.join('\n')}\n`)
}

export async function unhush(lab: Lab, probe: ProbePlan): Promise<void> {
  // `add` before `delete`: it may have been undone already.
  const table = `table inet ${hushed(probe)}`
  if (probe.bgp) await say(lab, probe.node, ['nft', '-f', '-'], `add ${table}\ndelete ${table}\n`)
}

/** The table's name; the process's is unique on its node, and nft takes no hyphens. */
const hushed = ({ process }: ProbePlan): string => `flowlab_hush_${process.replaceAll(/\W/g, '_')}`

/** The exports' way, once all that left has arrived, or no more does, and the recordings hold all that was counted. */
export async function transported(
  lab: Lab,
  plan: Plan,
  probe: ProbePlan,
  index: number,
  directory: RunDirectory,
): Promise<Transport> {
  const transport = await settled(
    () => readTransport(lab, plan, probe, index),
    ({ left, arrived }) => left.packets === arrived.packets,
  )
  const whole = async (side: 'exported' | 'arrived', packets: number) => {
    const file = recordingFile(directory, plan, probe, side)
    const count = countRecorded(file)
    await until(`recording of ${probe.name}'s exports`, async () => {
      const recorded = await count()
      return recorded.packets >= packets
        ? undefined
        : `${recorded.packets} of ${packets} datagrams are in ${file}`
    })
  }
  await Promise.all([whole('exported', transport.left.packets), whole('arrived', transport.arrived.packets)])
  return transport
}

/** What a collector's tables hold when all is in them: the packets that records say, or as many times their sampling rates. */
export interface Expected {
  readonly said: number
  readonly multiplied: number
}

/** A collector's tables, once they hold what is expected, or take no more; and whether it stands still. */
export async function drainCollector(
  lab: Lab,
  collector: CollectorPlan,
  { said, multiplied }: Expected,
  directory: RunDirectory,
): Promise<Pick<Drained, 'tables' | 'end'>> {
  const ask = asker(lab, collector.node)
  const part = collectorParts[collector.kind]
  const isComplete = (read: readonly CollectedTable[]): boolean =>
    read.length > 0 && read.map(packetsIn).every((held) => held === said || held >= multiplied)
  const tables = await settled(
    () => part.tables(ask, collector).catch(() => []),
    isComplete,
    milliseconds(patience + part.readDelay(collector)),
    marks,
  )
  const end = isComplete(tables) ? undefined : await standstill(lab, directory, collector)
  return { tables: { daemon: collector.name, tables }, end }
}
