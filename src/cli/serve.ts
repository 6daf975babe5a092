// What `ui`, `run --ui` and `deploy --ui` have in common: a server that knows all labs of this user, and a browser, if asked for.

import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { backends } from '../backend/backends.ts'
import { listen, type Listening } from '../server/listen.ts'
import { findRuns } from '../server/runs.ts'
import { type Place, placeOf } from './chart-place.ts'
import { InputError } from './exit.ts'
import { allLabs } from './labs.ts'

export interface ServeOptions {
  /** Directories with run directories. */
  readonly runs: readonly string[]
  readonly port: number
  readonly listen?: string
  readonly open?: boolean
  /** Where `flowlab chart` keeps its definitions and numbers. */
  readonly charts?: Partial<Place>
}

/** Throws InputError where the address or port cannot be had. */
export async function serve({
  runs,
  port,
  listen: address,
  open,
  charts = {},
}: ServeOptions): Promise<Listening> {
  const homes = runs.map((each) => resolve(each))
  const found = findRuns(homes, async () =>
    (await allLabs()).flatMap(({ plan, directory, backend }) =>
      plan ? [{ directory, attach: async () => (await backends[backend]()).attach(directory.path) }] : [],
    ),
  )
  const listening = await listen(
    { homes, runs: found, charts: { ...placeOf(charts), options: optionsOf(charts) } },
    { port, ...(address === undefined ? {} : { address }) },
  ).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(
      `the page cannot be served on ${address ?? '127.0.0.1'}, port ${port}: ${error.message}`,
      '--port 0 takes one that is free',
    )
  })
  if (open)
    spawn('xdg-open', [listening.url], { stdio: 'ignore', detached: true })
      .on('error', () => {})
      .unref()
  return listening
}

/** As they were given. A server's URL may have a password, which is nothing for a page. */
const optionsOf = ({ data, database }: Partial<Place>): Record<string, string> => ({
  ...(data === undefined ? {} : { data: resolve(data) }),
  ...(database === undefined || database.includes('://') ? {} : { database: resolve(database) }),
})

/** Serves until the user has had enough, then ends the process with the exit code that there is. */
export function untilInterrupted({ close }: Listening): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void close().then(() => process.exit()))
}

/** For a verb that brings up a lab: the page opens at once, and stays when the verb has done its work. */
export async function serveBeside(
  { dir }: { readonly dir?: string },
  act: () => Promise<void>,
): Promise<void> {
  const listening = await serve({ runs: ['runs', ...(dir === undefined ? [] : [dir])], port: 0, open: true })
  process.stderr.write(`${listening.url}\n`)
  try {
    await act()
  } catch (error) {
    await listening.close()
    throw error
  }
  process.stderr.write(`${listening.url} stays until it is interrupted\n`)
  untilInterrupted(listening)
}
