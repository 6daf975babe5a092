// Where `top` has its numbers from: the port, and behind it a lab that runs (live.ts) or the records of a run (past.ts).

import type { Look, Question } from './look.ts'
import type { News } from './news.ts'

export interface Source {
  /** Whether it goes on. */
  readonly isLive: boolean
  readonly lab: string
  readonly points: readonly string[]
  /** Since when the books are open; over so long they were. Milliseconds. */
  elapsed(): number
  /** Reads what has come since the last time. */
  refresh(): Promise<void>
  /** Of what was read last. Throws FilterError. */
  look(question: Question): Promise<Look>
  news(): News
  /** Comes back when there is news, or it has ended. */
  more(signal: AbortSignal): Promise<void>
  /** A live lab that is gone. */
  ended(): boolean
  close(): Promise<void>
}

/** Intervals of curves. */
export const intervals = 60
