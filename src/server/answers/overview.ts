// A run at a glance.

import { exporters } from '../../plan/exporters.ts'
import { timeline } from '../../run/timeline.ts'
import { nothing } from '../../kernel/units.ts'
import type { Verdict } from '../../verify/verdict.ts'
import type { Overview, RunItem } from '../api/runs.ts'
import { value } from '../files.ts'
import type { Run } from '../runs.ts'
import { quoted } from './command.ts'
import { planOf } from './plan.ts'
import { verdictOf } from './verdict.ts'

export async function overviewOf(run: Run, item: RunItem): Promise<Overview> {
  const plan = await planOf(run)
  const [verdict, stages] = await Promise.all([
    item.state === 'unjudged' || item.pass !== undefined ? verdictOf(run).catch(() => undefined) : undefined,
    value<{ name: string; ms: number }[]>(run.directory, 'timing'),
  ])
  const path = quoted(run.directory.path)
  return {
    ...item,
    quoted: path,
    timeline: timeline(run.directory).map((entry) => ({ ...entry })),
    stages: (stages ?? []).map(({ name, ms }) => ({ name, ms })),
    points: plan.points.map(({ name }) => name),
    crossed: verdict ? crossedIn(verdict) : [],
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
          { what: 'Run it again', command: `flowlab run ${quoted(run.directory.file('lab.yaml'))}` },
        ],
  }
}

/** All tables of one probe have the same wire; of two probes at one point the first one's. */
const crossedIn = ({ books }: Verdict): Overview['crossed'] =>
  [...new Set(books.map(({ point }) => point))].map((point) => {
    const of = (direction: 'in' | 'out') =>
      books.find((book) => book.point === point && book.direction === direction)?.wire ?? nothing
    return { point, in: of('in'), out: of('out') }
  })
