// Attributes of records and rows as one table: what was held against which witness, what of it is wrong, and what could not be
// compared.

import { styleText } from 'node:util'
import type { AttributeCheck, Verdict } from '../verify/verdict.ts'
import { table } from './table.ts'

/** Checks of one kind, whosever they are. */
export interface AttributeRow {
  readonly attribute: string
  readonly of: string
  readonly against: string
  /** Absent where nothing was compared. */
  readonly compared?: number
  readonly wrong?: number
  readonly remarks: string
}

export function attributeRows({ each }: Verdict['attributes']): AttributeRow[] {
  const kinds = new Map<string, AttributeCheck[]>()
  for (const check of each) {
    const kind = [check.attribute, check.against, check.unchecked, check.aside?.why].join('\n')
    kinds.set(kind, [...(kinds.get(kind) ?? []), check])
  }
  const sum = (checks: readonly AttributeCheck[], of: (check: AttributeCheck) => number): number =>
    checks.reduce((total, check) => total + of(check), 0)
  return [...kinds.values()].map((checks) => {
    const [first] = checks
    const aside = sum(checks, (check) => check.aside?.records ?? 0)
    const missed = sum(checks, (check) => check.missed ?? 0)
    const isCompared = first?.unchecked === undefined
    return {
      attribute: first?.attribute ?? '',
      of: checks.map(({ of }) => of).join(', '),
      against: isCompared ? (first?.against ?? '') : '–',
      ...(isCompared
        ? { compared: sum(checks, ({ checked }) => checked), wrong: sum(checks, (check) => check.wrong) }
        : {}),
      remarks: [
        ...(isCompared ? [] : [first.unchecked]),
        ...(first?.aside ? [`${aside} otherwise: ${first.aside.why}`] : []),
        ...(missed > 0 && isCompared
          ? [`${missed} not compared: not all of their packets were recorded`]
          : []),
      ].join('; '),
    }
  })
}

export const attributesText = (attributes: Verdict['attributes']): string =>
  table(
    { head: ['attribute', 'of', 'against', 'compared', 'wrong', ''], numbers: [3, 4] },
    attributeRows(attributes).map(({ attribute, of, against, compared, wrong, remarks }) => [
      ...[attribute, of, against, compared ?? '–'],
      wrong === undefined ? '–' : wrong > 0 ? styleText('red', String(wrong)) : 0,
      remarks,
    ]),
  )
