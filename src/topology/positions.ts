// Where every key and value of a YAML document stands, found in one walk; with it what only the document shows and its plain
// data no longer does: keys written twice, and aliases.
import { isAlias, isMap, isNode, isScalar, isSeq } from 'yaml'
import type { Path, Position, Problem } from './problem.ts'

/** The position of what `path` names, its key where that is asked for; where the file has no such part, that of what it would stand in. */
export type PositionOf = (path: Path, part?: Part) => Position

/** A number is the index of a character in a text. */
export type Part = 'key' | 'value' | number

interface Place {
  readonly key?: number
  readonly value: number
  /** Of a text. */
  readonly text?: string
}

interface Index {
  readonly positionOf: PositionOf
  readonly duplicates: readonly Problem[]
  /** An alias without its anchor before it, or one too many. */
  readonly excess: { readonly offset: number; readonly message: string; readonly remedy: string } | undefined
}

const idOf = (path: Path): string => path.join('\n')

/** The depth of `root` is bounded by the caller; nothing that an alias stands for is walked again. */
export function indexPositions(
  root: unknown,
  source: string,
  position: (offset: number) => Position,
  aliases: number,
): Index {
  const places = new Map<string, Place>()
  const duplicates: Problem[] = []
  const anchors = new Set<string>()
  let excess: Index['excess']
  let seen = 0

  const walk = (node: unknown, path: Path, key?: number, again = false): void => {
    if (!isNode(node)) return
    const offset = node.range?.[0] ?? key ?? 0
    // Nothing stands after `key:`; then the key is what can be pointed at.
    const empty = isScalar(node) && node.value === null && node.source === ''
    places.set(idOf(path), {
      ...(key === undefined ? {} : { key }),
      value: empty ? (key ?? offset) : offset,
      ...(isScalar(node) && typeof node.value === 'string' ? { text: node.value } : {}),
    })
    if (isAlias(node)) {
      if (!anchors.has(node.source))
        excess ??= {
          offset,
          message: `expected an anchor &${node.source} before its alias, found none`,
          remedy: 'Write the anchor first; put text that begins with * in quotes.',
        }
      if (++seen > aliases)
        excess ??= {
          offset,
          message: `expected at most ${aliases} aliases, found more`,
          remedy: 'Write the parts out.',
        }
      return
    }
    if (isSeq(node))
      for (const [index, item] of node.items.entries()) walk(item, [...path, index], undefined, again)
    if (isMap(node))
      for (const { key: word, value } of node.items) {
        const name = isScalar(word) ? String(word.value) : ''
        const at = isNode(word) ? (word.range?.[0] ?? offset) : offset
        const inner = [...path, name]
        const first = places.get(idOf(inner))?.key
        if (first !== undefined && !again)
          duplicates.push({
            position: position(at),
            path: inner,
            message: `expected each key once, found ${name} again, first on line ${position(first).line}`,
            remedy: 'Rename one of them, or leave it out.',
          })
        walk(value, inner, at, again || first !== undefined)
        if (!places.has(idOf(inner))) places.set(idOf(inner), { key: at, value: at })
      }
    if (node.anchor !== undefined) anchors.add(node.anchor)
  }
  walk(root, [])

  const positionOf: PositionOf = (path, part = 'value') => {
    for (let length = path.length; length >= 0; length--) {
      const place = places.get(idOf(path.slice(0, length)))
      // What is missing is missed at the key of what it should stand in.
      if (place)
        return position(
          typeof part === 'number'
            ? place.value + written(source.slice(place.value), place.text ?? '', part)
            : ((part === 'key' || length < path.length ? place.key : undefined) ?? place.value),
        )
    }
    return position(0)
  }
  return { positionOf, duplicates, excess }
}

/** Where in the YAML source of a text, in quotes or on several lines as it may be, its character at `index` stands. */
function written(source: string, text: string, index: number): number {
  let at = 0
  for (let done = 0; done <= index; done++) {
    const character = text[done]
    if (character === undefined) break
    // Lines are folded: a space may be written as more than one character.
    const found = /\s/.test(character) ? source.slice(at).search(/\s/) : source.indexOf(character, at) - at
    if (found < 0) break
    at += found
    if (done === index) return at
    at += 1
  }
  return at
}
