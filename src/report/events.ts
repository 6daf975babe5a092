// Events as lines: what happened when, when probes and collectors had followed, and what of the account is booked to it.

import type { EventReport, Verdict } from '../verify/verdict.ts'

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`

export function eventsText({ events, run }: Verdict): string {
  return events.map((event) => eventLines(event, run.opened).join('')).join('')
}

function eventLines(event: EventReport, opened: number): string[] {
  const { name, action, target, begin, end, settled, expected, followed, booked } = event
  const called = name === `${target} ${action}` ? '' : `${name}: `
  const over = end === undefined ? '' : `, over after ${seconds(end - begin)}`
  const rest =
    settled === undefined ? '' : `; routes at rest after ${seconds(Math.max(0, settled - (end ?? begin)))}`
  return [
    `  ${seconds(begin - opened)}  ${called}${target} ${action}${over}${rest}${expected ? '' : '; not expected'}\n`,
    ...followed.map(
      ({ daemon, of, after }) =>
        `    ${daemon} followed after ${seconds(after)}${of === 'end' ? ', once it was over' : ''}\n`,
    ),
    ...booked.map(
      ({ stage, probe, collector, table, packets, bytes }) =>
        `    booked to it, ${stage}: ${packets} packets, ${bytes} bytes of ${probe} → ${collector}${table === undefined ? '' : `, table ${table}`}\n`,
    ),
  ]
}
