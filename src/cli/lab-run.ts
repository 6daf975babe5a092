// One lab from nothing to its verdict, and away again.

import { closeBooks, reopen, traffic } from '../run/conduct.ts'
import type { RunDirectory } from '../run/directory.ts'
import type { ParsedVariant } from '../topology/parse.ts'
import type { Verdict } from '../verify/verdict.ts'
import { unlessInterrupted } from './interrupt.ts'
import type { Progress } from './progress.ts'
import { bringUp, type Wishes } from './session.ts'
import { reachVerdict } from './verdict.ts'

export interface LabRun {
  readonly verdict: Verdict
  readonly directory: RunDirectory
}

/** @param keep whether the lab is left running. */
export async function runLab(
  parsed: ParsedVariant,
  wishes: Wishes & { readonly keep?: boolean },
  shown?: Progress,
): Promise<LabRun> {
  try {
    const session = await bringUp(parsed, wishes, shown)
    const { lab, directory, progress, release } = session
    try {
      await traffic(session)
      await closeBooks(session)
      if (wishes.keep) await reopen(session)
    } catch (error) {
      await lab.destroy()
      release()
      throw error
    }
    if (wishes.keep) await lab.keep()
    else await progress.step('destroy', () => lab.destroy())
    release()
    return { verdict: await reachVerdict(directory, progress), directory }
  } catch (error) {
    await unlessInterrupted()
    throw error
  }
}
