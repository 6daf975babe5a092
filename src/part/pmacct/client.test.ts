// What pmacct 1.7.7's client printed, a phantom row among it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseRows, readTables } from './client.ts'

const fixture = (name: string): string => readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8')
const rows = [
  {
    as_src: 65533,
    peer_as_src: 65530,
    peer_ip_src: '',
    src_as_path: '65530_65533',
    ip_src: '192.32.0.2',
    ip_dst: '192.0.128.65',
    packets: 779,
    bytes: 285485,
  },
  {
    as_src: 65530,
    peer_as_src: 65530,
    peer_ip_src: '',
    src_as_path: '65530',
    ip_src: '192.16.0.2',
    ip_dst: '192.0.128.65',
    packets: 423,
    bytes: 316528,
  },
]

test('a row an object, as it is', () => expect(parseRows(fixture('inbound.json'))).toEqual(rows))

test('a row of no packets, whose fields are whatever was in memory, is none', () => {
  expect(fixture('phantom.json')).toContain('"packets": 0')
  expect(parseRows(fixture('phantom.json'))).toEqual(rows)
})

test('nor is one without addresses, whatever it says of packets', () => {
  const phantom =
    '{"as_src": 1096240096, "src_as_path": "Q", "ip_src": "", "ip_dst": "", "packets": 94005045447472, "bytes": 94005045446904}\n'
  expect(parseRows(fixture('inbound.json') + phantom)).toEqual(rows)
})

test('an empty table has no rows', () => expect(parseRows('')).toEqual([]))

test('each table is asked for by its pipe', async () => {
  const asked: string[][] = []
  const ask = (...argv: string[]): Promise<string> => {
    asked.push(argv)
    return Promise.resolve(fixture('inbound.json'))
  }
  const plan = { process: 'pmacctd-edge', tables: [{ name: 'inbound', aggregate: ['src_host'] }] }
  expect(await readTables(ask, plan)).toEqual([{ name: 'inbound', aggregate: ['src_host'], rows }])
  expect(asked).toEqual([['pmacct', '-s', '-p', '/tmp/pmacctd-edge-inbound.pipe', '-O', 'json']])
})
