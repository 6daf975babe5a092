// Which of many prefixes lie in another one. Two prefixes are either disjoint or one lies in the other, so sorted by their
// first address, the larger first, each need be compared with those only that are still open.
import { covers } from '../../kernel/address.ts'
import type { Prefix } from '../../kernel/address.ts'

/** Each pair of an item and the smallest earlier one that its prefix lies in; of equal prefixes the first stands for all. O(n log n). */
export function overlaps<T extends { readonly prefix: Prefix }>(items: readonly T[]): [outer: T, inner: T][] {
  const sorted = items.toSorted(({ prefix: a }, { prefix: b }) => {
    if (a.address.family !== b.address.family) return a.address.family - b.address.family
    if (a.address.value !== b.address.value) return a.address.value < b.address.value ? -1 : 1
    return a.length - b.length
  })
  const pairs: [T, T][] = []
  const open: T[] = []
  for (const item of sorted) {
    let outer = open.at(-1)
    while (outer && !covers(outer.prefix, item.prefix.address)) {
      open.pop()
      outer = open.at(-1)
    }
    if (outer) pairs.push([outer, item])
    if (outer?.prefix.length !== item.prefix.length) open.push(item)
  }
  return pairs
}
