// A run's records for as long as a command looks at them, and what can be wrong with the question.

import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { FilterError } from '../query/filter.ts'
import { ListingError } from '../query/records.ts'
import { openRunArchive, type RunArchive } from '../run/archive.ts'
import type { RunDirectory } from '../run/directory.ts'
import { scratch } from '../run/scratch.ts'
import type { Patience } from '../store.ts'
import { InputError } from './exit.ts'

/** Throws InputError for what cannot be asked. */
export async function withArchive(
  directory: RunDirectory,
  act: (archive: RunArchive, patience: Patience) => Promise<void>,
): Promise<void> {
  const folder = scratch()
  const interrupted = new AbortController()
  process.once('SIGINT', () => interrupted.abort())
  try {
    const archive = await openRunArchive(directory, folder)
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
