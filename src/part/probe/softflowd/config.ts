// ProbePlan → softflowd's command line. It has no configuration but that.

import type { Compiled } from '../../../part.ts'
import { socketAddress } from '../../../kernel/address.ts'
import type { ProbePlan } from '../../../plan/plan.ts'

const versions = { netflow5: '5', netflow9: '9', ipfix: '10' } as const

/** Path in the node of the socket on which it takes commands. */
export const socket = ({ process }: ProbePlan): string => `/run/${process}.ctl`

export function compile(probe: ProbePlan): Compiled {
  const { protocol, address, port } = probe.export
  const letters = {
    i: probe.interface,
    n: socketAddress(address, port),
    v: versions[protocol],
    c: socket(probe),
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
            value === 'true' ? [`-${letter}`] : [`-${letter}`, value],
          ),
        ],
        // It listens on its socket when libpcap has opened the interface.
        ready: socket(probe),
        // In the foreground it heeds no signal: SIGTERM would end it with its flows unsent.
        stop: { command: ['softflowctl', '-c', socket(probe), 'shutdown'], code: 1 },
      },
    ],
  }
}
