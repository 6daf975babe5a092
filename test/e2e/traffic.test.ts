// All that hosts can send, in one lab: a matrix, both directions of a recording, datagrams and pings, held against the wire beside h1.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import type { MatrixReport, SentReport } from '../../src/evidence.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { cannot, flowlab, gone, root, temporary } from '../support/labs.ts'
import { have } from '../support/tools.ts'
import { verdictOf } from '../support/verdicts.ts'

const directory = temporary('traffic')
const missing = ['mgen', 'socat', 'tcpreplay'].filter((program) => !have(program))

beforeEach(({ skip }) => {
  skip(cannot !== undefined, cannot)
  skip(missing.length > 0, `not installed: ${missing.join(', ')}`)
})

const value = (run: string, name: string): unknown =>
  JSON.parse(readFileSync(join(run, `${name}.json`), 'utf8'))

test('what hosts send is what the wire beside them has', async () => {
  const run = join(directory, 'traffic')
  const ended = await flowlab(['run', join(root, 'test/labs/traffic.yaml'), '--dir', run, '--format', 'json'])
  const { findings, books, traffic } = verdictOf(ended)
  expect(findings).toEqual([])
  expect(ended.code).toBe(0)
  for (const { wire, exported, arrived, collected } of books)
    expect([exported, arrived, collected]).toEqual([wire, wire, wire])

  // Of h1 all but TCP is counted in packets: a ping, D-ITG, iperf3, a side of the recording, the matrix.
  const own = traffic.filter(({ flow }) => flow.startsWith('h1 '))
  expect(own).toHaveLength(5)
  for (const { beside } of own) expect(beside).toMatchObject({ point: 'r1:eth0', missing: 0 })

  // Every flow that was drawn was sent as it was drawn.
  const { matrices = [] } = value(run, 'plan') as Plan
  const reports = (value(run, 'sent') as SentReport[]).filter(
    (each): each is MatrixReport => 'matrix' in each,
  )
  const drawn = matrices.flatMap(({ senders }) => senders)
  expect(drawn.length).toBeGreaterThan(2)
  for (const { node, flows, packets, bytes } of drawn) {
    const said = reports.find((report) => report.node === node)?.flows ?? []
    expect(said).toHaveLength(flows)
    expect(said.reduce((sum, { sent }) => sum + sent.packets, 0)).toBe(packets)
    expect(said.reduce((sum, { sent }) => sum + sent.bytes, 0)).toBe(bytes)
  }
  const all = reports.flatMap(({ flows }) => flows)
  expect(new Set(all.map(({ protocol }) => protocol))).toEqual(new Set([6, 17]))
  expect(new Set(all.map(({ destination }) => destination.includes(':')))).toEqual(new Set([true, false]))

  // The recording has 62 packets of IPv4; no host answers one of them.
  const sides = traffic.filter(({ flow }) => flow.endsWith('replay'))
  expect(sides.map(({ flow, sent }) => [flow, sent.packets])).toEqual([
    ['h1 → h3 replay', 32],
    ['h3 → h1 replay', 30],
  ])
  await gone(run)
})
