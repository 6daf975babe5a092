// A running lab as `top`'s source: its counts are read anew at each refresh, and it is watched like the page watches it.

import type { Volume } from '../kernel/units.ts'
import { watchLab, type Pauses } from '../live/sampler.ts'
import { witnesses } from '../query/columns.ts'
import type { RunDirectory } from '../run/directory.ts'
import { type LiveLab, openLiveRecords, sources } from '../run/live-records.ts'
import { timeline } from '../run/timeline.ts'
import type { LiveData } from '../server/api/live.ts'
import type { Verdict } from '../verify/verdict.ts'
import { find, type Look, type Question, type Sum, type Volumes } from './look.ts'
import { complaintItem, eventItem, findingItems, type Item, type News, stateItems } from './news.ts'
import { intervals, type Source } from './source.ts'

/** Asking every router how it is takes more than all the rest: it is done less often than for the page. */
const pauses: Pauses = { files: 500, state: 5_000, end: 2_000 }

export async function liveSource(
  { lab, plan, directory }: LiveLab,
  isAlive: () => Promise<boolean>,
): Promise<Source> {
  const records = await openLiveRecords(lab, plan, directory, {
    sources: new Set(sources),
    history: intervals,
  })
  const sampler = watchLab({ lab, plan, directory }, isAlive, pauses)
  const opened = timeline(directory).find(({ target, what }) => target === 'books' && what === 'opened')?.at
  const begun = opened ?? Date.now()
  let failed: ReadonlyMap<string, Error> = new Map()
  let history: Reading[] = []
  let filtered = ''
  let readings = 0
  const watched = watchedNews(directory)
  let told = -1

  return {
    isLive: true,
    lab: plan.lab,
    points: plan.points.map(({ name }) => name),
    elapsed: () => Date.now() - begun,
    async refresh() {
      failed = await records.refresh()
      readings++
    },
    async look(question) {
      const times = records.readings()
      const now = times?.last ?? Date.now()
      const step = times ? Math.max(1, Math.round(times.last - times.before)) : 1000
      const found = await find(records, question, {
        span: { from: Math.round(now) - intervals * step, step, count: intervals },
        recent: { since: times?.before ?? now, seconds: times ? step / 1000 : 0 },
      })
      if (question.filter !== filtered) history = []
      filtered = question.filter
      history = withReading(history, { number: readings, at: now, volumes: found.volumes })
      const wrong = [...failed].map(([source, error]) => [source, error.message.split('\n')[0] ?? ''])
      return {
        at: now,
        rows: found.rows,
        total: found.total,
        sums: sumsOf(history, question),
        lacking: { ...found.lacking, ...Object.fromEntries(wrong) },
      } satisfies Look
    },
    news: watched.news,
    async more(signal) {
      await sampler.more(Math.max(0, told), signal)
      const fresh = (told < 0 ? undefined : sampler.since(told)) ?? sampler.snapshot()
      for (const { number, event } of fresh) {
        if (number <= told) continue
        await watched.take(event.event, event.data)
        told = Math.max(told, number)
      }
    },
    ended: () => sampler.ended(),
    async close() {
      sampler.stop()
      await records.close()
    },
  }
}

interface Reading {
  readonly number: number
  readonly at: number
  readonly volumes: Volumes
}

/** The last so many, one a refresh. */
const withReading = (history: readonly Reading[], reading: Reading): Reading[] =>
  [...history.filter(({ number }) => number !== reading.number), reading].slice(-intervals - 1)

/** By how much each witness has grown from reading to reading, a second. */
function sumsOf(history: readonly Reading[], { unit }: Question): Sum[] {
  const last = history.at(-1)
  return witnesses.flatMap((witness) => {
    const volume = last?.volumes[witness]
    if (!volume) return []
    const rates = history.slice(1).map(({ at, volumes }, index): Volume => {
      const before = history[index]
      const [now, former] = [volumes[witness], before?.volumes[witness]]
      const seconds = before ? (at - before.at) / 1000 : 0
      if (!now || !former || seconds <= 0) return { packets: 0, bytes: 0 }
      const grown = (what: keyof Volume): number => Math.max(0, now[what] - former[what]) / seconds
      return { packets: grown('packets'), bytes: grown('bytes') }
    })
    const rate = rates.at(-1)
    return {
      ...{ witness, volume, curve: rates.map((each) => each[unit === 'bits' ? 'bytes' : 'packets']) },
      ...(rate ? { rate } : {}),
    }
  })
}

/** What the sampler tells, as news. */
function watchedNews(directory: RunDirectory) {
  const events: Item[] = []
  const complaints: Item[] = []
  let state: LiveData<'state'> | undefined
  let signs: readonly Item[] = []
  let findings: readonly Item[] = []
  let verdict: News['verdict']
  const isFound = (cause = ''): boolean => findings.some(({ id }) => id?.startsWith(`${cause}@`))
  return {
    news: (): News => ({
      // What has been found needs no sign any more.
      items: [...findings, ...signs.filter(({ id }) => !isFound(id)), ...complaints, ...events],
      ...(verdict ? { verdict } : {}),
    }),
    async take(name: string, data: unknown): Promise<void> {
      if (name === 'timeline') events.push(eventItem(data as LiveData<'timeline'>))
      if (name === 'complaint') complaints.push(complaintItem(data as LiveData<'complaint'>))
      if (name === 'state') {
        signs = stateItems(data as LiveData<'state'>, state)
        state = data as LiveData<'state'>
      }
      if (name === 'verdict') {
        const reached = await directory.read<Verdict>('verdict').catch(() => undefined)
        if (!reached) return
        findings = findingItems(reached)
        verdict = { pass: reached.pass, findings: reached.findings.length }
      }
    },
  }
}
