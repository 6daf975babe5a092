// A filter's tree as a condition of SQL on the rows of a witness.

import type { Shape } from './columns.ts'
import { type Filter, FilterError, type Term } from './filter.ts'
import type { Values } from './statement.ts'
import { words } from './words.ts'

/**
 * The condition on rows `r` of a witness. A row that has no such value does not fulfil a term. Throws FilterError where a value
 * is wrong, or the witness knows nothing of it.
 */
export function condition(filter: Filter | undefined, shape: Shape, witness: string, values: Values): string {
  if (!filter) return 'true'
  if (filter.kind === 'term') return termCondition(filter, shape, witness, values)
  if (filter.kind === 'not') return `NOT ${condition(filter.of, shape, witness, values)}`
  return `(${filter.of.map((each) => condition(each, shape, witness, values)).join(` ${filter.kind.toUpperCase()} `)})`
}

function termCondition(filter: Term, shape: Shape, witness: string, values: Values): string {
  const word = words[filter.word]
  if (!word?.of.includes(shape))
    throw new FilterError(filter.at, `what the ${witness} flows have`, `${filter.word}, which they have not`)
  if (word.alone) return `coalesce(${word.columns.join(' OR ')}, false)`
  const { side, comparison } = filter
  const chosen = side === undefined ? word.columns : [word.columns[word.sides?.indexOf(side) ?? 0] ?? '']
  const one = ({ text, at }: Term['values'][number]): string => {
    const test = (column: string): string => {
      try {
        return word.test(column, comparison, text, values)
      } catch (error) {
        if (!(error instanceof RangeError)) throw error
        throw new FilterError(at, error.message, text.slice(0, 60))
      }
    }
    // `ip != A`: neither end is A.
    return chosen.map(test).join(comparison === '!=' ? ' AND ' : ' OR ')
  }
  return `coalesce(${filter.values.map((value) => `(${one(value)})`).join(' OR ')}, false)`
}
