// Pieces of evidence: where in the run directory something can be seen, and what it says there.

import type { LogLine, TimelineEntry, Exit } from '../evidence.ts'
import { exportName } from '../plan/exporters.ts'
import type { ProbePlan, CollectorPlan } from '../plan/plan.ts'
import type { Exports } from '../replay/exports.ts'
import type { EvidenceItem } from './verdict.ts'

type Place<Kind extends EvidenceItem['kind']> = Extract<EvidenceItem, { readonly kind: Kind }>

/** A datagram of a recording: the number of its frame, and when it was seen (milliseconds since 1970-01-01T00:00:00Z). */
export interface Seen {
  readonly frame: number
  readonly at: number
}

type Message = Exports['templates'][number]['message']

export const seen = ({ number = 0, seconds, nanoseconds }: Message): Seen => ({
  frame: number,
  at: seconds * 1000 + nanoseconds / 1e6,
})

/** At most so many of a kind are shown. */
const most = 3

export const clock = (at: number): string => new Date(at).toISOString().slice(11, 23)

/** The first few of what may be many, and how many there are beyond. */
export function few<T>(all: readonly T[], item: (each: T) => EvidenceItem): EvidenceItem[] {
  const shown = all.slice(0, most).map(item)
  const rest = all.length - shown.length
  const [first] = shown
  return rest > 0 && first ? [...shown, counter(first.file, `and ${rest} more like it`)] : shown
}

export const counter = (file: string, text: string): EvidenceItem => ({ kind: 'counter', file, text })

export const logged = (lines: readonly LogLine[]): EvidenceItem[] =>
  few(lines, ({ node, file, line, text }) => ({
    kind: 'log',
    file: `nodes/${node}/log/${file}`,
    line,
    text: text.trim(),
  }))

/** Where the datagrams of a probe's exports were recorded, in the run directory. */
export const recording = (side: 'exported' | 'arrived', probe: ProbePlan, collector: CollectorPlan): string =>
  `nodes/${side === 'exported' ? probe.node : collector.node}/log/${side}-${exportName(probe)}.pcap`

export const datagram = (file: string, { frame, at }: Seen, text: string, offset = 0): Place<'datagram'> => ({
  kind: 'datagram',
  file,
  frame,
  offset,
  at,
  text,
})

/** A record within a datagram. */
export const record = (file: string, where: Seen, text: string, offset: number): EvidenceItem => ({
  ...datagram(file, where, text, offset),
  kind: 'record',
})

export const happened = ({ at, what, target }: TimelineEntry): EvidenceItem => ({
  kind: 'event',
  file: 'timeline.ndjson',
  at,
  text: `${clock(at)} ${what} ${target}`,
})

/** How a process is no more there, or does no more. */
export const how = ({ code, standsStill }: Pick<Exit, 'code' | 'standsStill'>): string =>
  standsStill
    ? `stands still, stopped by signal ${code - 128}`
    : `ended with ${code}${code > 128 ? ` (signal ${code - 128})` : ''}`

export const ended = (exit: Exit): EvidenceItem => ({
  kind: 'event',
  file: exit.standsStill ? 'exits.json' : `nodes/${exit.node}/state/${exit.process}.exit`,
  at: exit.at,
  text: `${exit.standsStill ? `${exit.process} on ${exit.node} ` : ''}${how(exit)} at ${clock(exit.at)}`,
})
