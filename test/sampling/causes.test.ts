// Runs simulated packet by packet, with one thing wrong in each or nothing: what is found, many times over with fixed seeds.

import { describe, expect, test } from 'vitest'
import { generator, givenOf, times } from './simulate.ts'
import type { Case } from '../../src/verify/case.ts'
import { type Analysis, analyse } from '../../src/verify/sampling/analysis.ts'
import { samplingInStep, samplingRemarks } from '../../src/verify/sampling/causes.ts'
import type { FlowPair } from '../../src/verify/sampling/judge.ts'
import type { Method } from '../../src/verify/sampling/law.ts'

interface Scene {
  /** N at which packets are sampled; 1 for all. */
  readonly done: number
  readonly method?: Method
  /** The lab file's; 1 for none. */
  readonly asked: number
  readonly announced?: number
  /** By what the exporter multiplies its counters. */
  readonly exporter?: number
  /** By what the collector multiplies. */
  readonly collector: number
  /** Flows take turns, packet by packet, instead of coming mixed. */
  readonly turns?: true
  readonly flows?: number
  /** Of the first flow every second record is lost in the exporter. */
  readonly leaky?: true
}

const packets = 6_000

function run(scene: Scene, seed: number): Analysis {
  const random = generator(seed * 7919)
  const flows = scene.flows ?? 20
  const wire = Array.from({ length: flows }, () => ({ packets: 0, bytes: 0 }))
  const sampled = wire.map((flow) => ({ ...flow }))
  const phase = Math.floor(random() * scene.done)
  for (let nth = 0; nth < packets; nth++) {
    const flow = scene.turns ? nth % flows : Math.floor(flows * random() ** 2)
    const size = 60 + Math.floor(random() * 1400)
    const isChosen = scene.method === 'deterministic' ? nth % scene.done === phase : random() < 1 / scene.done
    const isLost = scene.leaky === true && flow === 0 && random() < 0.5
    for (const volume of [wire[flow], isChosen && !isLost ? sampled[flow] : undefined])
      if (volume) {
        volume.packets++
        volume.bytes += size
      }
  }
  const pairs = wire.map(
    (volume, index): FlowPair => ({
      flow: {
        source: '192.0.2.1',
        destination: `198.51.100.${index}`,
        protocol: 17,
        sourcePort: 1,
        destinationPort: 2,
      },
      wire: volume,
      sampled: times(sampled[index] ?? volume, scene.exporter ?? 1),
    }),
  )
  return analyse(
    givenOf(pairs, {
      intended: scene.asked > 1 ? { rate: scene.asked, method: scene.method ?? 'random' } : undefined,
      announced: scene.announced,
      collector: scene.collector,
    }),
  )
}

/** What is found in a run; without a word of sampling nothing is looked for. */
function found(scene: Scene, seed: number): readonly string[] {
  const sampling = run(scene, seed)
  if (!sampling.isSampled) return []
  const given = {
    probe: { name: 'edge', node: 'r2' },
    collector: { name: 'main' },
    sampling,
    account: { fields: [], cells: [] },
  } as unknown as Case
  return [
    ...[...samplingRemarks, samplingInStep].flatMap((remark) => (remark.recognise(given) ? [remark.id] : [])),
    ...(sampling.judged && sampling.judged.doubtful.length > 0 ? ['doubtful'] : []),
  ]
}

const seeds = Array.from({ length: 60 }, (_, index) => index + 1)

