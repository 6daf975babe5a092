// The recordings of a running lab's exports as they grow: into the store goes what has come since the last time.

import { stat } from 'node:fs/promises'
import { exporters, exportName } from '../plan/exporters.ts'
import type { Plan } from '../plan/plan.ts'
import { followExports, type FollowedExports } from '../replay/exports.ts'
import { recordsInto, type RecordsTaker } from '../replay/records.ts'
import { literal, type Store } from '../store.ts'
import { type RunDirectory, recordingFile } from './directory.ts'

type Side = 'exported' | 'arrived'

interface Followed {
  readonly inode: number
  readonly exports: FollowedExports
  size: number
}

/** Of all exporters' recordings on one side of their way. One that begins anew, as after a node's crash, replaces what it said. */
export function followRecordings(store: Store, plan: Plan, directory: RunDirectory, side: Side) {
  const followed = new Map<string, Followed>()
  let taker: RecordsTaker | undefined

  async function follow(probe: string, file: string): Promise<Followed | undefined> {
    const known = followed.get(probe)
    const found = await stat(file).catch(() => undefined)
    if (!found) return known
    if (known && found.ino === known.inode && found.size >= known.size)
      return Object.assign(known, { size: found.size })
    if (known) {
      await known.exports.close()
      await store.ask(`DELETE FROM ${side} WHERE probe = ${literal(probe)}`)
    }
    const exports = followExports(file, {
      take: (batch) => taker?.take(batch),
      settle: async () => taker?.settle(),
    })
    const begun = { inode: found.ino, size: found.size, exports }
    followed.set(probe, begun)
    return begun
  }

  return {
    async catchUp(): Promise<void> {
      for (const each of exporters(plan)) {
        const probe = exportName(each)
        const own = await follow(probe, recordingFile(directory, plan, each, side))
        await store.load(side, { probe }, async (loader) => {
          taker = recordsInto(loader)
          await own?.exports.catchUp().finally(() => (taker = undefined))
        })
      }
    },
    close: (): Promise<unknown> => Promise.all([...followed.values()].map(({ exports }) => exports.close())),
  }
}
