// The names of interfaces: where an end of a link names none it gets the node's next ethN that is not named elsewhere.
import type { WrittenEndpoint } from './scalars.ts'
import type { InterfaceName } from './topology.ts'

/** Names the ends of all links, in their order in the file; what could not be read stays undefined. */
export function nameInterfaces<E extends WrittenEndpoint | undefined>(
  ends: readonly E[],
): (InterfaceName | Extract<E, undefined>)[] {
  const taken = new Set(ends.map((end) => end && `${end.node}:${end.interface}`))
  const next = new Map<string, number>()
  return ends.map((end) => {
    if (end === undefined) return end as Extract<E, undefined>
    const { node } = end
    if (end.interface !== undefined) return { node, interface: end.interface }
    let number = next.get(node) ?? 0
    while (taken.has(`${node}:eth${number}`)) number++
    next.set(node, number + 1)
    return { node, interface: `eth${number}` }
  })
}
