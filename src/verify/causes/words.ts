// Words and evidence that causes of several stages share.

import type { Exit, LogLine, Wire } from '../../evidence.ts'
import type { Volume } from '../../kernel/units.ts'
import type { CollectorPlan, ProbePlan } from '../../plan/plan.ts'
import type { Case } from '../case.ts'
import { counter, ended, happened } from '../evidence-item.ts'
import type { EvidenceItem } from '../verdict.ts'

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

export const volumeText = ({ packets, bytes }: Volume): string =>
  `${plural(packets, 'packet')} (${bytes} bytes)`

/** Lines that a process logged. */
export const linesOf = ({ logs }: Case, process: string, pattern: RegExp): LogLine[] =>
  logs.filter((line) => line.process === process && pattern.test(line.text))

/** pmacct's words for data that its core process could not hand to a plugin. */
export const queueLoss = /Failed during write|Missing data detected|missing data/i

/** Bytes of pmacct's queue to a plugin where nothing is set (CONFIG-KEYS, plugin_pipe_size). */
const usualQueue = 4_096_000

/** Options that make it smaller: it may overrun unsaid, since pmacct 1.7.7 logs from the fourth time on (MAX_RG_COUNT_ERR). */
export const smallQueue = ({ options }: Pick<ProbePlan | CollectorPlan, 'options'>) =>
  Object.entries(options).filter(
    ([key, value]) => /^plugin_pipe_size(?:\[|$)/.test(key) && Number(value) < usualQueue,
  )

/**
 * Whether a process was missed for its end. One that is told to end when the books are closed has its own ideas of the code with
 * which it does; killed by a signal it may not have handed over what it held.
 */
export const isAbsence = (
  { code, at }: Pick<Exit, 'code' | 'at'>,
  { closed }: Pick<Wire, 'closed'>,
): boolean => at <= closed || code > 128

/** When a daemon was away, from the timeline and from ends that nobody asked for. */
export const absences = (
  { timeline, exits, wire }: Case,
  target: string,
  process: string,
): EvidenceItem[] => [
  ...timeline
    .filter(
      (entry) =>
        entry.target === target && ['kill', 'stop', 'restart', 'reconfigure', 'start'].includes(entry.what),
    )
    .map(happened),
  ...exits.filter((exit) => exit.process === process && isAbsence(exit, wire)).map(ended),
]

/** Options of the lab file that speak for a cause. */
export const optionsOf = (
  { name }: { readonly name: string },
  options: readonly (readonly [string, string])[],
): EvidenceItem[] =>
  options.map(([key, value]) => counter('lab.yaml', `options of ${name}: ${key}: ${value}`))
