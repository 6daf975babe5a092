// A run's records for as long as a command looks at them, and what can be wrong with the question.

import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { backends } from '../backend/backends.ts'
import type { Collected } from '../evidence.ts'
import { FilterError } from '../query/filter.ts'
import { ListingError } from '../query/records.ts'
import { openRunArchive, type RunArchive } from '../run/archive.ts'
import type { RunDirectory } from '../run/directory.ts'
import { scratch } from '../run/scratch.ts'
import type { Patience } from '../store.ts'
import { InputError } from './exit.ts'

/** What the collectors show now, of a lab that is alive. */
async function shownNow(directory: RunDirectory): Promise<Collected | undefined> {
  const { livingLabs } = await import('./labs.ts')
  const alive = (await livingLabs()).find((each) => each.directory.path === directory.path)
  const lab = alive && (await (await backends[alive.backend]()).attach(directory.path))
  if (!lab) return undefined
  const { collectedNow } = await import('../run/collected-now.ts')
  return collectedNow(lab, alive.plan)
}

/** `asksCollectors`: what the collectors of a living lab show is of now. Throws InputError for what cannot be asked. */
export async function withArchive(
  directory: RunDirectory,
  asksCollectors: boolean,
  act: (archive: RunArchive, patience: Patience) => Promise<void>,
): Promise<void> {
  const folder = scratch()
  const interrupted = new AbortController()
  process.once('SIGINT', () => interrupted.abort())
  try {
    const now = asksCollectors ? await shownNow(directory) : undefined
    const archive = await openRunArchive(directory, folder, now)
    try {
      await act(archive, { ms: 600_000, signal: interrupted.signal })
    } finally {
      archive.close()
    }
  } catch (error) {
    if (error instanceof FilterError || error instanceof ListingError)
      throw new InputError(error.message, 'docs/records.md has all words, columns and keys')
    throw error
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** To standard output, which may close before its end. */
export const pipeFile = (path: string): Promise<void> =>
  pipeline(createReadStream(path), process.stdout, { end: false }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