describe.each<[string, Scene, readonly string[]]>([
  ['1:10, announced, applied', { done: 10, asked: 10, announced: 10, collector: 10 }, []],
  [
    'every 10th, announced, applied',
    { done: 10, method: 'deterministic', asked: 10, announced: 10, collector: 10 },
    [],
  ],
  ['1:10, which the collector knows by itself', { done: 10, asked: 10, collector: 10 }, []],
  ['the exporter multiplies and announces nothing', { done: 10, asked: 10, exporter: 10, collector: 1 }, []],
  ['no sampling at all', { done: 1, asked: 1, collector: 1 }, []],
  ['not announced', { done: 10, asked: 10, collector: 1 }, ['sampling-unannounced']],
  ['not announced, and asked for by nobody', { done: 4, asked: 1, collector: 1 }, ['sampling-unannounced']],
  ['not applied', { done: 10, asked: 10, announced: 10, collector: 1 }, ['sampling-unapplied']],
  ['not done, and applied', { done: 1, asked: 10, announced: 10, collector: 10 }, ['sampling-not-done']],
  [
    'applied by exporter and collector',
    { done: 10, asked: 10, announced: 10, exporter: 10, collector: 10 },
    ['sampling-doubled'],
  ],
  [
    'applied twice by the collector',
    { done: 10, asked: 10, announced: 10, collector: 100 },
    ['sampling-doubled'],
  ],
  [
    'mode bits in the interval',
    { done: 10, asked: 10, announced: 0x400a, collector: 0x400a },
    ['sampling-rate-wrong'],
  ],
  [
    'octets in the wrong order',
    { done: 10, asked: 10, announced: 2560, collector: 2560 },
    ['sampling-rate-wrong'],
  ],
  ['announced as half', { done: 10, asked: 10, announced: 5, collector: 5 }, ['sampling-rate-wrong']],
  [
    'done at twice what is asked for',
    { done: 20, asked: 10, announced: 20, collector: 20 },
    ['sampling-rate-wrong'],
  ],
  [
    'the collector takes the mode bits for a part',
    { done: 10, asked: 10, announced: 10, collector: 0x800a },
    ['sampling-misapplied'],
  ],
  [
    'every 10th of ten flows that take turns',
    { done: 10, method: 'deterministic', asked: 10, announced: 10, collector: 10, turns: true, flows: 10 },
    ['sampling-in-step', 'doubtful'],
  ],
  [
    'a flow half of which is lost',
    { done: 4, asked: 4, announced: 4, collector: 4, leaky: true },
    ['doubtful'],
  ],
])('%s', (_, scene, expected) => {
  test(`finds ${expected.join(', ') || 'nothing'}`, () => {
    const wrong = seeds.filter(
      (seed) =>
        found(scene, seed)
          .filter((id) => id !== 'doubtful' || expected.includes(id))
          .join() !== expected.join(),
    )
    // One run in a thousand may be a false alarm; of what is wrong nothing is missed.
    expect(wrong).toEqual([])
  })
})

test('flows in step are counted as they are found, and no others', () => {
  const scene: Scene = { done: 10, method: 'deterministic', asked: 10, announced: 10, collector: 10 }
  const sampling = run({ ...scene, turns: true, flows: 10 }, 1)
  const cells = sampling.judged?.doubtful.map(({ flow, wire, sampled }) => ({
    ...flow,
    before: wire,
    after: times(sampled, 10),
  }))
  const other = { packets: 7, bytes: 700 }
  const given = {
    probe: { name: 'edge', node: 'r2' },
    collector: { name: 'main' },
    sampling,
    account: {
      fields: ['source', 'destination'],
      cells: [
        ...(cells ?? []),
        { source: '192.0.2.9', destination: '198.51.100.0', before: other, after: { packets: 0, bytes: 0 } },
      ],
    },
  } as unknown as Case
  expect(cells?.length).toBeGreaterThan(0)
  expect(samplingInStep.recognise(given)?.predicts).toEqual([
    ...(cells ?? []).map(({ after }) => after),
    other,
  ])
})

test('sentences name the mistake', () => {
  const sampling = run({ done: 10, asked: 10, announced: 0x400a, collector: 0x400a }, 1)
  const given = {
    probe: { name: 'edge', node: 'r2' },
    collector: { name: 'main' },
    sampling,
  } as unknown as Case
  const said = samplingRemarks.flatMap((remark) => remark.recognise(given)?.sentence('') ?? [])
  expect(said.join()).toContain('mode bits of NetFlow v5')
})
