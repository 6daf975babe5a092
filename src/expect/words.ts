// The text of an expectation as words with their places, and the values that words stand for.

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

/** What a text figure is compared with: a number, an address, or `empty`; undefined for other words. */
export const textValue = (word: Word | undefined): string | undefined => {
  if (word?.text === 'empty') return ''
  return word && /^(?:\d+|[\da-fA-F.:]*[.:][\da-fA-F.:]*)$/.test(word.text) ? word.text : undefined
}
