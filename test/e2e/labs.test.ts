// The talk's lab as its users run it: green by itself, twice at once, by root and by others; alive, verb by verb.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Wire } from '../../src/evidence.ts'
import type { Inspection } from '../../src/run/inspect.ts'
import type { Verdict } from '../../src/verify/verdict.ts'
import {
  begin,
  cannot,
  eventually,
  flowlab,
  gone,
  hostInterfaces,
  labFile,
  of,
  processesOf,
  root,
  temporary,
  type Draft,
} from '../support/labs.ts'
import { inTerminal, noTerminal, screens } from '../support/terminal.ts'
import { have } from '../support/tools.ts'
import { otherUser } from '../support/users.ts'
import { verdictOf } from '../support/verdicts.ts'

const directory = temporary('labs')
/** What the example expects of itself. */
const { expect: expected = [] } = parse(
  readFileSync(join(root, 'examples/janog36/lab.yaml'), 'utf8'),
) as Draft
const lab = labFile(directory, 'talk', (draft) => (draft.expect = expected))
/** To be judged before its traffic as well, when nothing that is expected can be seen. */
const bare = labFile(directory, 'bare')

/** Charts that are polled while traffic flows; what is returned ends the poller and looks at them. */
async function chartsOf(run: string): Promise<(() => Promise<void>) | undefined> {
  if (!have('rrdtool')) return undefined
  const data = ['--data', join(directory, 'charts')]
  const fields = ['--lab', run, '--key', 'protocol', '--unit', 'packets', '--step', '1s', ...data]
  /** Of all series: which comes first depends on what crossed before the traffic. */
  const numbers = async (name: string): Promise<string[]> =>
    (await flowlab(['chart', 'csv', name, '--from', '-1m', ...data])).stdout
      .trimEnd()
      .split('\n')
      .slice(1)
      .flatMap((row) => row.split(',').slice(1))
  for (const [name, ...more] of [
    ['wire', '--witness', 'wire'],
    ['nowhere', '--collector', 'main', '--table', 'nowhere'],
  ])
    expect(await flowlab(['chart', 'add', name ?? '', ...more, ...fields])).toMatchObject({ code: 0 })
  const poller = begin(['chart', 'poll', ...data])
  await eventually(() => (poller.said().includes('wire: ') ? undefined : poller.said()))
  return async () => {
    poller.child.kill('SIGTERM')
    expect(await poller.ended).toMatchObject({ code: 0 })
    expect(poller.said()).toContain('nowhere: no answer: collector main of janog36 has no table nowhere')
    expect(Math.max(...(await numbers('wire')).map(Number))).toBeGreaterThan(50)
    // What nobody answers is a gap, and no zero.
    expect(new Set(await numbers('nowhere'))).toEqual(new Set(['']))
  }
}

function expectGreen(verdict: Verdict): void {
  expect(verdict.findings).toEqual([])
  expect(verdict.pass).toBe(true)
  expect(verdict.books.map((book) => book.direction)).toEqual(['in', 'out'])
  for (const { wire, exported, arrived, collected } of verdict.books) {
    expect(wire.packets).toBeGreaterThan(500)
    expect([exported, arrived, collected]).toEqual([wire, wire, wire])
  }
  expect(verdict.tables).toHaveLength(2)
  for (const { wire, held, checked } of verdict.tables) {
    expect(checked).toBe(true)
    expect(held).toEqual(wire)
  }
  expect(verdict.attributes.checked).toBeGreaterThan(50)
  expect(verdict.attributes.wrong).toBe(0)
}

