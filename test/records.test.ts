// Records with one mistake each beside the packets that they speak of: real evidence from disk, changed in the store, and the
// diagnosis of times by numbers made by hand.

import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runDirectory } from '../src/run/directory.ts'
import { readEvidence } from '../src/run/evidence.ts'
import { judge } from '../src/verify/verify.ts'
import { diagnosis, wrap } from '../src/verify/records/times.ts'

const kept = join(import.meta.dirname, 'runs/interface-index-zero')

describe('a kept run, one column of its records changed', () => {
  let evidence: Awaited<ReturnType<typeof readEvidence>>
  beforeEach(async () => {
    evidence = await readEvidence(runDirectory(kept))
    // What the run is called by is not what is changed here.
    await evidence.store.ask(
      `UPDATE exported SET ingress = NULL, egress = NULL; UPDATE arrived SET ingress = NULL, egress = NULL`,
    )
  })
  afterEach(() => evidence.store.close())

  const later = (milliseconds: number): string =>
    `flowStart = flowStart + to_milliseconds(${milliseconds}), flowEnd = flowEnd + to_milliseconds(${milliseconds})`

  test.each([
    ['nothing', 'UPDATE exported SET tos = tos', []],
    ['DSCP in place of the octet', 'UPDATE exported SET tos = tos >> 2 WHERE protocol = 17', ['tos-wrong']],
    ['no flags', 'UPDATE exported SET tcpFlags = 0', ['tcp-flags-wrong']],
    [
      'a flag too many',
      'UPDATE exported SET tcpFlags = tcpFlags | 4 WHERE protocol = 6',
      ['tcp-flags-wrong'],
    ],
    ['a clock that is slow', `UPDATE exported SET ${later(-2_000)}`, ['times-off-by-constant']],
    ['an uptime that wrapped', `UPDATE exported SET ${later(-wrap)}`, ['uptime-wrapped']],
    [
      'seconds for milliseconds',
      'UPDATE exported SET flowEnd = flowStart + 1000 * (flowEnd - flowStart)',
      ['times-in-wrong-unit'],
    ],
    [
      'ends before begins',
      'UPDATE exported SET flowStart = flowEnd, flowEnd = flowStart WHERE protocol = 17',
      ['times-of-other-packets'],
    ],
    ['the output for the input', 'UPDATE exported SET ingress = 3, egress = 2', ['interface-index-wrong']],
    [
      'rows of another mark',
      'UPDATE collected SET tos = 8 WHERE protocol = 17',
      ['collected-attributes-wrong'],
    ],
  ])('%s', async (_, change, causes) => {
    // Rows reach the store when it judges; what is to be changed in them is changed as they come.
    const isOfRows = change.includes('UPDATE collected')
    const changed = isOfRows ? withRows(evidence, { tos: 8 }) : evidence
    if (!isOfRows) await evidence.store.ask(change)
    const { findings } = await judge(changed)
    const said = findings.filter(
      ({ cause }) => !cause.startsWith('active-') && !cause.startsWith('inactive-'),
    )
    expect(said.map(({ cause }) => cause)).toEqual(causes)
  })
})

const withRows = <T extends { readonly collected: Awaited<ReturnType<typeof readEvidence>>['collected'] }>(
  evidence: T,
  fields: Readonly<Record<string, number>>,
): T => ({
  ...evidence,
  collected: {
    ...evidence.collected,
    collectors: evidence.collected.collectors.map((each) => ({
      ...each,
      tables: each.tables.map((table) => ({
        ...table,
        rows: table.rows.map((row) => (row['ip_proto'] === 'udp' ? { ...row, ...fields } : row)),
      })),
    })),
  },
})

const at = (middle: number, wide = 0) => ({ early: middle - wide, middle, late: middle + wide })
test.each([
  [
    'constant',
    { begin: at(-3_600_000, 250), end: at(-3_600_000), ratio: at(1), leap: undefined, reversed: 0 },
  ],
  ['wrap', { begin: at(wrap), end: at(wrap), ratio: at(1), leap: undefined, reversed: 0 }],
  ['unit', { begin: at(10, 4_500), end: undefined, ratio: at(1_000), leap: undefined, reversed: 0 }],
  [
    'reversed',
    { begin: at(2_000, 4_500), end: at(0, 4_500), ratio: at(-1, 3), leap: undefined, reversed: 3 },
  ],
  ['step', { begin: at(0, 10), end: at(90_000, 300), ratio: at(20, 9), leap: at(90_000, 300), reversed: 0 }],
  [
    'drift',
    { begin: at(100, 100), end: at(2_000, 900), ratio: at(1.05, 0.002), leap: undefined, reversed: 0 },
  ],
  ['other', { begin: at(2_000, 4_500), end: at(0, 4_500), ratio: at(2, 1), leap: undefined, reversed: 0 }],
] as const)('times that are wrong: %s', (is, errors) => {
  expect(diagnosis(errors).is).toBe(is)
})
