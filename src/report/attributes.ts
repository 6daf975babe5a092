// Attributes of records and rows as one table: what was held against which witness, what of it is wrong, and what could not be
// compared.

import { styleText } from 'node:util'
import type { AttributeCheck, Verdict } from '../verify/verdict.ts'
import { table } from './table.ts'

/** Checks of one kind on one line, whosever they are. */
export function attributesText({ each }: Verdict['attributes']): string {
  const kinds = new Map<string, AttributeCheck[]>()
  for (const check of each) {
    const kind = [check.attribute, check.against, check.unchecked, check.aside?.why].join('\n')
    kinds.set(kind, [...(kinds.get(kind) ?? []), check])
  }
  const sum = (checks: readonly AttributeCheck[], of: (check: AttributeCheck) => number): number =>
    checks.reduce((total, check) => total + of(check), 0)
  return table(
    { head: ['attribute', 'of', 'against', 'compared', 'wrong', ''], numbers: [3, 4] },
    [...kinds.values()].map((checks) => {
      const [first] = checks
      const compared = sum(checks, ({ checked }) => checked)
      const wrong = sum(checks, (check) => check.wrong)
      const aside = sum(checks, (check) => check.aside?.records ?? 0)
      const missed = sum(checks, (check) => check.missed ?? 0)
      return [
        ...[first?.attribute ?? '', checks.map(({ of }) => of).join(', ')],
        ...(first?.unchecked === undefined
          ? [first?.against ?? '', compared, wrong > 0 ? styleText('red', String(wrong)) : 0]
          : ['–', '–', '–']),
        [
          ...(first?.unchecked === undefined ? [] : [first.unchecked]),
          ...(first?.aside ? [`${aside} otherwise: ${first.aside.why}`] : []),
          ...(missed > 0 && first?.unchecked === undefined
            ? [`${missed} not compared: not all of their packets were recorded`]
            : []),
        ].join('; '),
      ]
    }),
  )
}