describe.concurrent('the lab of the talk', () => {
  beforeEach(({ skip }) => skip(cannot !== undefined, cannot))

  test('is green beside a copy of itself, and so is its run directory afterwards', async () => {
    const before = hostInterfaces()
    const [run = '', copy = ''] = ['left', 'right'].map((name) => join(directory, name))
    const [ended, copied] = await Promise.all(
      [run, copy].map((path) => flowlab(['run', lab, '--dir', path, '--format', 'json'])),
    )
    if (!ended || !copied) return
    const verdict = verdictOf(ended)
    for (const each of [verdict, verdictOf(copied)]) expectGreen(each)
    expect(verdict.expectations.map(({ text, holds }) => [text, holds])).toEqual(
      expected.map((text) => [text, true]),
    )
    expect(ended.code).toBe(0)
    await Promise.all([run, copy].map(gone))
    expect(hostInterfaces()).toEqual(before)
    // A receiver that has to wait for a processor may lose some in its socket, which is nothing of the wire's.
    for (const flow of verdict.traffic) {
      const { sent, received } = flow
      expect(received?.packets, JSON.stringify(flow)).toBeGreaterThan(0)
      expect(received?.packets).toBeLessThanOrEqual(sent?.packets ?? 0)
    }

    const again = await flowlab(['verify', run, '--format', 'json'])
    expect(again.code).toBe(0)
    expect(verdictOf(again)).toEqual(verdict)
    expect(readFileSync(join(run, 'lab.yaml'), 'utf8')).toBe(readFileSync(lab, 'utf8'))

    const report = await flowlab(['verify', run])
    expect(report.code).toBe(0)
    for (const text of [
      'SRC_AS_PATH',
      '65530 65533',
      'main: table display',
      'ARP',
      'janog36 ✔ true: every one of',
    ])
      expect(report.stdout).toContain(text)
  })

  test('is green for an ordinary user too', async ({ skip }) => {
    const user = otherUser()
    skip('reason' in user, 'reason' in user ? user.reason : '')
    if ('reason' in user) return
    const home = join(directory, 'ordinary')
    mkdirSync(home)
    execFileSync('chown', [`${user.uid}:${user.gid}`, home])
    const run = join(home, 'run')
    const ended = await flowlab(['run', lab, '--dir', run, '--format', 'json'], {
      cwd: home,
      env: { HOME: home },
      through: user.through,
    })
    expectGreen(verdictOf(ended))
    await gone(run)
  })

  test("is green though its probe's client takes longer than the probe to end", async ({
    onTestFinished,
  }) => {
    const own = join(directory, 'slow')
    mkdirSync(own)
    const [client, real] = [join(own, 'client'), join(own, 'pmacct')]
    writeFileSync(client, '#!/bin/sh\nsleep 2.5\nexec /opt/pmacct "$@"\n', { mode: 0o755 })
    copyFileSync('/usr/bin/pmacct', real)
    const file = labFile(own, 'lab', (draft) => {
      of(draft.nodes, 'r2').binds = [`${client}:/usr/bin/pmacct`, `${real}:/opt/pmacct`]
    })
    const run = join(own, 'run')
    onTestFinished(async () => void (await flowlab(['destroy', run])))
    expectGreen(verdictOf(await flowlab(['run', file, '--dir', run, '--format', 'json'])))
  })

  test('alive: inspect, exec, capture, top, verify, destroy', { timeout: 120_000 }, async ({
    onTestFinished,
  }) => {
    const run = join(directory, 'alive')
    onTestFinished(async () => void (await flowlab(['destroy', run])))
    const ofRun = ['--lab', run]
    expect(await flowlab(['deploy', bare, '--dir', run])).toMatchObject({ code: 0 })

    const inspection = JSON.parse((await flowlab(['inspect', run, '--format', 'json'])).stdout) as Inspection
    expect(inspection.nodes.map(({ name }) => name)).toEqual([
      'r1',
      'r2',
      'x',
      'y',
      'h1',
      'h16',
      'h32',
      'col',
    ])
    expect(inspection.sessions).toHaveLength(8)
    for (const session of inspection.sessions) expect(session).toMatchObject({ established: true })
    for (const { processes } of inspection.nodes)
      for (const process of processes) expect(process).toMatchObject({ state: 'running' })
    expect(inspection.probes).toMatchObject([{ name: 'edge', at: 'r2:eth0', state: 'running', bgp: 'r2' }])
    expect(inspection.collectors).toMatchObject([{ name: 'main', state: 'running', listening: true }])
    expect((await flowlab(['inspect', run])).stdout).toContain('192.168.56.3/24')
    expect((await flowlab(['inspect', '--all', '--format', 'json'])).stdout).toContain(run)

    const exec = (node: string, ...command: string[]) => flowlab(['exec', ...ofRun, node, '--', ...command])
    expect((await exec('r2', 'vtysh', '-c', 'show bgp summary')).stdout).toMatch(
      /192\.168\.56\.2\s+4\s+65530/,
    )
    expect((await exec('h1', 'ping', '-c', '2', '-i', '0.2', '192.32.0.2')).stdout).toContain('2 received')
    expect(await exec('h1', 'sh', '-c', 'exit 7')).toMatchObject({ code: 7, stdout: '', stderr: '' })
    expect(await flowlab(['exec', ...ofRun, 'h2', '--', 'true'])).toMatchObject({ code: 2, stdout: '' })

    const file = join(directory, 'captured.pcap')
    const capture = flowlab(['capture', ...ofRun, 'r2:eth0', '-c', '4', 'icmp'], { outputTo: file })
    const ping = exec('h1', 'ping', '-i', '0.2', '-w', '20', '192.32.0.2')
    expect(await capture).toMatchObject({ code: 0 })
    expect(execFileSync('tcpdump', ['-n', '-r', file], { encoding: 'utf8', stdio: 'pipe' })).toMatch(
      /^(?:.*192\.0\.128\.65.*ICMP echo (?:request|reply).*\n){4}$/,
    )
    expect(await exec('h1', 'pkill', '-INT', '-x', 'ping')).toMatchObject({ code: 0 })
    await ping

    const first = await flowlab(['verify', run, '--format', 'json'])
    expect(verdictOf(first)).toMatchObject({ pass: true, findings: [] })
    const top = noTerminal === undefined ? inTerminal(['top', run, '--interval', '0.5']) : undefined
    onTestFinished(() => top?.close())
    await top?.says('192.32.0.2')
    const flows = top?.says('Mbit/s')
    const charts = await chartsOf(run)
    expect(await flowlab(['traffic', ...ofRun])).toMatchObject({ code: 0 })
    await charts?.()
    await flows
    top?.press('q')
    if (top) expect(screens(await top.ended)[2]).toContain('code 0')
    // What nobody read the counters for belongs to the curve too.
    expect(await exec('h1', 'ping', '-c', '2', '-i', '0.2', '192.32.0.2')).toMatchObject({ code: 0 })
    const second = verdictOf(await flowlab(['verify', run, '--format', 'json']))
    expectGreen(second)
    const [wireOfPoint] = JSON.parse(readFileSync(join(run, 'wire.json'), 'utf8')) as readonly Wire[]
    const { in: inward, out } = wireOfPoint?.directions ?? {}
    const drawn = second.time[0]?.curve.reduce((sum, point) => sum + (point.wire?.packets ?? 0), 0)
    expect(drawn).toBeCloseTo((inward?.total.packets ?? NaN) + (out?.total.packets ?? NaN), 0)
    // Everything has come where it was to come, and is counted there as the kernel did.
    const shown = await flowlab(['top', run, '--once', '--format', 'json', '--filter', 'ip 192.32.0.2'])
    const { witnesses, rows } = JSON.parse(shown.stdout) as {
      readonly witnesses: Readonly<Record<string, { readonly packets: number; readonly bytes: number }>>
      readonly rows: readonly { readonly key: string; readonly difference: object }[]
    }
    const { wire, ...others } = witnesses
    expect(wire?.packets).toBeGreaterThan(500)
    for (const [name, { packets, bytes }] of Object.entries(others))
      expect([name, packets, bytes]).toEqual([name, wire?.packets, wire?.bytes])
    expect(rows.find(({ key }) => key === '192.32.0.2')?.difference).toEqual({ packets: 0, bytes: 0 })

    expect(await flowlab(['destroy', run])).toMatchObject({ code: 0 })
    expect(processesOf(run)).toEqual([])
    expect(await flowlab(['exec', ...ofRun, 'h1', '--', 'true'])).toMatchObject({ code: 2 })
    expectGreen(verdictOf(await flowlab(['verify', run, '--format', 'json'])))
  })
})
