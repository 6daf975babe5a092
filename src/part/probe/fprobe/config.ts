// ProbePlan → fprobe's command line. It has no configuration but that.

import type { Compiled } from '../../../part.ts'
import type { ProbePlan } from '../../../plan/plan.ts'

const versions: Readonly<Record<string, string>> = { netflow1: '1', netflow5: '5' }

export function compile(probe: ProbePlan): Compiled {
  const { snaplen, timeouts } = probe
  const seconds = (letter: string, span: number | undefined) =>
    span === undefined ? {} : { [letter]: String(span / 1000) }
  const letters = {
    i: probe.interface,
    // Without a filter it takes every frame for IP.
    f: 'ip',
    n: versions[probe.export.protocol] ?? probe.export.protocol,
    a: probe.export.source,
    ...seconds('e', timeouts.active),
    ...seconds('d', timeouts.inactive),
    // How often it looks for flows that have expired, in seconds.
    ...(timeouts.active === undefined && timeouts.inactive === undefined ? {} : { s: '1' }),
    ...(snaplen === undefined ? {} : { S: String(snaplen) }),
    // Packets between capture and cache: its own 100 are too few for what libpcap hands over at once.
    q: '10000',
    // Logs on standard output, and with that it stays in the foreground.
    l: '2',
    ...probe.options,
  }
  return {
    files: {},
    processes: [
      {
        name: probe.process,
        argv: [
          'fprobe',
          // Letter and value in one word, as its own getopt has it; `true` stands for a letter without a value.
          ...Object.entries(letters).map(([letter, value]) =>
            value === 'true' ? `-${letter}` : `-${letter}${value}`,
          ),
          ...[probe.export, ...(probe.copies ?? [])].map(
            ({ address, port, source }) => `${address}:${port}/${source}`,
          ),
        ],
        says: 'pid: ',
        stop: 'SIGTERM',
      },
    ],
  }
}
