// The watcher beside a lab in containers: follows the engine's events and its owner's end. A node that was started anew gets its
// links back; a lab whose owner has ended without keeping it is taken down; when the last container is gone there is nothing
// left to watch.

import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Lab } from '../../backend.ts'
import { label } from './containers.ts'
import { asked, connect } from './engine.ts'
import { containersOf, cutOff, labIn } from './lab.ts'
import { isOfRestart } from './owner.ts'

interface Event {
  readonly Action?: string
  readonly timeNano?: number
  readonly Actor?: { readonly Attributes?: Readonly<Record<string, string>> }
}

/**
 * Comes back when the lab is gone. `owner`: lines `built MS`, with the time since the epoch, and `keep`; its end is the owner's.
 * `watching` is called when no event will be missed any more, `returned` for each node that somebody or the engine has started anew,
 * with the time at which it had died, ms since the epoch.
 */
export async function watch(
  directory: string,
  owner: Readable,
  watching: () => void,
  returned: (lab: Lab, node: string, since: number) => Promise<void>,
): Promise<void> {
  const engine = await connect()
  const lab = labIn(engine, directory)
  const events = await asked(
    engine.getEvents({
      filters: {
        type: ['container'],
        event: ['die', 'start', 'destroy'],
        label: [`${label.directory}=${directory}`],
      },
    }),
  )
  // An engine may tell of what happened before the lab was built when it is long there: Podman does.
  let built = Infinity
  let isKept = false
  const orders = createInterface({ input: owner })
  orders.on('line', (order) => {
    if (order.startsWith('built ')) built = Number(order.slice('built '.length))
    isKept ||= order === 'keep'
  })
  orders.once('close', () => {
    if (!isKept) void lab.destroy().then(() => process.exit(0))
  })
  watching()
  // One node after the other: two that are neighbours would make the same link.
  let last = Promise.resolve()
  const died = new Map<string, number>()
  for await (const line of createInterface({ input: events })) {
    const { Action: action, Actor: actor, timeNano = 0 } = JSON.parse(line) as Event
    const node = actor?.Attributes?.[label.node]
    const at = Math.floor(timeNano / 1e6)
    // A death is a restart's only if a start follows; what is destroyed stays away.
    if (action === 'die' && node !== undefined) died.set(node, at)
    if (node !== undefined && at > built && !isOfRestart(directory, node, at)) {
      const since = died.get(node) ?? at
      if (action === 'die') last = last.then(() => cutOff(engine, directory, node)).catch(() => {})
      if (action === 'start') last = last.then(() => returned(lab, node, since)).catch(() => {})
    }
    if (action === 'destroy' && isKept && (await containersOf(engine, directory)).length === 0) return
  }
}
