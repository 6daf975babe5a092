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

/** Looks again and again until nothing is missing. Throws WaitError after the deadline. */
export async function until(
  what: string,
  missing: () => Promise<string | undefined>,
  deadline: Milliseconds = milliseconds(60_000),
): Promise<void> {
  const begin = Date.now()
  for (;;) {
    const lack = await missing()
    if (lack === undefined) return
    const waited = Date.now() - begin
    if (waited > deadline) throw new WaitError(what, lack, deadline)
    await sleep(pause(waited))
  }
}

/** How long a value must stay as it is to be taken for its last. */
export const patience = milliseconds(1_500)

/**
 * Reads a value until it is what it should be, or has stopped changing: then what is missing will not come. Healthy labs
 * never wait for `still`.
 */
export async function settled<T>(
  read: () => Promise<T>,
  isComplete: (value: T) => boolean,
  still: Milliseconds = patience,
): Promise<T> {
  const begin = Date.now()
  let [last, since] = ['', begin]
  for (;;) {
    const value = await read()
    if (isComplete(value)) return value
    const seen = JSON.stringify(value)
    if (seen !== last) since = Date.now()
    last = seen
    if (Date.now() - since > still) return value
    await sleep(pause(Date.now() - begin))
  }
}
