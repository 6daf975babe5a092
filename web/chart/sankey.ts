// Where the boxes and bands of a Sankey diagram stand. Columns are hops: an AS that stands at several hops has a box at each, so that
// no path can lead back.

export interface Way {
  readonly path: readonly string[]
  readonly value: number
}

export interface Box {
  readonly id: string
  readonly name: string
  readonly column: number
  readonly x: number
  readonly y: number
  readonly height: number
  readonly value: number
}

export interface Band {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly value: number
  /** An SVG path, to be filled. */
  readonly d: string
}

export interface Sankey {
  readonly boxes: readonly Box[]
  readonly bands: readonly Band[]
}

export const boxWidth = 12
const gap = 14

interface Size {
  readonly width: number
  readonly height: number
}

interface Scale {
  /** The sum that fills the height, so that two diagrams can be compared; absent: this one's own. */
  readonly most?: number
  /** How the first column is ordered; absent: the largest first. */
  readonly first?: readonly string[]
  /** Boxes of the fullest column of all diagrams that are compared. */
  readonly fullest?: number
}

/** Without what an AS repeats to make its path longer. */
export const hops = (path: readonly string[]): string[] => path.filter((as, hop) => as !== path[hop - 1])

export function sankey(
  ways: readonly Way[],
  { width, height }: Size,
  { most, first = [], fullest: asked = 1 }: Scale = {},
): Sankey {
  const columns = Math.max(1, ...ways.map(({ path }) => path.length))
  const boxes = new Map<string, { name: string; column: number; value: number; y: number; pull: number }>()
  const links = new Map<string, { from: string; to: string; value: number }>()
  // The destination stands in the last column however short the path to it.
  const columnOf = (path: readonly string[], hop: number): number =>
    hop > 0 && hop === path.length - 1 ? columns - 1 : hop
  for (const { path, value } of ways)
    path.forEach((name, hop) => {
      const id = `${columnOf(path, hop)} ${name}`
      const box = boxes.get(id) ?? { name, column: columnOf(path, hop), value: 0, y: 0, pull: 0 }
      boxes.set(id, { ...box, value: box.value + value })
      if (hop === 0) return
      const from = `${columnOf(path, hop - 1)} ${path[hop - 1]}`
      const link = links.get(`${from}>${id}`) ?? { from, to: id, value: 0 }
      links.set(`${from}>${id}`, { ...link, value: link.value + value })
    })

  const byColumn = Array.from({ length: columns }, (_, column) =>
    [...boxes].filter(([, box]) => box.column === column).sort((a, b) => b[1].value - a[1].value),
  )
  const total =
    most ?? Math.max(0, ...byColumn.map((column) => column.reduce((sum, [, { value }]) => sum + value, 0)))
  const fullest = Math.max(asked, ...byColumn.map((column) => column.length))
  const place = (name: string): number => (first.indexOf(name) + 1 || first.length + 1) - 1
  byColumn[0]?.sort((a, b) => place(a[1].name) - place(b[1].name))
  const scale = total > 0 ? Math.max(0, height - (fullest - 1) * gap) / total : 0
  // From left to right, each column in the order of where its bands come from.
  for (const column of byColumn) {
    for (const [id, box] of column) {
      const into = [...links.values()].filter(({ to }) => to === id)
      const weight = into.reduce((sum, { value }) => sum + value, 0)
      box.pull =
        weight === 0
          ? 0
          : into.reduce(
              (sum, { from, value }) =>
                sum + value * (boxes.get(from)!.y + (boxes.get(from)!.value * scale) / 2),
              0,
            ) / weight
    }
    if (column.some(([, { pull }]) => pull > 0)) column.sort((a, b) => a[1].pull - b[1].pull)
    let y = 0
    for (const [, box] of column) {
      box.y = y
      y += box.value * scale + gap
    }
  }
  const x = (column: number): number => (columns === 1 ? 0 : (column / (columns - 1)) * (width - boxWidth))
  const left = new Map<string, number>()
  const right = new Map<string, number>()
  const bands = [...links]
    .sort(
      ([, a], [, b]) =>
        boxes.get(a.to)!.y - boxes.get(b.to)!.y || boxes.get(a.from)!.y - boxes.get(b.from)!.y,
    )
    .map(([id, { from, to, value }]): Band => {
      const [source, target] = [boxes.get(from)!, boxes.get(to)!]
      const thick = value * scale
      const y0 = source.y + (right.get(from) ?? 0)
      const y1 = target.y + (left.get(to) ?? 0)
      right.set(from, (right.get(from) ?? 0) + thick)
      left.set(to, (left.get(to) ?? 0) + thick)
      const [x0, x1] = [x(source.column) + boxWidth, x(target.column)]
      const middle = (x0 + x1) / 2
      return {
        id,
        from: source.name,
        to: target.name,
        value,
        d: `M${x0} ${y0}C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}V${y1 + thick}C${middle} ${y1 + thick} ${middle} ${y0 + thick} ${x0} ${y0 + thick}Z`,
      }
    })
  return {
    boxes: [...boxes].map(([id, { name, column, value, y }]) => ({
      id,
      name,
      column,
      value,
      x: x(column),
      y,
      height: Math.max(1, value * scale),
    })),
    bands,
  }
}
