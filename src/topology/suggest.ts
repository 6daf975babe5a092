// "Did you mean": the closest of some names, and how a found value is shown in a message.

/** Names that are compared at most, and characters of a name: what bounds the work for a hostile file. */
const limit = { names: 1000, length: 64 }

/** Edits (a character inserted, deleted, replaced, or two neighbours swapped) that turn `a` into `b`. */
export function editDistance(a: string, b: string): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      current.push(
        Math.min(
          at(above, column) + 1,
          at(current, column - 1) + 1,
          at(above, column - 1) + (same ? 0 : 1),
          swapped ? at(before, column - 2) + 1 : Infinity,
        ),
      )
    }
    before = above
    above = current
  }
  return at(above, b.length)
}

const at = (row: readonly number[], column: number): number => row[column] ?? Infinity

/** The name that was probably meant: at most a third of its characters differ, and in a short one a single one. */
export function nearest(found: string, names: Iterable<string>): string | undefined {
  if (found.length > limit.length) return undefined
  let best: { name: string; distance: number } | undefined
  let compared = 0
  for (const name of names) {
    if (++compared > limit.names) break
    const allowed = Math.min(best ? best.distance - 1 : Infinity, Math.max(1, Math.floor(name.length / 3)))
    if (name === found || Math.abs(name.length - found.length) > allowed) continue
    const distance = editDistance(found.toLowerCase(), name.toLowerCase())
    if (distance <= allowed && distance < name.length) best = { name, distance }
  }
  return best?.name
}

/** `Did you mean eth0?`, or what there is to choose from. */
export function suggestion(found: unknown, names: Iterable<string>, otherwise: string): string {
  const name = typeof found === 'string' ? nearest(found, names) : undefined
  return name === undefined ? otherwise : `Did you mean ${name}?`
}

const mostNames = 16

/** `a, b or c`; long lists are cut short. */
export function listing(names: readonly string[], joint = 'or'): string {
  const shown =
    names.length > mostNames ? [...names.slice(0, mostNames), `${names.length - mostNames} more`] : names
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} ${joint} ${shown.at(-1)}`
}

/** What there is to choose from: `The nodes are r1 and r2.` */
export function inventory(what: string, names: readonly string[], of = ''): string {
  if (names.length === 0) return `There is no ${what}${of}: add it.`
  return names.length === 1
    ? `The only ${what}${of} is ${names[0]}.`
    : `The ${what}s${of} are ${listing(names, 'and')}.`
}

/** A found value as a message shows it: text as it is where it cannot be misread, quoted otherwise. */
export function show(found: unknown): string {
  if (found === undefined || found === null) return 'nothing'
  if (Array.isArray(found)) return found.length > 0 ? 'a list' : 'an empty list'
  if (typeof found !== 'string' && typeof found !== 'number' && typeof found !== 'boolean') return 'a mapping'
  const text = String(found)
  const short = text.length > 60 ? `${text.slice(0, 57)}…` : text
  const clear = typeof found !== 'string' || (clearText.test(text) && !numeric.test(text))
  return clear ? short : JSON.stringify(short)
}

/** Text that looks the same with and without quotes, and text that without them would be a number. */
const clearText = /^[\w.:/%+-]+(?: [\w.:/%+-]+)*$/
const numeric = /^-?\d+$/
