// Makes a board better, move by move: nodes within their AS, ASes among each other. At first what makes it worse is taken too, now and
// then, so that it does not stay at the first place where nothing near is better (Kirkpatrick, Gelatt and Vecchi, 1983). The choices
// are random and always the same.

import { type Board, createJudge } from './board.ts'

/** mulberry32: fractions in [0, 1). */
function fractions(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export interface Heat {
  readonly from: number
  readonly to: number
  readonly moves: number
}

interface Move {
  readonly nodes: readonly number[]
  readonly groups: readonly number[]
  readonly act: () => void
}

/** Gives what is still wrong. */
export function anneal(board: Board, { from, to, moves }: Heat, seed: number): number {
  const { groupOf, links, members, x, y } = board
  const judge = createJudge(board)
  const next = fractions(seed)
  const below = (count: number): number => Math.floor(next() * count)
  const nodes = groupOf.map((_, node) => node)
  const groups = members.map((_, group) => group)
  const large = nodes.filter((node) => members[groupOf[node]!]!.length > 1)

  /** A node to a place beside one that it is linked with, or a step away; who stands there takes its place. */
  function inner(): Move {
    const node = large[below(large.length)]!
    const own = members[groupOf[node]!]!
    const mates = board.linksOf[node]!.flatMap((link) =>
      links[link]!.filter((end) => end !== node && own.includes(end)),
    )
    const about =
      mates.length > 0 && next() < 0.5
        ? mates[below(mates.length)]!
        : next() < 0.3
          ? own[below(own.length)]!
          : node
    const [tx, ty] = [x[about]! + 2 * (below(3) - 1), y[about]! + 2 * (below(3) - 1)]
    const there = own.find((each) => x[each] === tx && y[each] === ty)
    const [fx, fy] = [x[node]!, y[node]!]
    return {
      nodes: there === undefined || there === node ? [node] : [node, there],
      groups: [groupOf[node]!],
      act() {
        if (there !== undefined) [x[there], y[there]] = [fx, fy]
        ;[x[node], y[node]] = [tx, ty]
      },
    }
  }

  function shifted(group: number, dx: number, dy: number): void {
    for (const node of members[group]!) {
      x[node]! += dx
      y[node]! += dy
    }
  }

  const middle = (group: number): [number, number] => {
    const own = members[group]!
    return [
      Math.round(own.reduce((sum, node) => sum + x[node]!, 0) / own.length),
      Math.round(own.reduce((sum, node) => sum + y[node]!, 0) / own.length),
    ]
  }

  /** A group by a few half steps, or to a place about another one. */
  function outer(): Move {
    const group = below(groups.length)
    const isNear = next() < 0.7
    const [ox, oy] = middle(group)
    const [tx, ty] = middle(below(groups.length))
    const reach = isNear ? 2 : 6
    const [dx, dy] = [below(2 * reach + 1) - reach, below(2 * reach + 1) - reach]
    return {
      nodes: members[group]!,
      groups: [group],
      act: () => shifted(group, isNear ? dx : tx - ox + dx, isNear ? dy : ty - oy + dy),
    }
  }

  function swapped(): Move {
    const [one, other] = [below(groups.length), below(groups.length)]
    const [[ax, ay], [bx, by]] = [middle(one), middle(other)]
    return {
      nodes: one === other ? members[one]! : [...members[one]!, ...members[other]!],
      groups: one === other ? [one] : [one, other],
      act() {
        if (one === other) return
        shifted(one, bx - ax, by - ay)
        shifted(other, ax - bx, ay - by)
      },
    }
  }

  /** A group upside down, from left to right, or lying on its side. */
  function turned(): Move {
    const group = groupOf[large[below(large.length)]!]!
    const own = members[group]!
    const [cx, cy] = [x[own[0]!]!, y[own[0]!]!]
    const kind = below(3)
    return {
      nodes: own,
      groups: [group],
      act() {
        for (const node of own) {
          const [dx, dy] = [x[node]! - cx, y[node]! - cy]
          if (kind === 0) x[node] = cx - dx
          else if (kind === 1) y[node] = cy - dy
          else [x[node], y[node]] = [cx + dy, cy + dx]
        }
      },
    }
  }

  /** All groups beyond a line, by half a step. */
  function slid(): Move {
    const isLevel = next() < 0.5
    const line = middle(below(groups.length))[isLevel ? 0 : 1]
    const by = next() < 0.7 ? -1 : 1
    const far = groups.filter((group) => middle(group)[isLevel ? 0 : 1] > line)
    return {
      nodes: far.flatMap((group) => members[group]!),
      groups: far,
      act() {
        for (const group of far) shifted(group, isLevel ? by : 0, isLevel ? 0 : by)
      },
    }
  }

  const several = groups.length > 1
  function chosen(): Move {
    const choice = next()
    if (large.length > 0 && (choice < 0.5 || !several)) return choice < 0.46 || !several ? inner() : turned()
    if (choice < 0.85) return outer()
    return choice < 0.97 || groups.length > 40 ? swapped() : slid()
  }

  const everything = (): number => judge.cost(nodes, groups)
  if (nodes.length < 2) return everything()
  let now = everything()
  let best = now
  let [bestX, bestY] = [x.slice(), y.slice()]
  for (let move = 0; move < moves; move++) {
    const heat = from * (to / from) ** (move / moves)
    const { nodes: own, groups: theirs, act } = chosen()
    const before = judge.cost(own, theirs)
    const kept = own.map((node) => [node, x[node]!, y[node]!] as const)
    act()
    theirs.forEach(judge.moved)
    const change = judge.cost(own, theirs) - before
    if (change <= 0 || next() < Math.exp(-change / heat)) {
      now += change
      if (now < best - 1e-9) {
        best = now
        ;[bestX, bestY] = [x.slice(), y.slice()]
      }
      continue
    }
    for (const [node, oldX, oldY] of kept) [x[node], y[node]] = [oldX, oldY]
    theirs.forEach(judge.moved)
  }
  x.set(bestX)
  y.set(bestY)
  return best
}
