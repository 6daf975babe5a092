// ProbePlan → softflowd's command line. It has no configuration but that.

import type { Compiled } from '../../../part.ts'
import { socketAddress } from '../../../kernel/address.ts'
import type { ProbePlan, ProcessPlan } from '../../../plan/plan.ts'

const versions: Readonly<Record<string, string>> = {
  netflow1: '1',
  netflow5: '5',
  netflow9: '9',
  ipfix: '10',
}

/** Path in the node of the socket on which it takes commands. */
export const socket = ({ process }: ProbePlan): string => `/run/${process}.ctl`

export function compile(probe: ProbePlan): Compiled {
  const { protocol } = probe.export
  const { sampling, snaplen } = probe
  const letters = {
    i: probe.interface,
    // To each of several it sends the same datagrams.
    n: [probe.export, ...(probe.copies ?? [])]
      .map(({ address, port }) => socketAddress(address, port))
      .join(','),
    v: versions[protocol] ?? protocol,
    c: socket(probe),
    ...(sampling ? { s: String(sampling.rate) } : {}),
    ...(snaplen === undefined ? {} : { C: String(snaplen) }),
    ...probe.options,
  }
  return {
    files: {},
    processes: [
      {
        name: probe.process,
        // -d: in the foreground. `true` stands for a letter without a value.
        argv: [
          'softflowd',
          '-d',
          ...Object.entries(letters).flatMap(([letter, value]) =>
            value === 'true'
              ? [`-${letter}`]
              : // Several timeouts, each with a letter of its own.
                (letter === 't' ? value.split(/\s+/) : [value]).flatMap((each) => [`-${letter}`, each]),
          ),
          ...timeoutsOf(probe).flatMap((each) => ['-t', each]),
        ],
        // It listens on its socket when libpcap has opened the interface.
        ready: socket(probe),
        // In the foreground it heeds no signal: SIGTERM would end it with its flows unsent.
        stop: { command: ['softflowctl', '-c', socket(probe), 'shutdown'], code: 1 },
      },
      ...refreshing(probe),
    ],
  }
}

/** By itself it sends templates with every 16th datagram; between these it can be told to, and sends them with the next. */
function refreshing(probe: ProbePlan): ProcessPlan[] {
  const { templateRefresh } = probe.export
  if (templateRefresh === undefined) return []
  const telling = `while sleep ${templateRefresh / 1000}; do softflowctl -c "$1" send-template || :; done`
  return [
    {
      name: `${probe.process}-templates`,
      argv: ['bash', '-c', telling, 'templates', socket(probe)],
      after: [probe.process],
    },
  ]
}

/** Each kind of flow has an inactive timeout of its own; they are looked at each second. */
function timeoutsOf({ timeouts: { active, inactive } }: ProbePlan): string[] {
  if (active === undefined && inactive === undefined) return []
  const kinds = ['tcp', 'tcp.rst', 'tcp.fin', 'udp', 'icmp', 'general']
  return [
    ...(inactive === undefined ? [] : kinds.map((kind) => `${kind}=${inactive / 1000}`)),
    ...(active === undefined ? [] : [`maxlife=${active / 1000}`]),
    'expint=1',
  ]
}
