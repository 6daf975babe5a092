// Configurations of the user's own on real daemons, and lab files made of others: the talk's two files, and a matrix of routers, probe
// and collector by files of their own.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { beforeEach, describe, expect, test } from 'vitest'
import { cannot, flowlab, gone, root, temporary } from '../support/labs.ts'
import { verdictOf } from '../support/verdicts.ts'

const directory = temporary('own')

describe.concurrent('configurations of one’s own', () => {
  beforeEach(({ skip }) => skip(cannot !== undefined, cannot))

  test('the talk’s two balance the books, in tables and AS paths too', async () => {
    const [file, run] = [join(directory, 'talk.yaml'), join(directory, 'talk')]
    const flow = { from: 'h32', to: 'h1', kind: 'ditg', udp: { rate: '400pps', size: 300 }, for: '1s' }
    const ping = { from: 'h1', to: 'h16', kind: 'ping', count: 5, interval: '100ms' }
    writeFileSync(
      file,
      stringify({
        extends: join(root, 'examples/talk-config/lab.yaml'),
        traffic: [flow, ping],
        expect: null,
      }),
    )
    const ended = await flowlab(['run', file, '--dir', run, '--format', 'json'])
    const verdict = verdictOf(ended)
    // The books balance; what records say beside numbers is told of in the example's README.
    const attributes = new Set(['tos-wrong', 'tcp-flags-wrong'])
    expect(verdict.findings.filter(({ cause }) => !attributes.has(cause))).toEqual([])
    for (const { wire, held } of verdict.tables) expect(held).toEqual(wire)
    for (const { wire, collected } of verdict.books) expect(collected).toEqual(wire)
    expect(verdict.tables.map(({ table }) => table)).toEqual(['inbound', 'outbound', 'debug'])
    expect(verdict.attributes.checked).toBeGreaterThan(10)
    expect(ended.stderr).toContain(
      'pmacctd.conf:13:1 probes.edge: warning: expected a directive of pmacct 1.7.7, found interface',
    )
    expect(readFileSync(join(run, 'nodes/r2/etc/pmacct/pmacctd-edge.conf'), 'utf8')).toContain(
      'aggregate_filter[outbound]: src net 192.0.128.0/24',
    )
    await gone(run)
  })

  test('a matrix runs each combination, and says of all in one table', async () => {
    const [file, run] = [join(directory, 'matrix.yaml'), join(directory, 'matrix')]
    writeFileSync(
      file,
      stringify({
        extends: join(root, 'test/labs/own-routers.yaml'),
        vars: { SIZE: 100 },
        matrix: { rate: ['100pps', '200pps'] },
        traffic: [
          { from: 'h1', to: 'h3', kind: 'ditg', udp: { rate: '${rate}', size: '${SIZE}' }, for: '1s' },
        ],
      }),
    )
    const ended = await flowlab([
      ...['run', file, '--dir', run, '--format', 'json'],
      ...['--set', 'SIZE=200', '--jobs', '2'],
    ])
    expect(ended.code, ended.stderr).toBe(0)
    const { runs } = JSON.parse(ended.stdout) as { runs: { combination: object; result: object }[] }
    expect(runs.map(({ combination }) => combination)).toEqual([{ rate: '100pps' }, { rate: '200pps' }])
    for (const { result } of runs) expect(result).toMatchObject({ pass: true, packetsOff: 0, findings: [] })
    expect(readFileSync(join(run, 'rate=200pps/lab.yaml'), 'utf8')).toContain('size: 200')
  })
})
