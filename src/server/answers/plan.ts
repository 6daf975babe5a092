// The plan of a run, read once: every other answer begins with it.

import type { Plan } from '../../plan/plan.ts'
import { value } from '../files.ts'
import { absent } from '../refusal.ts'
import type { Run } from '../runs.ts'

const kept = new Map<string, Promise<Plan>>()
const most = 20

/** A plan never changes in the life of a run directory. Throws Refusal where it is not there. */
export function planOf(run: Run): Promise<Plan> {
  const known = kept.get(run.directory.path)
  if (known) return known
  const plan = value<Plan>(run.directory, 'plan').then((found) => {
    if (!found) throw absent('the plan')
    return found
  })
  plan.catch(() => kept.delete(run.directory.path))
  kept.set(run.directory.path, plan)
  for (const path of kept.keys()) if (kept.size > most) kept.delete(path)
  return plan
}
