// Findings about time: timeouts that the lab asks for and that a metering process does not keep.

import { nothing } from '../../kernel/units.ts'
import { exportName } from '../../plan/exporters.ts'
import type { Remark } from '../causes/cause.ts'
import { counter } from '../evidence-item.ts'
import type { Kept } from './timeouts.ts'

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

const notKept = (
  of: 'active' | 'inactive',
  words: Pick<Remark, 'title' | 'knownBy' | 'remedy'>,
  sentence: (kept: Kept & { readonly asked: number }, probe: string) => string,
): Remark => ({
  id: `${of}-timeout-not-kept`,
  stage: 'metering',
  ...words,
  test: 'Send one flow that goes on, and one that pauses: their records show the times by which the exporter goes.',
  recognise({ time, probe }) {
    const kept = time?.timeouts[of]
    if (!kept || kept.asked === undefined || kept.over === 0) return undefined
    const { asked } = kept
    return {
      volume: nothing,
      evidence: [
        counter(
          `nodes/${probe.node}/log/exported-${exportName(probe)}.pcap`,
          `${kept.over} records beyond ${seconds(asked)}, the longest ${seconds(kept.longest)}`,
        ),
      ],
      sentence: () => sentence({ ...kept, asked }, probe.name),
    }
  },
})

export const timeRemarks: readonly Remark[] = [
  notKept(
    'active',
    {
      title: 'Records speak of a longer time than the active timeout: volume turns up in bursts, and late.',
      knownBy:
        'A record’s first and last packet are further apart than the active timeout and a second and a half.',
      remedy:
        'Set the timeout that the program heeds (nfprobe_timeouts maxlife, softflowd -t maxlife), and how often it looks (expint).',
    },
    ({ asked, longest, over }, probe) =>
      `${probe} has an active timeout of ${seconds(asked)}, and ${over} of its records speak of longer times, up to ${seconds(longest)}`,
  ),
  notKept(
    'inactive',
    {
      title:
        'Flows that have ended are exported later than the inactive timeout allows: they become visible late.',
      knownBy:
        'A record left the exporter longer after its last packet than the inactive timeout and three seconds.',
      remedy:
        'Set the timeouts that the program heeds for each protocol (nfprobe_timeouts, softflowd -t), and how often it looks (expint).',
    },
    ({ asked, longest, over }, probe) =>
      `${probe} has an inactive timeout of ${seconds(asked)}, and ${over} of its records came later after their last packet, up to ${seconds(longest)}`,
  ),
  {
    id: 'flows-cut-early',
    stage: 'metering',
    title:
      'Flows that go on are exported sooner than the timeouts ask: many short records stand for one flow.',
    knownBy:
      'After a record its flow went on before the inactive timeout, and the record speaks of less than the active timeout (both by a second and a half), without an end of the connection, and it was exported before the inactive timeout had passed since its last packet. Volumes are right.',
    remedy:
      'Enlarge the flow cache (nfprobe_maxflows, softflowd -m), so that flows need not make room for others; look for shorter timeouts of single protocols.',
    test: 'Send a tenth of the flows: each has one record.',
    recognise({ time, probe, timeline }) {
      const { cut = 0, records = 0 } = time?.early ?? {}
      // A probe that ended in between has cut them itself.
      if (cut === 0 || timeline.some(({ target }) => target === `probe ${probe.name}`)) return undefined
      return {
        volume: nothing,
        evidence: [
          counter(
            `nodes/${probe.node}/log/exported-${exportName(probe)}.pcap`,
            `${cut} of ${records} records are followed by another of their flow at once`,
          ),
        ],
        sentence: () =>
          `${probe.name} cuts flows before their timeouts: ${cut} of its ${records} records are followed by another of the same flow, sooner than the timeouts allow`,
      }
    },
  },
]
