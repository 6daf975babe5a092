// A run at a glance.

import { exporters } from '../../plan/exporters.ts'
import { timeline } from '../../run/timeline.ts'
import { add } from '../../kernel/units.ts'
import type { Verdict } from '../../verify/verdict.ts'
import type { Overview, RunItem } from '../api/runs.ts'
import { value } from '../files.ts'
import type { Run } from '../runs.ts'
import { planOf } from './plan.ts'
import { verdictOf } from './verdict.ts'

export async function overviewOf(run: Run, item: RunItem): Promise<Overview> {
  const plan = await planOf(run)
  const [verdict, stages] = await Promise.all([
    item.state === 'unjudged' || item.pass !== undefined ? verdictOf(run).catch(() => undefined) : undefined,
    value<{ name: string; ms: number }[]>(run.directory, 'timing'),
  ])
  const path = run.directory.path
  return {
    ...item,
    timeline: timeline(run.directory).map((entry) => ({ ...entry })),
    stages: (stages ?? []).map(({ name, ms }) => ({ name, ms })),
    points: plan.points.map(({ name }) => name),
    ways: verdict ? waysOf(verdict) : [],
    found: (verdict?.findings ?? []).map(({ id, cause, stage, probe, summary }) => ({
      ...{ id, cause, stage, probe, summary },
    })),
    traffic: plan.traffic.map(({ intent, source, destination, at }) => ({
      ...{ from: intent.from, to: intent.to, kind: intent.kind, source, destination, at },
    })),
    tables: plan.collectors.map(({ name, tables }) => ({
      collector: name,
      tables: tables.map((table) => table.name),
    })),
    commands: item.live
      ? [
          { what: 'What stands where, and how it is', command: `flowlab inspect ${path}` },
          { what: "Send the lab file's traffic", command: `flowlab traffic --lab ${path}` },
          { what: 'Close the books and judge', command: `flowlab verify ${path}` },
          { what: 'Take it down', command: `flowlab destroy ${path}` },
        ]
      : [
          { what: 'The verdict', command: `flowlab verify ${path}` },
          { what: 'The story of its findings', command: `flowlab explain ${path}` },
          ...exporters(plan)
            .slice(0, 1)
            .map(() => ({ what: 'Its records', command: `flowlab records ${path}` })),
          { what: 'Run it again', command: `flowlab run ${path}/lab.yaml` },
        ],
  }
}

/** Of each probe and collector the first table's books, both directions together. */
function waysOf({ books }: Verdict): Overview['ways'] {
  const ways = new Map<string, Overview['ways'][number]>()
  for (const { probe, point, collector, table, wire, exported, arrived, collected } of books) {
    const id = JSON.stringify([probe, collector])
    const way = ways.get(id)
    if (!way) ways.set(id, { probe, point, collector, table, wire, exported, arrived, collected })
    else if (way.table === table)
      ways.set(id, {
        ...way,
        wire: add(way.wire, wire),
        exported: add(way.exported, exported),
        arrived: add(way.arrived, arrived),
        collected: add(way.collected, collected),
      })
  }
  return [...ways.values()]
}
