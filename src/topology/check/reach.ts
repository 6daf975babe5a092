// The widest way between two nodes: of all ways over the links, the largest MTU that one of them has throughout. Nodes are
// joined in the order of falling MTU, and each join keeps the MTU at which it was made, so that any pair is answered by
// climbing a tree of logarithmic depth.

export interface Edge {
  readonly ends: readonly [string, string]
  readonly mtu: number
}

/** Answers the MTU of the widest way between two nodes; 0 where there is none. */
export function widestWays(edges: readonly Edge[]): (from: string, to: string) => number {
  const parents = new Map<string, { readonly node: string; readonly mtu: number }>()
  const sizes = new Map<string, number>()

  const rootOf = (node: string): string => {
    let root = node
    for (let up = parents.get(root); up; up = parents.get(root)) root = up.node
    return root
  }
  for (const { ends, mtu } of edges.toSorted((a, b) => b.mtu - a.mtu)) {
    const [a, b] = [rootOf(ends[0]), rootOf(ends[1])]
    if (a === b) continue
    const [sizeA, sizeB] = [sizes.get(a) ?? 1, sizes.get(b) ?? 1]
    const [small, large] = sizeA < sizeB ? [a, b] : [b, a]
    parents.set(small, { node: large, mtu })
    sizes.set(large, sizeA + sizeB)
  }

  // Joins were made at ever smaller MTUs, so the way up never gets wider: its last step is its narrowest.
  return (from, to) => {
    const climbed = new Map([[from, Infinity]])
    for (let up = parents.get(from); up; up = parents.get(up.node)) climbed.set(up.node, up.mtu)
    let narrowest = Infinity
    for (let node = to; ; ) {
      const met = climbed.get(node)
      if (met !== undefined) return Math.min(narrowest, met)
      const up = parents.get(node)
      if (!up) return 0
      narrowest = up.mtu
      node = up.node
    }
  }
}
