// Everything that labs need of the machine, examined side by side.

import { isRoot } from '../backend/sandbox/namespace.ts'
import type { Plan } from '../plan/plan.ts'
import type { Check } from './check.ts'
import { checkNamespaces } from './namespaces.ts'
import { bundles, checkPrograms, locate } from './programs.ts'
import { checkSubordinateIds } from './subids.ts'

/** All that labs can need, or only what this plan needs. Never throws: what cannot be found out is `unknown`. */
export async function examine(plan?: Plan): Promise<Check[]> {
  const programs = checkPrograms(bundles(plan))
  const ids = isRoot ? [] : [await checkSubordinateIds()]
  const mapped = ids.every(({ state }) => state === 'ok') && (await locate('newuidmap')) !== undefined
  const namespaces = checkNamespaces(mapped, plan)
  return [...(await programs), ...ids, ...(await namespaces)]
}

/** What the plan needs and the machine lacks; empty where the lab can run. */
export const lacking = async (plan: Plan): Promise<Check[]> =>
  (await examine(plan)).filter(({ state }) => state === 'missing')
