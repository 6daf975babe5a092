// docs/faults.md: the matrix of faults that were made and what the verdicts said of them.
import type { Fault } from '../../test/faults/fault.ts'
import { cannotBeMade, indistinguishable } from '../../test/faults/table.ts'
import type { Outcome } from '../faults.ts'

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

function row({ id, title, stage, cause }: Fault, outcomes: readonly Outcome[]): string {
  const own = outcomes.filter((each) => each.fault === id)
  const of = (holds: (each: Outcome) => boolean): string => `${own.filter(holds).length}/${own.length}`
  const alarms = [...new Set(own.flatMap((each) => each.alarms))].join(', ') || '–'
  const labs = [...new Set(own.map(({ lab }) => lab))].toSorted().join(', ')
  const time = `${median(own.map(({ seconds }) => seconds)).toFixed(1)} s`
  if (own.length === 0)
    return `| ${[title, '–', stage, cause === '' ? '–' : `\`${cause}\``, 'not made', '–', '–', '–', '–'].join(' | ')} |`
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

const share = (count: number, all: number): string => (count === all ? '' : ` (${count} of ${all})`)

/** What the verdicts did not name, lab by lab, and what they said instead. */
function misses(fault: Fault, outcomes: readonly Outcome[]): string[] {
  const own = outcomes.filter((each) => each.fault === fault.id)
  return [...new Set(own.map(({ lab }) => lab))].flatMap((lab) => {
    const here = own.filter((each) => each.lab === lab)
    const missed = here.filter(({ cause, detected }) => (fault.cause === '' ? detected : !cause))
    if (missed.length === 0) return []
    const named = [...new Set(missed.flatMap((each) => each.named))].map((id) => `\`${id}\``).join(', ')
    return `- ${fault.title}, in ${lab}${share(missed.length, here.length)}: ${named || 'no finding'}.`
  })
}

export interface Unmade {
  readonly broken: readonly { readonly fault: string; readonly why: string }[]
  /** Runs that were not begun, since it was told to end. */
  readonly left: number
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`## ${title}`, '', ...lines, '']

export const documentOf = (
  faults: readonly Fault[],
  outcomes: readonly Outcome[],
  { broken, left }: Unmade,
  seeds: number,
  versions: string,
): string =>
  [
    '<!-- Written by `npm run faults`. -->',
    '# Faults, made and found',
    '',
    `Each fault was made in real labs with ${left > 0 ? 'up to ' : ''}${seeds} seed${seeds === 1 ? '' : 's'} each, and the verdict held against it: \`talk\` is examples/janog36 with a second of`,
    'traffic, `chain` is test/faults/chain.yaml, `asymmetric` is examples/asymmetric-return. False alarms are findings that do not follow from the fault; the time is the median from the end',
    `of the traffic to the verdict, of which most is the probe handing over what it holds. ${versions}`,
    '',
    ...(left > 0
      ? [
          `It was ended before all was made: ${left} of ${left + outcomes.length + broken.length} runs are missing, so that rows have fewer seeds than that, as their numbers show.`,
          '',
        ]
      : []),
    '| fault | labs | stage | cause | detected | stage named | cause named | false alarms | time |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...faults.map((fault) => row(fault, outcomes)),
    '',
    ...section(
      'Missed',
      faults.flatMap((fault) => misses(fault, outcomes)),
    ),
    ...section(
      'Runs that failed',
      broken.map(({ fault, why }) => `- ${fault} in ${why}`),
    ),
    ...section(
      'What cannot be told apart from outside',
      indistinguishable.map((text) => `- ${text}`),
    ),
    ...section(
      'Not made here',
      Object.entries(cannotBeMade).map(([what, why]) => `- ${what}: ${why}.`),
    ),
  ].join('\n')
