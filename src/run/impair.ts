// What a link does to what crosses it, changed while the lab runs: by an event of the lab file, or asked for by the user.

import type { Lab } from '../backend.ts'
import { forwarding, shaping } from '../plan/impairment.ts'
import type { End, LinkPlan, NodePlan, Plan } from '../plan/plan.ts'
import type { Impairment } from '../topology/topology.ts'
import { say } from './ask.ts'
import type { Run } from './conduct.ts'
import { note, timeline } from './timeline.ts'

export const joins = ({ ends }: LinkPlan, wanted: End): boolean =>
  ends.some((end) => end.node === wanted.node && end.interface === wanted.interface)

/** The wire in the middle of the link with these ends; undefined where they are linked directly. */
export const wireBetween = (plan: Plan, ends: readonly End[]): NodePlan | undefined =>
  plan.nodes.find(
    ({ name, kind }) =>
      kind === 'wire' &&
      ends.every((wanted) =>
        plan.links.some((link) => link.ends.some((end) => end.node === name) && joins(link, wanted)),
      ),
  )

/** From now on the wire does this, and nothing else, to what crosses it in each direction. */
export async function impair(lab: Lab, wire: NodePlan, impairment: Impairment = {}): Promise<void> {
  const mtu = Math.min(...wire.interfaces.map((port) => port.mtu))
  await say(lab, wire.name, ['tc', '-batch', '-'], shaping(impairment, mtu))
  await say(lab, wire.name, ['nft', '-f', '-'], forwarding(impairment.loss))
}

/**
 * Asked for by the user: an event like one of the lab file, which lasts until the next of the same link.
 * @param asked absent: the link is again as the lab file has it
 */
export async function impairAsEvent(
  { lab, directory }: Omit<Run, 'step'>,
  wire: NodePlan,
  link: string,
  asked: Impairment | undefined,
): Promise<void> {
  const target = `link ${link}`
  const own = timeline(directory).filter((entry) => entry.target === target && entry.event !== undefined)
  const begun = own.filter(({ what, phase }) => what === 'impair' && phase === 'begin')
  const name = begun.at(-1)?.event
  const isOpen = !own.some(({ event, phase }) => event === name && phase === 'end')
  const event = `${target} impair${begun.length === 0 ? '' : ` ${begun.length + 1}`}`
  if (asked) note(directory, 'impair', target, { event, phase: 'begin' })
  await impair(lab, wire, { ...wire.impairment, ...asked })
  if (name !== undefined && isOpen) note(directory, 'undone', target, { event: name, phase: 'end' })
}
