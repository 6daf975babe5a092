// CollectorPlan → the command line of nfcapd and sfcapd, which is the same. They have no configuration but that.

import type { Compiled } from '../../part.ts'
import { milliseconds, type Milliseconds } from '../../kernel/units.ts'
import type { CollectorPlan } from '../../plan/plan.ts'

/** Where the files of flow records lie in the node. */
export const folder = ({ process }: CollectorPlan): string => `/tmp/${process}`

/** Their smallest, in seconds (nfcapd(1), -t). */
const shortest = '2'

/** The longest time from one file to the next; records in the newest cannot be read. */
export const rotation = ({ options }: CollectorPlan): Milliseconds =>
  milliseconds(1_000 * Number(options['t'] ?? shortest))

export function compile(program: 'nfcapd' | 'sfcapd', collector: CollectorPlan): Compiled {
  const letters = {
    w: folder(collector),
    b: collector.address,
    p: String(collector.port),
    t: shortest,
    ...collector.options,
  }
  return {
    directories: { [folder(collector)]: 'root' },
    files: {},
    processes: [
      {
        name: collector.process,
        // `true` stands for a letter without a value.
        argv: [
          program,
          ...Object.entries(letters).flatMap(([letter, value]) =>
            value === 'true' ? [`-${letter}`] : [`-${letter}`, value],
          ),
        ],
        says: `Startup ${program}`,
      },
    ],
  }
}
