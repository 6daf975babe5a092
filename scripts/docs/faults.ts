// docs/faults.md: the matrix of faults that were made and what the verdicts said of them.
import { cannotBeMade, type Fault, indistinguishable } from '../../test/faults/table.ts'
import type { Outcome } from '../faults.ts'

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

function row({ id, title, stage, cause }: Fault, outcomes: readonly Outcome[]): string {
  const own = outcomes.filter((each) => each.fault === id)
  const of = (holds: (each: Outcome) => boolean): string => `${own.filter(holds).length}/${own.length}`
  const alarms = [...new Set(own.flatMap((each) => each.alarms))].join(', ') || '–'
  const labs = [...new Set(own.map(({ lab }) => lab))].toSorted().join(', ')
  const time = `${median(own.map(({ seconds }) => seconds)).toFixed(1)} s`
  const told =
    cause === ''
      ? ['–', '–', of((each) => each.detected), '–', '–']
      : [
          stage,
          `\`${cause}\``,
          of((each) => each.detected),
          of((each) => each.stage),
          of((each) => each.cause),
        ]
  return `| ${[title, labs, ...told, alarms, time].join(' | ')} |`
}

export const documentOf = (
  faults: readonly Fault[],
  outcomes: readonly Outcome[],
  seeds: number,
  versions: string,
): string =>
  [
    '<!-- Written by `npm run faults`. -->',
    '# Faults, made and found',
    '',
    `Each fault was made in real labs with ${seeds} seed${seeds === 1 ? '' : 's'} each, and the verdict held against it: \`talk\` is examples/janog36 with a second of`,
    'traffic, `chain` is test/faults/chain.yaml. False alarms are findings that do not follow from the fault; the time is the median from the end',
    `of the traffic to the verdict, of which most is the probe handing over what it holds. ${versions}`,
    '',
    '| fault | labs | stage | cause | detected | stage named | cause named | false alarms | time |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...faults.map((fault) => row(fault, outcomes)),
    '',
    '## What cannot be told apart from outside',
    '',
    ...indistinguishable.map((text) => `- ${text}`),
    '',
    '## Not made here',
    '',
    ...Object.entries(cannotBeMade).map(([what, why]) => `- ${what}: ${why}.`),
    '',
  ].join('\n')
