// Empties every cache between wire and collector after the gates have closed, stage by stage, each until what went in has
// come out or nothing comes any more; and reads each witness at the moment when it is complete.

import type { Lab } from '../backend.ts'
import type { CollectedTable, DaemonTables, Exit, ProbeCapture, Transport, Wire } from '../evidence.ts'
import { milliseconds } from '../kernel/units.ts'
import { collectors as collectorParts } from '../part/collector/collectors.ts'
import { probes as probeParts } from '../part/probe/probes.ts'
import type { CollectorPlan, Plan, ProbePlan } from '../plan/plan.ts'
import { compileFilter } from '../truth/filter.ts'
import { countRecorded } from '../truth/transport/read.ts'
import { asker, say } from './ask.ts'
import { readTransport } from './books.ts'
import { type RunDirectory, recordingFile } from './directory.ts'
import { ended, endOf } from './process.ts'
import { placeOf } from './schedule.ts'
import { orderly, stop } from './stop.ts'
import { patience, settled, until } from './wait.ts'

const packetsIn = ({ rows }: CollectedTable): number =>
  rows.reduce((sum, { packets }) => sum + Number(packets), 0)

/**
 * A probe's own tables, once it has metered all that crossed: its capture buffer hands packets over late, and ending it
 * before would lose them.
 */
export async function probeTables(lab: Lab, probe: ProbePlan, wire: Wire): Promise<DaemonTables> {
  const ask = asker(lab, probe.node)
  const part = probeParts[probe.kind]
  const flows = [...wire.directions.in.flows, ...wire.directions.out.flows]
  const selected = probe.tables.map(({ filter }) => {
    const selects = compileFilter(filter)
    return selects && flows.filter(selects).reduce((sum, { packets }) => sum + packets, 0)
  })
  const tables = await settled(
    () => part.tables(ask, probe).catch(() => []),
    (read) =>
      read.length > 0 && read.every((table, index) => packetsIn(table) >= (selected[index] ?? Infinity)),
    part.captureDelay,
  )
  return { daemon: probe.name, tables }
}

/** What a probe says of its capture, if it runs and says anything. */
export async function probeCapture(lab: Lab, probe: ProbePlan): Promise<ProbeCapture[]> {
  const said = await probeParts[probe.kind].capture?.(asker(lab, probe.node), probe).catch(() => undefined)
  return said ? [{ probe: probe.name, ...said }] : []
}

/**
 * Ends a probe in order, so that it exports all that it holds, and tells how it ended if not in order. One that neither ends nor exports any
 * more is killed (pmacct 1.7.7 hangs now and then when all is done).
 */
export async function endProbe(
  lab: Lab,
  plan: Plan,
  probe: ProbePlan,
  directory: RunDirectory,
): Promise<Exit | undefined> {
  const placed = placeOf(plan, { probe: probe.name })
  const { node, process } = placed
  await hush(lab, probe)
  if (!(await stop(lab, placed))) return undefined
  const index = plan.probes.indexOf(probe)
  const { end } = await settled(
    async () => ({
      end: await endOf(directory, node, process.name),
      left: (await readTransport(lab, plan, probe, index)).left.packets,
    }),
    (state) => state.end !== undefined,
    endPatience,
  )
  if (end) return end.code === orderly(placed) ? undefined : { node, process: process.name, ...end }
  await lab.signal(node, process.name, 'SIGKILL')
  await ended(directory, node, process.name)
  return undefined
}

/** pmacctd itself waits two seconds for its plugins. */
const endPatience = milliseconds(4_000)

/**
 * Keeps the router from answering while a probe ends: pmacct 1.7.7 says goodbye to its BGP peer, and where the router hangs
 * up at once frees the peer twice, in one run of twenty. `unhush` undoes it.
 */
async function hush(lab: Lab, { bgp, node }: ProbePlan): Promise<void> {
  if (!bgp) return
  const rules = [
    `table inet ${hushed} {`,
    '  chain input {',
    '    type filter hook input priority -200; policy accept;',
    `    ip saddr ${bgp.peer} ip daddr ${bgp.local} tcp dport ${bgp.port} drop`,
    '  }',
    '}',
  ]
  await say(lab, node, ['nft', '-f', '-'], `${rules.join('\n')}\n`)
}

export async function unhush(lab: Lab, { bgp, node }: ProbePlan): Promise<void> {
  if (bgp) await say(lab, node, ['nft', 'delete', 'table', 'inet', hushed])
}

const hushed = 'flowlab_hush'

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
    const file = recordingFile(directory, plan, probe.name, side)
    await until(`recording of ${probe.name}'s exports`, async () => {
      const recorded = await countRecorded(file)
      return recorded.packets >= packets
        ? undefined
        : `${recorded.packets} of ${packets} datagrams are in ${file}`
    })
  }
  await Promise.all([whole('exported', transport.left.packets), whole('arrived', transport.arrived.packets)])
  return transport
}

/** A collector's tables, once they hold `expected` packets, or take no more. */
export async function collectorTables(
  lab: Lab,
  collector: CollectorPlan,
  expected: number,
): Promise<DaemonTables> {
  const ask = asker(lab, collector.node)
  const part = collectorParts[collector.kind]
  const tables = await settled(
    () => part.tables(ask, collector).catch(() => []),
    (read) => read.length > 0 && read.every((table) => packetsIn(table) >= expected),
    milliseconds(patience + part.readDelay(collector)),
  )
  return { daemon: collector.name, tables }
}
