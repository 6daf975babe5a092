// The talk's lab can say no, and where: each fault of the lab file fails the verdict in the stage that it is in, with the
// evidence for it, and the other stages' books still balance.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Witness } from '../../src/verify/accounts.ts'
import { evidenceText } from '../../src/report/evidence.ts'
import type { EvidenceItem, Stage } from '../../src/verify/verdict.ts'
import { freeze } from '../faults/labs.ts'
import { cannot, type Draft, flowlab, gone, labFile, of, temporary } from '../support/labs.ts'
import { verdictOf } from '../support/verdicts.ts'

interface Fault {
  readonly name: string
  readonly edit: (draft: Draft) => void
  readonly stage: Stage
  readonly id: string
  /** The first line of the finding's evidence. */
  readonly evidence: RegExp
  /** A finding that follows from the fault, in another stage. */
  readonly consequence?: string
  /** The count as such is false, though all witnesses may agree on it. */
  readonly balances?: true
  /** Records may stand twice for others that are missing: what the stage lacks in all may be anything. */
  readonly mixes?: true
}

const directory = temporary('faults')

const faults: readonly Fault[] = [
  {
    name: "the collector's BGP session is left out",
    edit: (draft) => delete of(draft.collectors, 'main').bgp,
    stage: 'routing',
    id: 'no-bgp-session',
    balances: true,
    evidence:
      /^routes\.json: main\/display: \S+ → \S+: \w+ is "0?", r2 says "\d[\d ]*" \(192\.\d+\.0\.0\/24 path "/,
  },
  {
    name: 'one export datagram in ten is dropped',
    edit(draft) {
      const link = draft.links?.find(({ endpoints }) => endpoints.includes('col:eth0'))
      if (link) link.loss = '1/10'
      of(draft.probes, 'edge').options = { 'nfprobe_timeouts[collect]': 'maxlife=1:expint=1' }
      for (const flow of draft.traffic ?? []) if (flow.kind === 'ditg') flow.for = '4s'
    },
    stage: 'transport',
    id: 'exports-lost',
    evidence: /^transport\.json: \d+ datagrams left r2, \d+ arrived at col$/,
  },
  {
    name: 'the probe is killed for two seconds',
    edit(draft) {
      for (const flow of draft.traffic ?? []) if (flow.kind === 'ditg') flow.for = '4s'
      draft.events = [{ at: '500ms', probe: 'edge', action: 'kill', for: '2s', expected: 'off' }]
    },
    stage: 'metering',
    id: 'probe-away',
    // The first flows after its return come before its routes.
    consequence: 'as-attributes-empty',
    evidence: /^timeline\.ndjson: [\d:.]+ kill probe edge$/,
  },
  {
    name: 'the probe is stopped by a signal, for good',
    edit: (draft) => freeze(draft, 'r2', 'pmacctd', 500, 'udp'),
    stage: 'metering',
    id: 'probe-away',
    evidence: /^exits\.json: pmacctd-edge on r2 stands still, stopped by signal 19 at [\d:.]+$/,
  },
  {
    name: 'the collector is stopped by a signal, for good',
    edit(draft) {
      of(draft.probes, 'edge').options = { 'nfprobe_timeouts[collect]': 'maxlife=1:expint=1' }
      freeze(draft, 'col', 'nfacctd', 1, 'udp port 2100')
    },
    stage: 'collecting',
    id: 'collector-away',
    evidence: /^exits\.json: nfacctd-main on col stands still, stopped by signal 19 at [\d:.]+$/,
  },
  {
    name: "the probe's queues are too small",
    edit(draft) {
      of(draft.probes, 'edge').options = { plugin_pipe_size: '8192', plugin_buffer_size: '4096' }
    },
    stage: 'metering',
    id: 'probe-queue-overrun',
    // Where the ring overruns, pmacct's tables get rows that mix the fields of two.
    consequence: 'as-attributes-wrong',
    mixes: true,
    evidence: /^nodes\/r2\/log\/pmacctd-edge\.log:\d+: .*(?:WARN|ERROR)/,
  },
  {
    name: "the collector's queues are too small",
    edit(draft) {
      of(draft.collectors, 'main').options = { plugin_pipe_size: '2048', plugin_buffer_size: '1024' }
      // One burst of records may find the plugin quick enough, not one a second.
      of(draft.probes, 'edge').options = { 'nfprobe_timeouts[collect]': 'maxlife=1:expint=1' }
      for (const flow of draft.traffic ?? []) if (flow.kind === 'ditg') flow.for = '4s'
    },
    stage: 'collecting',
    id: 'collector-queue-overrun',
    consequence: 'as-attributes-wrong',
    mixes: true,
    evidence: /^nodes\/col\/log\/nfacctd-main\.log:\d+: .*(?:WARN|ERROR)/,
  },
  {
    name: 'the collector listens on another port',
    edit(draft) {
      of(draft.collectors, 'main').options = { nfacctd_port: 2101 }
    },
    stage: 'collecting',
    id: 'collector-not-listening',
    evidence: /^transport\.json: arrived \d+, listening false/,
  },
  {
    name: 'offloads are on',
    edit(draft) {
      for (const link of draft.links ?? []) link.offloads = 'on'
      draft.traffic = [
        { from: 'h1', to: 'h16', kind: 'ditg', tcp: { rate: '300pps', size: 4000 }, for: '1s' },
      ]
    },
    stage: 'metering',
    id: 'offloads-on',
    balances: true,
    evidence: /^wire\.json: r2:eth0: oversize [1-9]\d*$/,
  },
]

/** The witnesses on both sides of a stage. */
const sides: Readonly<Record<Stage, readonly [Witness, Witness] | undefined>> = {
  sending: undefined,
  metering: ['wire', 'exported'],
  exporting: ['wire', 'exported'],
  transport: ['exported', 'arrived'],
  collecting: ['arrived', 'collected'],
  routing: undefined,
}

describe.concurrent('faults', () => {
  beforeEach(({ skip }) => skip(cannot !== undefined, cannot))

  test.each(faults.map((fault) => [fault.name, fault.stage, fault] as const))(
    '%s: %s',
    async (_, stage, fault) => {
      const { id, edit, evidence, consequence, balances, mixes } = fault
      const place = `${id}-${faults.indexOf(fault)}`
      const run = join(directory, place)
      const ended = await flowlab(['run', labFile(directory, place, edit), '--dir', run, '--format', 'json'])
      const verdict = verdictOf(ended)
      expect(ended.code).toBe(1)
      expect(verdict.pass).toBe(false)

      const [finding, ...others] = verdict.findings
      expect(finding).toMatchObject({ cause: id, stage, point: 'r2:eth0', probe: 'edge', collector: 'main' })
      expect(others.filter((other) => other.cause !== consequence)).toEqual([])
      expect(finding?.packets).toBeGreaterThan(0)
      expect(finding?.bytes).toBeGreaterThan(0)
      expect(finding?.evidence[0] && evidenceText(finding.evidence[0])).toMatch(evidence)
      for (const item of finding?.evidence ?? []) expect(pointsTo(run, item)).toBe(true)

      const faulty = balances ? undefined : sides[stage]
      for (const pair of [sides.metering, sides.transport, sides.collecting]) {
        const [before, after] = pair ?? []
        if (!before || !after) continue
        const gap = verdict.books.reduce((sum, book) => sum + book[before].packets - book[after].packets, 0)
        if (before !== faulty?.[0]) expect(gap).toBe(0)
        else if (!mixes) expect(gap).toBeGreaterThan(0)
      }
      await gone(run)
    },
  )
})

/** Whether the file, and the line of it, that a piece of evidence names is there. */
function pointsTo(run: string, item: EvidenceItem): boolean {
  const file = join(run, item.file)
  if (!existsSync(file)) return false
  if (item.kind !== 'log') return true
  return readFileSync(file, 'utf8').split('\n')[item.line - 1]?.trim() === item.text
}
