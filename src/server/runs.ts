// Which runs there are: the run directories below one directory, and the labs that run, wherever their directories are. A run is
// found by its id in this list; no path is ever made from what a client sends.

import { createHash } from 'node:crypto'
import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Lab } from '../backend.ts'
import type { TimelineEntry } from '../evidence.ts'
import type { Plan } from '../plan/plan.ts'
import { type RunDirectory, runDirectory } from '../run/directory.ts'
import { timeline } from '../run/timeline.ts'
import type { RunItem } from './api/runs.ts'
import { value } from './files.ts'
import { absent } from './refusal.ts'

/** A lab that runs. */
export interface Living {
  readonly directory: RunDirectory
  /** undefined where it has just ended. */
  readonly attach: () => Promise<Lab | undefined>
}

export interface Run {
  readonly id: string
  readonly directory: RunDirectory
  /** Of a lab that runs. */
  readonly living?: Living
}

export interface Runs {
  /** Youngest first. */
  readonly list: () => Promise<{ readonly items: readonly RunItem[]; readonly left: number }>
  /** Throws Refusal where there is no such run. */
  readonly find: (id: string) => Promise<Run>
  readonly item: (run: Run) => Promise<RunItem>
}

/** Runs in the list; older ones are counted only. */
const most = 500
/** `runs/LAB/TIME` and one more. */
const deepest = 3
/** Directories that are looked into. */
const mostDirectories = 20_000
/** How long what was found is believed, in ms. */
const believed = 1_000

export const idOf = (path: string): string =>
  `${basename(path).replaceAll(/[^\w.-]/g, '_')}-${createHash('sha256').update(path).digest('hex').slice(0, 10)}`

export function findRuns(homes: readonly string[], living: () => Promise<readonly Living[]>): Runs {
  const look = remembered(async () => {
    const [paths, labs] = await Promise.all([runDirectories(homes), living()])
    const known = new Map<string, Run>()
    for (const path of paths) known.set(idOf(path), { id: idOf(path), directory: runDirectory(path) })
    for (const lab of labs) {
      const id = idOf(lab.directory.path)
      known.set(id, { id, directory: lab.directory, living: lab })
    }
    return known
  }, believed)
  const kept = new Map<string, { readonly of: string; readonly item: RunItem }>()

  async function item(run: Run): Promise<RunItem> {
    const of = await marksOf(run)
    const before = kept.get(run.id)
    if (before?.of === of) return before.item
    const found = await itemOf(run)
    kept.set(run.id, { of, item: found })
    return found
  }

  return {
    item,
    async find(id) {
      const run = (await look()).get(id)
      if (!run) throw absent(`run ${id.slice(0, 100)}`)
      return run
    },
    async list() {
      const found: RunItem[] = []
      for (const run of (await look()).values()) {
        const each = await item(run).catch(() => undefined)
        if (each) found.push(each)
      }
      found.sort((a, b) => Number(b.live) - Number(a.live) || b.begun - a.begun || (a.id < b.id ? -1 : 1))
      return { items: found.slice(0, most), left: Math.max(0, found.length - most) }
    },
  }
}

/** Does the work once for all who ask within `ms`. */
function remembered<T>(act: () => Promise<T>, ms: number): () => Promise<T> {
  let last: { readonly at: number; readonly result: Promise<T> } | undefined
  return () => {
    if (last && performance.now() - last.at < ms) return last.result
    const result = act()
    last = { at: performance.now(), result }
    result.catch(() => (last = undefined))
    return result
  }
}

/** Directories with a plan.json, at and below `homes`; links are not followed. */
async function runDirectories(homes: readonly string[]): Promise<string[]> {
  const found: string[] = []
  const tops = await Promise.all(homes.map((home) => realpath(home).catch(() => [])))
  let layer = tops.flat()
  let looked = 0
  for (let depth = 0; depth <= deepest && layer.length > 0; depth++) {
    const next: string[] = []
    for (const path of layer) {
      if (++looked > mostDirectories) return found
      const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
      if (entries.some((entry) => entry.name === 'plan.json' && entry.isFile())) found.push(path)
      else
        next.push(
          ...entries.flatMap((entry) =>
            entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules'
              ? [join(path, entry.name)]
              : [],
          ),
        )
    }
    layer = next
  }
  return found
}

/** By what it is told that a run is as it was. */
async function marksOf({ directory, living }: Run): Promise<string> {
  const times = await Promise.all(
    ['plan.json', 'verdict.json', 'timeline.ndjson', 'collected.json'].map((name) =>
      stat(directory.file(name)).then(
        ({ mtimeMs, size }) => `${mtimeMs} ${size}`,
        () => '',
      ),
    ),
  )
  return [living !== undefined, ...times].join(' ')
}

async function itemOf({ id, directory, living }: Run): Promise<RunItem> {
  const plan = await value<Plan>(directory, 'plan')
  if (!plan) throw absent(`the plan of ${id}`)
  const entries = timeline(directory)
  const [made, verdict, isWhole] = await Promise.all([
    stat(directory.file('plan.json')),
    value<{ pass: boolean; findings: unknown[] }>(directory, 'verdict').catch(() => undefined),
    stat(directory.file('collected.json')).then(
      () => true,
      () => false,
    ),
  ])
  const ended = lastOf(entries, 'closed')
  return {
    id,
    lab: plan.lab,
    directory: directory.path,
    live: living !== undefined,
    state: living ? 'live' : verdict ? 'judged' : isWhole ? 'unjudged' : 'cut short',
    begun: entries[0]?.at ?? Math.round(made.mtimeMs),
    ...(ended === undefined ? {} : { ended }),
    ...(verdict ? { pass: verdict.pass, findings: verdict.findings.length } : {}),
    nodes: plan.nodes.filter(({ kind }) => kind !== 'wire').length,
    links: plan.links.length - plan.nodes.filter(({ kind }) => kind === 'wire').length,
    probes: plan.probes.length,
    collectors: plan.collectors.length,
  }
}

const lastOf = (entries: readonly TimelineEntry[], what: string): number | undefined =>
  entries.findLast((entry) => entry.target === 'books' && entry.what === what)?.at
