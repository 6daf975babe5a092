// The text of an expectation as words with their places, and the values that words stand for.

import { formatAddress, parseAddress } from '../kernel/address.ts'
import type { Figure } from './figure.ts'

export interface Word {
  readonly text: string
  /** Index of its first character in the text. */
  readonly at: number
}

/** Words are apart by spaces; commas and parentheses are words of their own, and so is a percent sign. */
export const wordsOf = (text: string): Word[] =>
  [...text.matchAll(/[(),%]|[^\s(),%]+/g)].map(({ 0: word, index }) => ({ text: word, at: index }))

const perUnit: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 }

/** A number with its unit, of one word or two (`5s`, `5 s`, `2 %`), and how many words it took. */
export function quantity([first, second]: readonly Word[]):
  | { readonly unit: 'share' | 'count' | 'duration'; readonly value: number; readonly took: 1 | 2 }
  | undefined {
  const [, digits, glued] = /^(\d{1,15}(?:\.\d{1,9})?)([a-z]*)$/.exec(first?.text ?? '') ?? []
  if (digits === undefined || glued === undefined) return undefined
  const number = Number(digits)
  if (glued === '' && second?.text === '%') return { unit: 'share', value: number / 100, took: 2 }
  const factor = perUnit[glued === '' ? (second?.text ?? '') : glued]
  if (factor !== undefined) return { unit: 'duration', value: number * factor, took: glued === '' ? 2 : 1 }
  return glued === '' ? { unit: 'count', value: number, took: 1 } : undefined
}

/** A number of four octets (RFC 6793), as it is written without zeros before it. */
const asNumber = (word: string): string | undefined =>
  /^\d{1,10}$/.test(word) && Number(word) < 2 ** 32 ? String(Number(word)) : undefined

const address = (word: string): string | undefined => {
  const parsed = parseAddress(word)
  return parsed && formatAddress(parsed)
}

/** What text figures are compared with: how a word of it is read (undefined: it is none), and of how many words a value is at the most. */
export const texts: Readonly<
  Record<
    NonNullable<Figure['text']>,
    { readonly expected: string; readonly most: number; readonly read: (word: string) => string | undefined }
  >
> = {
  AS: { expected: 'an AS number', most: 1, read: orEmpty(asNumber) },
  path: { expected: 'AS numbers', most: 1_000, read: orEmpty(asNumber) },
  address: { expected: 'an address', most: 1, read: orEmpty(address) },
}

function orEmpty(read: (word: string) => string | undefined): (word: string) => string | undefined {
  return (word) => (word === 'empty' ? '' : read(word))
}
