// Server-sent events over a lab that only seems to run: its run directory is kept, its nodes answer nothing, and lines are added to its
// timeline. Who comes back is told what it missed; who reads slowly holds up nobody and misses nothing of what happened.
import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn } from 'node:child_process'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Lab } from '../../src/backend.ts'
import { runDirectory } from '../../src/run/directory.ts'
import { timeline } from '../../src/run/timeline.ts'
import { createLive, type Live } from '../../src/server/live.ts'
import type { Run, Runs } from '../../src/server/runs.ts'

let home: string
let live: Live
let run: Run
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'flowlab-live-'))
  cpSync(join(import.meta.dirname, '../runs/green'), home, { recursive: true })
  const directory = runDirectory(home)
  const nothing = { spawn: () => spawn('false') } as unknown as Lab
  run = { id: 'green', directory, living: { directory, attach: async () => nothing } }
  live = createLive({ find: async () => run } as unknown as Runs)
})
afterEach(() => {
  live.close()
  rmSync(home, { recursive: true })
})

const happen = (numbers: readonly number[]): void =>
  appendFileSync(
    join(home, 'timeline.ndjson'),
    numbers.map((at) => `${JSON.stringify({ at, target: 'test', what: `line ${at}` })}\n`).join(''),
  )

interface Client {
  /** Reads until there is an event of this line of the timeline; gives the ids and lines of all since the last call. */
  readonly until: (line: string) => Promise<{ ids: string[]; lines: string[] }>
  readonly leave: () => Promise<void>
}

async function enter(lastId?: string): Promise<Client> {
  const gone = new AbortController()
  const reader = (await live.stream(run, lastId, gone.signal)).getReader()
  return {
    async until(line) {
      const [ids, lines]: [string[], string[]] = [[], []]
      while (!lines.includes(line)) {
        const { value, done } = await reader.read()
        if (done) throw new Error(`the stream ended before ${line}`)
        for (const [, id = '', event, data = ''] of Buffer.from(value as Uint8Array)
          .toString()
          .matchAll(/^id: (\S+)\nevent: (\w+)\ndata: (.*)$/gm)) {
          ids.push(id)
          if (event === 'timeline') lines.push((JSON.parse(data) as { what: string }).what)
        }
      }
      return { ids, lines }
    },
    async leave() {
      gone.abort()
      await reader.cancel()
    },
  }
}

test('who comes back with the last id is told what it missed, once', async () => {
  const before = timeline(run.directory).length
  const first = await enter()
  happen([1])
  const { ids, lines } = await first.until('line 1')
  expect([lines.length, new Set(ids).size]).toEqual([before + 1, ids.length])
  await first.leave()
  happen([2, 3])
  const again = await enter(ids.at(-1))
  expect((await again.until('line 3')).lines).toEqual(['line 2', 'line 3'])
  await again.leave()
  // An id of another watching, such as before a restart, means: from the begin.
  const stranger = await enter('elsewhere-7')
  expect((await stranger.until('line 3')).lines).toHaveLength(before + 3)
  await stranger.leave()
})

test('a slow client holds up nobody, and is told all that happened when it reads again', async () => {
  const before = timeline(run.directory).length
  const [slow, quick] = [await enter(), await enter()]
  const many = Array.from({ length: 6_000 }, (_, index) => index)
  happen(many)
  const told = await quick.until('line 5999')
  expect(told.lines).toHaveLength(before + many.length)
  const late = await slow.until('line 5999')
  expect(late.lines.filter((line) => line.startsWith('line '))).toEqual(many.map((at) => `line ${at}`))
  await Promise.all([slow.leave(), quick.leave()])
})
