// A lab file over another that it extends: mappings are merged key by key, everything else is replaced as a whole, null takes
// away. Whatever comes of it keeps its place in the file that says it.
import type { LabDocument } from '../document.ts'
import type { PositionOf } from '../positions.ts'
import type { Path, Problem } from '../problem.ts'
import { isMapping } from '../read.ts'

const idOf = (path: Path): string => path.join('\n')

/** `over` where it says something, `base` elsewhere. */
export function override(base: LabDocument, over: LabDocument): LabDocument {
  const origins = new Map<string, PositionOf>()
  const problems: Problem[] = []

  const merge = (below: unknown, above: unknown, path: Path): unknown => {
    origins.set(idOf(path), over.positionOf)
    if (!isMapping(below) || !isMapping(above)) return above
    const kept = Object.entries(below).flatMap(([key, value]): [string, unknown][] => {
      const inner = [...path, key]
      if (!Object.hasOwn(above, key)) {
        origins.set(idOf(inner), base.positionOf)
        return [[key, value]]
      }
      return above[key] === null ? [] : [[key, merge(value, above[key], inner)]]
    })
    const added = Object.entries(above).filter(([key, value]) => {
      if (Object.hasOwn(below, key)) return false
      if (value === null)
        problems.push({
          position: over.positionOf([...path, key], 'key'),
          path: [...path, key],
          message: `expected something to take away, found no ${key} in what this file extends`,
          remedy: 'Leave it out.',
        })
      return value !== null
    })
    return Object.fromEntries([...kept, ...added])
  }

  const value = merge(base.value, over.value, [])
  const positionOf: PositionOf = (path, part) => {
    for (let length = path.length; length > 0; length--) {
      const origin = origins.get(idOf(path.slice(0, length)))
      if (origin) return origin(path, part)
    }
    return over.positionOf(path, part)
  }
  return { value, positionOf, text: over.text, problems: [...base.problems, ...over.problems, ...problems] }
}
