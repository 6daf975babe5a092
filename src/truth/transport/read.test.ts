// /proc/net/udp and nft's counter as a collector's node gave them, and recordings as they grow.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { endianness, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { countRecorded, parseCounter, parseSockets } from './read.ts'

const fixture = (name: string): string => readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8')

test('the counter of datagrams', () => {
  expect(parseCounter(fixture('counter.json'))).toEqual({ packets: 9, bytes: 4112 })
  expect(() => parseCounter('{"nftables": [{"metainfo": {}}]}')).toThrow('no counter of datagrams')
})

test.skipIf(endianness() !== 'LE')('the socket on an address and port', () => {
  const udp = fixture('udp.txt')
  const none = { listening: false, drops: 0 }
  expect(parseSockets(udp, '172.17.0.2', 2100)).toEqual({ ...none, listening: true })
  expect(parseSockets(udp, '172.17.0.2', 2101)).toEqual(none)
  expect(parseSockets(udp, '172.17.0.3', 2100)).toEqual(none)
})

test.skipIf(endianness() !== 'LE')('drops and what waits, of a socket on any address too', () => {
  const udp = fixture('udp.txt')
    .replace('020011AC:', '00000000:')
    .replace('00000000:00000000 00:', '00000000:0003A980 00:')
    .replace(/0( *)$/m, '0$1')
    .replace(/ 0 +\n$/, ' 17\n')
  expect(parseSockets(udp, '172.17.0.2', 2100)).toEqual({ listening: true, drops: 17 })
})

test.skipIf(endianness() !== 'LE')('the socket on an address of IPv6, or on none', () => {
  const udp = fixture('udp6.txt')
  const there = { listening: true, drops: 0 }
  expect(parseSockets(udp, 'fd00:0:0:1::2', 2100)).toEqual(there)
  expect(parseSockets(udp, 'fd00:0:0:1::3', 2100)).toMatchObject({ listening: false })
  const any = udp.replace('000000FD010000000000000002000000', '0'.repeat(32))
  expect(parseSockets(any, 'fd00:0:0:1::3', 2100)).toEqual(there)
  expect(parseSockets(any, '192.0.2.1', 2100)).toEqual(there)
})

test('a recording counts its whole packets only', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'flowlab-recording-'))
  const file = join(directory, 'r.pcap')
  const record = (length: number) => {
    const header = Buffer.alloc(16)
    header.writeUInt32LE(length, 8)
    header.writeUInt32LE(length, 12)
    return Buffer.concat([header, Buffer.alloc(length)])
  }
  try {
    const count = countRecorded(file)
    expect(await count()).toMatchObject({ packets: 0, bytes: 0 })
    writeFileSync(file, Buffer.alloc(24))
    expect(await count()).toMatchObject({ packets: 0, bytes: 0 })
    appendFileSync(file, Buffer.concat([record(100), record(60).subarray(0, 30)]))
    expect(await count()).toEqual({ packets: 1, bytes: 100, end: 24 + record(100).length })
    appendFileSync(file, record(60).subarray(30))
    expect(await count()).toMatchObject({ packets: 2, bytes: 160 })
    expect(await count()).toMatchObject({ packets: 2, bytes: 160 })
    appendFileSync(file, Buffer.concat(Array.from({ length: 200 }, () => record(1400))))
    expect(await count()).toMatchObject({ packets: 202, bytes: 160 + 200 * 1400 })
    expect(await countRecorded(file)()).toMatchObject({ packets: 202, bytes: 160 + 200 * 1400 })
  } finally {
    rmSync(directory, { recursive: true })
  }
})
