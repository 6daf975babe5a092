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

test.each([
  ['constant', { off: -3_600_000, early: -3_600_000, late: -3_599_500, ratio: 1, reversed: 0 }],
  ['wrap', { off: wrap, early: wrap, late: wrap, ratio: 1, reversed: 0 }],
  ['unit', { off: 10, early: 0, late: 9_000, ratio: 1_000, reversed: 0 }],
  ['reversed', { off: 2_000, early: 0, late: 9_000, ratio: -1, reversed: 3 }],
  ['other', { off: 2_000, early: 0, late: 9_000, ratio: 2, reversed: 0 }],
] as const)('times that are wrong: %s', (is, errors) => {
  expect(diagnosis(errors).is).toBe(is)
})
