// A run's records as `top`'s source: all of it at once, curves over its whole time. A run whose verdict is still to come, or that is
// judged again, is opened anew.

import { rm, stat } from 'node:fs/promises'
import type { Volume } from '../kernel/units.ts'
import type { Plan } from '../plan/plan.ts'
import { type Witness, witnesses } from '../query/columns.ts'
import { curvesOf, niceStep, type Part } from '../query/curves.ts'
import { arrivals, type Span, spread } from '../query/series.ts'
import { marksOf, openRunArchive, type RunArchive } from '../run/archive.ts'
import type { RunDirectory } from '../run/directory.ts'
import { collectedCurve, wholeTime } from '../run/over-time.ts'
import { scratch } from '../run/scratch.ts'
import { timeline } from '../run/timeline.ts'
import type { Patience } from '../store.ts'
import type { Verdict } from '../verify/verdict.ts'
import { find, perSecond, type Question, type Sum } from './look.ts'
import { eventItem, findingItems, type News } from './news.ts'
import { intervals, type Source } from './source.ts'

const patience: Patience = { ms: 30_000 }

interface Opened {
  readonly marks: string
  readonly archive: RunArchive
  readonly folder: string
  readonly span: Span
  /** Whether the wire was read over time. */
  readonly hasCurve: boolean
}

export async function pastSource(directory: RunDirectory): Promise<Source> {
  const plan = await directory.read<Plan>('plan')
  let opened = await openRecords(directory, plan)
  let news = await newsOf(directory)
  const entries = timeline(directory)
  const books = entries.filter(({ target }) => target === 'books')
  const begun = books.find(({ what }) => what === 'opened')?.at
  const closed = books.findLast(({ what }) => what === 'closed')?.at

  const elapsed = (): number =>
    begun !== undefined && closed !== undefined ? closed - begun : opened.span.step * opened.span.count

  return {
    isLive: false,
    lab: plan.lab,
    points: plan.points.map(({ name }) => name),
    elapsed,
    async refresh() {
      news = await newsOf(directory)
      if (marksOf(directory, plan) === opened.marks) return
      // While the verdict is being written there may be nothing that can be read.
      const next = await openRecords(directory, plan).catch(() => undefined)
      if (!next) return
      await closeRecords(opened)
      opened = next
    },
    async look(question) {
      const { archive, span, hasCurve } = opened
      const seconds = elapsed() / 1000
      const found = await find(archive, question, { span, recent: { whole: seconds } })
      const sums: Sum[] = []
      for (const witness of witnesses) {
        const volume = found.volumes[witness]
        if (!volume) continue
        const curve = await curveOf(witness, question, { archive, span, hasCurve, plan, directory })
        const rate: Volume = perSecond(volume, seconds)
        sums.push({ witness, volume, rate, curve })
      }
      return {
        at: span.from + span.step * span.count,
        rows: found.rows,
        total: found.total,
        sums,
        lacking: found.lacking,
      }
    },
    news: () => news,
    more: (signal) =>
      new Promise((resolve) => {
        if (signal.aborted) resolve()
        signal.addEventListener('abort', () => resolve(), { once: true })
      }),
    ended: () => false,
    close: () => closeRecords(opened),
  }
}

async function openRecords(directory: RunDirectory, plan: Plan): Promise<Opened> {
  const folder = scratch()
  try {
    const marks = marksOf(directory, plan)
    const archive = await openRunArchive(directory, folder)
    const { from, to } = await wholeTime(archive, timeline(directory), patience)
    const step = niceStep((to - from) / intervals)
    const start = Math.floor(from / step) * step
    const [row] = await archive.ask(
      { sql: 'SELECT 1 AS one FROM wire_over_time LIMIT 1', values: [] },
      patience,
    )
    const span = { from: start, step, count: Math.max(1, Math.ceil((to - start) / step)) }
    return { marks, archive, folder, span, hasCurve: row !== undefined }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

async function closeRecords({ archive, folder }: Opened): Promise<void> {
  archive.close()
  await rm(folder, { recursive: true, force: true })
}

/** A second, in each interval: of the wire by its readings, of records by their own times, of tables by when they were read. */
async function curveOf(
  witness: Witness,
  { filter, unit }: Question,
  {
    archive,
    span,
    hasCurve,
    plan,
    directory,
  }: Pick<Opened, 'archive' | 'span' | 'hasCurve'> & {
    readonly plan: Plan
    readonly directory: RunDirectory
  },
): Promise<number[]> {
  const measure = unit === 'bits' ? 'bytes' : 'packets'
  const second = (values: readonly number[]): number[] => values.map((value) => (value * 1000) / span.step)
  if (witness === 'collected') {
    // Tables of collectors have no time: all flows together have been seen to grow.
    const curve = filter.trim() === '' ? await collectedCurve(plan, directory, span) : undefined
    return second(curve?.[measure] ?? [])
  }
  if (witness === 'wire' && !hasCurve) return []
  const statement =
    witness === 'arrived' ? arrivals(witness, { filter }, [], span) : spread(witness, { filter }, [], span)
  const [curve] = curvesOf(await archive.ask<Part>(statement, patience), 1, span.count)
  return second(curve?.[measure] ?? [])
}

async function newsOf(directory: RunDirectory): Promise<News> {
  const isJudged = await stat(directory.file('verdict.json')).then(
    () => true,
    () => false,
  )
  const verdict = isJudged ? await directory.read<Verdict>('verdict').catch(() => undefined) : undefined
  return {
    items: [...(verdict ? findingItems(verdict) : []), ...timeline(directory).map(eventItem)],
    ...(verdict ? { verdict: { pass: verdict.pass, findings: verdict.findings.length } } : {}),
  }
}
