// A list of routes: a prefix a line, behind it its path of AS numbers if it has one, the origin last. # begins a comment.

import { formatPrefix, parsePrefix } from '../../kernel/address.ts'
import { parseAsn } from '../scalars.ts'

/**
 * Each as one text, `198.51.100.0/24 65010 65020`.
 * @throws RangeError with the line where it is none.
 */
export function* readList(text: string): Generator<string> {
  let number = 0
  for (const line of text.split('\n')) {
    number++
    const [word = '', ...path] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (word === '') continue
    const prefix = parsePrefix(word)
    const wrong = prefix ? path.find((each) => parseAsn(each) === undefined) : word
    if (!prefix || wrong !== undefined)
      throw new RangeError(
        `line ${number}: expected a prefix and AS numbers, found ${JSON.stringify((wrong ?? '').slice(0, 50))}`,
      )
    yield [formatPrefix(prefix), ...path].join(' ')
  }
}
