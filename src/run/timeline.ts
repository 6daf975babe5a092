// What happened in a run, and when: a line of JSON each, written at once, so that it survives whatever comes.

import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import type { TimelineEntry } from '../evidence.ts'
import type { RunDirectory } from './directory.ts'

const name = 'timeline.ndjson'

export function note(
  directory: RunDirectory,
  what: string,
  target: string,
  more: Partial<Pick<TimelineEntry, 'at' | 'event' | 'phase'>> = {},
): void {
  const entry: TimelineEntry = { at: Date.now(), what, target, ...more }
  appendFileSync(directory.file(name), `${JSON.stringify(entry)}\n`)
}

export function timeline(directory: RunDirectory): TimelineEntry[] {
  const file = directory.file(name)
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as TimelineEntry)
}
