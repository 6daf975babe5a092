// What `ui`, `run --ui` and `deploy --ui` have in common: a server that knows all labs of this user, and a browser, if asked for.

import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { backends } from '../backend/backends.ts'
import { listen, type Listening } from '../server/listen.ts'
import { findRuns } from '../server/runs.ts'
import { InputError } from './exit.ts'
import { allLabs } from './labs.ts'

export interface ServeOptions {
  readonly runs: string
  readonly port: number
  readonly listen?: string
  readonly open?: boolean
}

/** Throws InputError where the address or port cannot be had. */
export async function serve({ runs, port, listen: address, open }: ServeOptions): Promise<Listening> {
  const home = resolve(runs)
  const found = findRuns(home, async () =>
    (await allLabs()).flatMap(({ plan, directory, backend }) =>
      plan ? [{ directory, attach: async () => (await backends[backend]()).attach(directory.path) }] : [],
    ),
  )
  const listening = await listen(
    { home, runs: found },
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
