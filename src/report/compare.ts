// A comparison of two runs as text: what changed, and only then what did not.

import { styleText } from 'node:util'
import type { Comparison, FigureChange } from '../compare/compare.ts'
import { valueText } from '../expect/judge.ts'
import { heading, table } from './table.ts'

const colours = { better: 'green', worse: 'red', same: 'dim' } as const

export function comparisonText(comparison: Comparison): string {
  const { before, after, notes, figures, findings, expectations, stages, worse } = comparison
  const changed = figures.filter(({ change }) => change !== 'same')
  const same = figures.filter(({ change }) => change === 'same')
  // Where one of the runs did not ask, nothing turned.
  const turned = expectations.filter(
    (each) => each.before !== undefined && each.after !== undefined && each.before !== each.after,
  )
  const better =
    changed.some(({ change }) => change === 'better') || findings.some(({ change }) => change === 'gone')
  return [
    `before  ${before.lab} ${before.directory}: ${before.pass ? 'passes' : 'fails'}\n`,
    `after   ${after.lab} ${after.directory}: ${after.pass ? 'passes' : 'fails'}\n`,
    ...notes.map((note) => `note    ${note}\n`),
    ...(findings.length > 0
      ? [
          heading('Findings'),
          ...findings.map(
            ({ id, change, allowed }) =>
              `  ${styleText({ new: 'red', gone: 'green', both: 'dim' }[change] as 'red', change)}  ${id}${allowed === undefined ? '' : `, allowed: ${allowed}`}\n`,
          ),
        ]
      : []),
    ...(turned.length > 0
      ? [
          heading('Expectations'),
          ...turned.map(
            ({ text, before: old, after: now }) => `  ${holdsText(old)} → ${holdsText(now)}  ${text}\n`,
          ),
        ]
      : []),
    ...(changed.length > 0 ? [heading('Figures that changed'), figuresText(changed)] : []),
    ...(same.length > 0 ? [heading('Within noise'), figuresText(same)] : []),
    heading('Time'),
    table(
      { head: ['stage', 'before', 'after'], numbers: [1, 2] },
      stages.map((stage) => [stage.name, msText(stage.before), msText(stage.after)]),
    ),
    heading('Together'),
    `  ${worse ? styleText('red', 'worse') : better ? styleText('green', 'better') : 'no change beyond noise'}\n`,
  ].join('')
}

const holdsText = (holds: boolean | undefined): string => (holds ? 'holds' : 'does not hold')

const msText = (ms: number | undefined): string => (ms === undefined ? '–' : valueText(ms, 'duration'))

const figuresText = (changes: readonly FigureChange[]): string =>
  table(
    { head: ['', 'figure', 'before', 'after', 'chance', 'at'], numbers: [2, 3, 4] },
    changes.map(({ figure, where, unit, before, after, change, chance }) => [
      ...[styleText(colours[change], change), figure],
      ...[valueText(before, unit), valueText(after, unit)],
      ...[chance === undefined ? '–' : chance.toPrecision(2), where],
    ]),
  )
