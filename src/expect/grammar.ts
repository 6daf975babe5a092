// The words of the language that are not names: prepositions, comparisons, and what each comparison allows.

import type { Bound, Preposition, Statistic, Test } from './expectation.ts'

export const statistics: readonly Statistic[] = ['median', 'worst']
export const prepositions: readonly Preposition[] = ['of', 'from', 'to', 'at', 'in', 'over', 'per']
export const tests = ['within', 'below', 'above', 'at most', 'at least', 'between', 'is', 'includes'] as const
/** What each comparison but between allows. */
export const bounds: Readonly<
  Record<
    Exclude<(typeof tests)[number], 'between' | 'includes'>,
    (value: number) => { low?: Bound; high?: Bound }
  >
> = {
  within: (value) => ({ high: { value, open: false } }),
  'at most': (value) => ({ high: { value, open: false } }),
  below: (value) => ({ high: { value, open: true } }),
  above: (value) => ({ low: { value, open: true } }),
  'at least': (value) => ({ low: { value, open: false } }),
  is: (value) => ({ low: { value, open: false }, high: { value, open: false } }),
}
export const findingTakes: readonly Preposition[] = ['of', 'at', 'in']

export const examples: Readonly<Record<Test['unit'], string>> = {
  share: '2 %',
  count: '1000',
  duration: '5 s',
  text: '65530 65533',
}

/** `a, b or c` */
export const either = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
