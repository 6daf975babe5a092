// `matrix`: every combination of the values of its axes, but those that `exclude` names.
import type { Report } from '../report.ts'
import { listing, show, suggestion } from '../suggest.ts'
import type { Scalar } from './scalar.ts'

/** The value of each axis, in their order. */
export type Combination = Readonly<Record<string, Scalar>>

export interface Matrix {
  readonly axes: Readonly<Record<string, readonly Scalar[]>>
  readonly exclude: readonly Combination[]
}

/** As many as GitHub's. */
export const mostCombinations = 256

/** The combinations of what is right in the matrix; the first axis changes last. What is wrong is reported. */
export function combinations(
  { axes, exclude }: Matrix,
  fixed: Readonly<Record<string, Scalar>>,
  report: Report,
): Combination[] {
  for (const [name, values] of Object.entries(axes)) checkDistinct(name, values, report)
  for (const [index, entry] of exclude.entries()) checkExclude(entry, index, axes, report)
  const lists = Object.entries(axes).map(([name, values]) => {
    const only = fixed[name]
    return [name, only === undefined ? values : [only]] as const
  })
  const size = lists.reduce((product, [, values]) => product * values.length, 1)
  if (size > mostCombinations) {
    report(
      ['matrix'],
      `expected at most ${mostCombinations} combinations, found ${size}`,
      'Split it into several lab files that extend one.',
    )
    return []
  }
  const all = lists.reduce<Combination[]>(
    (sofar, [name, values]) => sofar.flatMap((each) => values.map((value) => ({ ...each, [name]: value }))),
    [{}],
  )
  const kept = all.filter((each) => !exclude.some((entry) => covers(entry, each)))
  if (kept.length === 0 && all.length > 0)
    report(['matrix'], 'expected a combination to run, found all of them excluded', 'Exclude fewer of them.')
  return kept
}

const covers = (entry: Combination, each: Combination): boolean =>
  Object.entries(entry).every(([name, value]) => each[name] === value)

function checkDistinct(name: string, values: readonly Scalar[], report: Report): void {
  for (const [index, value] of values.entries())
    if (values.findIndex((other) => String(other) === String(value)) < index)
      report(
        ['matrix', name, index],
        `expected each value once, found ${show(value)} again`,
        'Leave one of them out.',
      )
}

function checkExclude(entry: Combination, index: number, axes: Matrix['axes'], report: Report): void {
  const path = ['matrix', 'exclude', index]
  if (Object.keys(entry).length === 0)
    report(path, 'expected an axis and its value, found an empty mapping', 'Leave it out.')
  for (const [name, value] of Object.entries(entry)) {
    const names = Object.keys(axes)
    const values = Object.hasOwn(axes, name) ? axes[name] : undefined
    if (!values)
      report(
        [...path, name],
        `expected an axis of the matrix, found ${show(name)}`,
        suggestion(name, names, `The axes are ${listing(names, 'and')}.`),
        'key',
      )
    else if (!values.includes(value))
      report(
        [...path, name],
        `expected a value of ${name}, found ${show(value)}`,
        `Its values are ${listing(values.map(String), 'and')}.`,
      )
  }
}

/** `sampling=10, protocol=ipfix`. */
export const titleOf = (each: Combination): string =>
  Object.entries(each)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(', ')
