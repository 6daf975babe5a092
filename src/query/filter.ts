// Filter words, after those of nfdump: `src 192.0.2.0/24 and proto udp and bytes > 1000`. Text becomes a tree
// here, and the tree a condition of SQL in condition.ts. Text and tree are bounded.
//
//   filter     = and { "or" and }
//   and        = not { "and" not }
//   not        = [ "not" ] ( "(" filter ")" | term )
//   term       = [ "src" | "dst" ] word [ comparison ] value | [ "src" | "dst" ] word "in" "[" value { value } "]"

import { aliases, type Comparison, parseNetwork, type Side, words } from './words.ts'

/** What is wrong with a filter, and where. */
export class FilterError extends Error {
  /** The character, from 1. */
  readonly at: number
  readonly expected: string
  readonly found: string
  constructor(at: number, expected: string, found: string) {
    super(`filter, character ${at}: expected ${expected}, found ${found === '' ? 'the end' : found}`)
    this.name = 'FilterError'
    this.at = at
    this.expected = expected
    this.found = found
  }
}

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Filter[] }
  | { readonly kind: 'not'; readonly of: Filter }
  | Term

export interface Term {
  readonly kind: 'term'
  readonly word: string
  readonly side?: Side
  readonly comparison: Comparison
  /** Any of these. */
  readonly values: readonly { readonly text: string; readonly at: number }[]
  readonly at: number
}

const longest = 4_000
const mostTokens = 1_000
const deepest = 40

interface Token {
  readonly text: string
  readonly at: number
  readonly quoted: boolean
}

function tokens(text: string): Token[] {
  if (text.length > longest) throw new FilterError(longest, `at most ${longest} characters`, `${text.length}`)
  const found: Token[] = []
  const pattern = /\s*(?:"([^"]*)"|(&&|\|\||[<>!=]=|[<>=!()[\],])|([^\s"()[\],<>=!&|]+))/y
  while (pattern.lastIndex < text.length) {
    const begin = pattern.lastIndex
    const match = pattern.exec(text)
    if (!match) {
      const rest = text.slice(begin).trimStart()
      if (rest === '') break
      throw new FilterError(text.length - rest.length + 1, 'a word', rest.slice(0, 20))
    }
    const [, quoted, sign, word] = match
    const piece = quoted ?? sign ?? word ?? ''
    found.push({
      text: piece,
      at: pattern.lastIndex - piece.length - (quoted === undefined ? 0 : 1) + 1,
      quoted: quoted !== undefined,
    })
    if (found.length > mostTokens)
      throw new FilterError(pattern.lastIndex, `at most ${mostTokens} words`, piece)
  }
  return found
}

/** Throws FilterError. An empty text is undefined: all flows. */
export function parseFilter(text: string): Filter | undefined {
  const all = tokens(text)
  let next = 0
  const peek = (): Token => all[next] ?? { text: '', at: text.length + 1, quoted: false }
  const is = (...texts: string[]): boolean => !peek().quoted && texts.includes(peek().text.toLowerCase())
  const take = (): Token => {
    const token = peek()
    next++
    return token
  }
  const wrong = (expected: string, token = peek()): never => {
    throw new FilterError(token.at, expected, token.text.slice(0, 60))
  }
  const list = (kind: 'and' | 'or', signs: readonly string[], part: () => Filter): Filter => {
    const of = [part()]
    while (is(...signs)) {
      take()
      of.push(part())
    }
    const [only] = of
    return only !== undefined && of.length === 1 ? only : { kind, of }
  }
  const any = (depth: number): Filter => {
    if (depth > deepest) wrong(`parentheses at most ${deepest} deep`)
    const factor = (inner: number): Filter => {
      if (inner > deepest) wrong(`at most ${deepest} of "not" and parentheses`)
      if (is('not', '!')) {
        take()
        return { kind: 'not', of: factor(inner + 1) }
      }
      if (!is('(')) return term()
      take()
      const of = any(inner + 1)
      if (!is(')')) wrong(')')
      take()
      return of
    }
    return list('or', ['or', '||'], () => list('and', ['and', '&&'], () => factor(depth)))
  }
  const term = (): Term => {
    const { at } = peek()
    const side = (['src', 'dst', 'in', 'out'] as const).find((each) => is(each))
    if (side) take()
    const named = peek()
    let word = named.text.toLowerCase()
    if (named.quoted) wrong('a word', named)
    // `src 192.0.2.1` is `src ip 192.0.2.1`.
    if ((side === 'src' || side === 'dst') && !Object.hasOwn(words, word) && parseNetwork(word)) word = 'ip'
    else take()
    word = aliases[word] ?? word
    const known = Object.hasOwn(words, word) ? words[word] : undefined
    if (!known)
      return wrong(
        named.text === '' ? 'a word such as src, port or bytes' : `a word (${Object.keys(words).join(', ')})`,
        named,
      )
    if (side && !known.sides?.includes(side))
      return wrong(known.sides ? `${known.sides.join(' or ')} before ${word}` : `${word} alone`, {
        ...named,
        text: side,
        at,
      })
    if (known.alone) return { kind: 'term', word, comparison: '=', values: [], at }
    // `direction in` is a value.
    const isList = is('in') && all[next + 1]?.text === '[' && !all[next + 1]?.quoted
    if (isList) {
      take()
      take()
      const values: Token[] = []
      while (!is(']')) {
        if (peek().text === '' && !peek().quoted) wrong(']')
        if (is(',')) take()
        else values.push(take())
      }
      take()
      if (values.length === 0) wrong('a value', { text: ']', at: peek().at - 1, quoted: false })
      return { kind: 'term', word, ...(side ? { side } : {}), comparison: '=', values, at }
    }
    const sign = comparisons[peek().quoted ? '' : peek().text.toLowerCase()]
    if (sign) take()
    const value = take()
    if ((value.text === '' && !value.quoted) || (!value.quoted && /^[()[\],&|<>=!]+$/.test(value.text)))
      wrong(`a value of ${word}, such as ${known.example}`, value)
    return { kind: 'term', word, ...(side ? { side } : {}), comparison: sign ?? '=', values: [value], at }
  }
  if (all.length === 0 || (all.length === 1 && is('any'))) return undefined
  const filter = any(0)
  if (next < all.length) wrong('and, or, or the end')
  return filter
}

const comparisons: Readonly<Record<string, Comparison>> = {
  '=': '=',
  '==': '=',
  eq: '=',
  '!=': '!=',
  ne: '!=',
  '<': '<',
  lt: '<',
  '<=': '<=',
  le: '<=',
  '>': '>',
  gt: '>',
  '>=': '>=',
  ge: '>=',
}
