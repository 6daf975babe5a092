// Which link of a running lab a verb is about, and the wire in its middle.

import type { NodePlan, Plan } from '../plan/plan.ts'
import { wireBetween } from '../run/impair.ts'
import { type Ends, meantLinks } from '../topology/links.ts'
import { InputError } from './exit.ts'

/** Throws InputError where none, or more than one, is meant, or where the link has no wire. */
export function linkOf(plan: Plan, named: string): { readonly wire: NodePlan; readonly name: string } {
  const all = linksOf(plan)
  const meant = meantLinks(named, all)
  const [only] = meant
  if (!only)
    throw new InputError(
      `${plan.lab} has no link "${named}"`,
      `its links: ${all.map(([a, b]) => `${a.node}:${b.node}`).join(', ')}`,
    )
  if (meant.length > 1)
    throw new InputError(
      `"${named}" names ${meant.length} links`,
      `name an interface: ${meant.map(([a]) => `${a.node}:${a.interface}`).join(', ')}`,
    )
  const wire = wireBetween(plan, only)
  if (wire) return { wire, name: `${only[0].node}:${only[1].node}` }
  throw new InputError(
    `link ${named} has no wire that could impair it`,
    'write `impair: on` at the link in the lab file and deploy it again',
  )
}

/** Both halves of an impaired link are one. */
function linksOf({ nodes, links }: Plan): Ends[] {
  const wires = new Set(nodes.flatMap(({ name, kind }) => (kind === 'wire' ? [name] : [])))
  return links.flatMap(({ ends: [a, b] }): Ends[] => {
    if (wires.has(a.node)) return []
    const far = wires.has(b.node) ? links.find(({ ends: [near] }) => near.node === b.node)?.ends[1] : b
    return far ? [[a, far]] : []
  })
}
