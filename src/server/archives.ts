// The records of runs, opened when they are first asked for and kept open for those who ask next: a few at a time, each opened anew
// when its run has gone on. So many questions at once, so long each, and no more.

import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Collected } from '../evidence.ts'
import type { Plan } from '../plan/plan.ts'
import { marksOf, openRunArchive, type RunArchive } from '../run/archive.ts'
import { collectedNow } from '../run/collected-now.ts'
import { scratch } from '../run/scratch.ts'
import { planOf } from './answers/plan.ts'
import { Refusal } from './refusal.ts'
import { remembered } from './remembered.ts'
import type { Run } from './runs.ts'

export interface Archives {
  /** Throws Refusal where too many ask already. */
  readonly use: <T>(run: Run, act: (archive: RunArchive) => Promise<T>) => Promise<T>
  readonly close: () => Promise<void>
}

interface Open {
  readonly marks: string
  readonly archive: Promise<RunArchive>
  readonly folder: string
  /** Until when it is new enough of a live lab; while it is being read it is. */
  freshTill: number
  users: number
  isOld: boolean
}

const mostOpen = 4
/** Questions that run or wait. */
const mostAsking = 48
/** A live lab's records are this old at the most before they are read again, in ms; reading takes a fifth of the time at the most. */
const age = 3_000
const rest = 4

export function openArchives(): Archives {
  const home = scratch()
  const open = new Map<string, Open>()
  let asking = 0
  let number = 0

  /** What the collectors of a living lab show; one that does not answer shows nothing. */
  async function now({ living }: Run, plan: Plan): Promise<Collected | undefined> {
    const lab = await living?.attach()
    return lab && collectedNow(lab, plan).catch(() => undefined)
  }

  function leave(each: Open): void {
    if (!each.isOld || each.users > 0) return
    void each.archive
      .then((archive) => archive.close())
      .catch(() => {})
      .then(() => rm(each.folder, { recursive: true, force: true }))
  }

  function retire(id: string): void {
    const each = open.get(id)
    if (!each) return
    open.delete(id)
    each.isOld = true
    leave(each)
  }

  async function opened(run: Run): Promise<Open> {
    const plan = await planOf(run)
    const known = open.get(run.id)
    const begun = performance.now()
    if (known && run.living && begun < known.freshTill) return known
    const marks = marksOf(run.directory, plan)
    const again = open.get(run.id)
    if (again?.marks === marks) return again
    retire(run.id)
    const folder = join(home, String(++number))
    const archive = now(run, plan)
      .then((collected) => openRunArchive(run.directory, folder, collected))
      .then(remembered)
    const made: Open = { marks, archive, folder, freshTill: Infinity, users: 0, isOld: false }
    open.set(run.id, made)
    archive.then(
      () => {
        const read = performance.now()
        made.freshTill = read + Math.max(age, rest * (read - begun))
      },
      () => {
        if (open.get(run.id) === made) retire(run.id)
      },
    )
    for (const id of open.keys()) if (open.size > mostOpen && id !== run.id) retire(id)
    return made
  }

  return {
    async use(run, act) {
      if (asking >= mostAsking)
        throw new Refusal(503, { error: 'too many questions at once', remedy: 'ask again in a moment' })
      asking++
      let mine: Open | undefined
      try {
        mine = await opened(run)
        mine.users++
        return await act(await mine.archive)
      } finally {
        asking--
        if (mine) {
          mine.users--
          leave(mine)
        }
      }
    },
    async close() {
      for (const id of open.keys()) retire(id)
      await rm(home, { recursive: true, force: true })
    },
  }
}
