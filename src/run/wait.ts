// Waiting for conditions. Nothing in a run waits for a time: a deadline only says when waiting has become pointless.

import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../backend.ts'
import { milliseconds, type Milliseconds } from '../kernel/units.ts'

/** A condition did not come true in time; `what` says which, `missing` what was still missing. */
export class WaitError extends LabError {
  constructor(what: string, missing: string, deadline: Milliseconds) {
    super(
      `${what}: not after ${deadline / 1000} s; ${missing}`,
      'see the logs of its nodes in the run directory, nodes/NODE/log/PROCESS.log',
    )
    this.name = 'WaitError'
  }
}

/** From one look to the next, in ms: the longer it has taken the longer, for looking takes processor time from what is waited for. */
const pause = (waited: number): number => Math.min(Math.max(25, waited / 8), 100)

/** From one look to the next; no more than half of the time is spent looking. */
const rest = (waited: number, took: number): Promise<void> => sleep(Math.max(pause(waited), took))

/** Looks again and again until nothing is missing. Throws WaitError after the deadline. */
export async function until(
  what: string,
  missing: () => Promise<string | undefined>,
  deadline: Milliseconds = milliseconds(60_000),
): Promise<void> {
  const begin = Date.now()
  for (;;) {
    const begun = Date.now()
    const lack = await missing()
    if (lack === undefined) return
    const waited = Date.now() - begin
    if (waited > deadline) throw new WaitError(what, lack, deadline)
    await rest(waited, Date.now() - begun)
  }
}

/** How long a value must stay as it is to be taken for its last. */
export const patience = milliseconds(1_500)

/**
 * Reads a value until it is what it should be, or has stopped changing: then what is missing will not come. Healthy labs
 * never wait for `still`. `mark` is the same as long as a value that is large is.
 */
export async function settled<T>(
  read: () => Promise<T>,
  isComplete: (value: T) => boolean,
  still: Milliseconds = patience,
  mark: (value: T) => string = JSON.stringify,
): Promise<T> {
  const begin = Date.now()
  let [last, since] = ['', begin]
  for (;;) {
    const begun = Date.now()
    const value = await read()
    if (isComplete(value)) return value
    const seen = mark(value)
    if (seen !== last) since = Date.now()
    last = seen
    if (Date.now() - since > still) return value
    await rest(Date.now() - begin, Date.now() - begun)
  }
}

/** What comes of something within the deadline; throws WaitError after it. What hangs is left to itself. */
export async function within<T>(what: string, act: Promise<T>, deadline: Milliseconds): Promise<T> {
  const timer = new AbortController()
  const late = sleep(deadline, undefined, { signal: timer.signal }).then(() => {
    throw new WaitError(what, 'no answer came', deadline)
  })
  try {
    return await Promise.race([act, late])
  } finally {
    timer.abort()
  }
}
