// Figures of time: how soon traffic is seen, whether timeouts are kept, what stands in the wrong interval, how long a run took.

import type { Verdict } from '../../verify/verdict.ts'
import { isIn } from '../accounts.ts'
import type { PlaceKind, Preposition, Scope } from '../expectation.ts'
import type { Figure, Reading } from '../figure.ts'

type Section = Verdict['time'][number]

const takes: readonly Preposition[] = ['of', 'at']
const places: readonly PlaceKind[] = ['probe', 'collector']

const sections = (
  verdict: Verdict,
  scope: Scope,
  read: (section: Section) => Omit<Reading, 'where'>[],
): Reading[] =>
  verdict.time
    .filter((section) => isIn(section, scope))
    .flatMap((section) =>
      read(section).map((reading) => ({ where: `${section.probe} → ${section.collector}`, ...reading })),
    )

const delay = (name: 'visible' | 'arrived', says: string): Figure => ({
  name,
  units: ['duration'],
  takes,
  places,
  statistics: true,
  says,
  example: `${name} within 5 s (median)`,
  better: 'less',
  read: (verdict, scope) =>
    sections(verdict, scope, ({ visibility }) => {
      const found = visibility[name]
      const noise = 'visible' === name ? (visibility.visible?.resolution ?? 0) : 0
      return found ? [{ value: found[scope.statistic ?? 'worst'], noise }] : []
    }),
})

const timeout = (which: 'active' | 'inactive', says: string): Figure => ({
  name: `${which} timeout`,
  units: ['duration'],
  takes,
  places,
  says,
  example: `${which} timeout within ${which === 'active' ? 60 : 15} s`,
  read: (verdict, scope) => sections(verdict, scope, ({ timeouts }) => [{ value: timeouts[which].longest }]),
})

const shifted = (name: string, of: 'spread' | 'arrival', says: string): Figure => ({
  name,
  units: ['share'],
  takes: [...takes, 'per'],
  places,
  says,
  example: `${name} per 1 s below 20 %`,
  read: (verdict, scope) =>
    sections(verdict, scope, ({ misplaced }) =>
      misplaced
        .filter(({ interval }) => scope.per === undefined || interval * 1000 === scope.per)
        .map((each) => ({ value: each[of], detail: `per ${each.interval} s` })),
    ),
})

export const timeFigures: readonly Figure[] = [
  delay('visible', 'Time from a record’s last packet until it is in the collector’s table.'),
  delay('arrived', 'Time from a record’s last packet until it arrives at the collector.'),
  timeout('active', 'The longest time from first to last packet of a record.'),
  timeout('inactive', 'The longest time from a record’s last packet to its export.'),
  {
    name: 'template refresh',
    units: ['duration'],
    takes,
    places,
    says: 'The longest time between two sendings of a template; of one that was sent once, till the last record.',
    example: 'template refresh within 10 s',
    read: (verdict, scope) =>
      sections(verdict, scope, ({ templates }) =>
        templates ? [{ value: templates.apart?.ms ?? templates.lasted }] : [],
      ),
  },
  shifted(
    'misplaced bytes',
    'spread',
    'Bytes in another interval than on the wire, where records are spread from first to last packet. `per`: 1, 10, 60 or 300 s.',
  ),
  shifted('late bytes', 'arrival', 'As `misplaced bytes`, where records are booked when they arrive.'),
  {
    name: 'run time',
    units: ['duration'],
    takes: [],
    says: 'How long the run took, all its stages together.',
    example: 'run time below 30 s',
    read: ({ run }) => [{ where: 'the run', value: run.stages.reduce((sum, { ms }) => sum + ms, 0) }],
  },
]
