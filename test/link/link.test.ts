// `flowlab verify --wire --exports` on recordings of real probes that metered one capture: each is found to be exact, and each thing
// that is then spoilt is found as what it is. What the probes were given is test/exporters/packets.pcap.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseInterval } from '../../src/cli/recordings.ts'
import { judgeLink, type LinkOptions } from '../../src/link/judge.ts'
import { LinkError } from '../../src/link/refusal.ts'
import { enhanced, interfaceBlock, type Packet, pcap, sectionHeader } from '../support/pcap.ts'

const exporters = join(import.meta.dirname, '../exporters')
const wire = join(exporters, 'packets.pcap')
const exportsOf = (name: string): string => join(exporters, `${name}.pcap`)
let directory: string
beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'flowlab-link-'))))
afterAll(() => rmSync(directory, { recursive: true }))

const judge = (name: string, options: Partial<LinkOptions> = {}) =>
  judgeLink({ wire, exports: exportsOf(name), ...options })

/** The records of a pcap file of this machine's byte order, and its header. */
function recordsOf(file: string): { header: Buffer; records: Buffer[] } {
  const octets = readFileSync(file)
  const records: Buffer[] = []
  for (let at = 24; at < octets.length; ) {
    const end = at + 16 + octets.readUInt32LE(at + 8)
    records.push(octets.subarray(at, end))
    at = end
  }
  return { header: octets.subarray(0, 24), records }
}

/** A copy of a capture with only some of its packets, counted from 0. */
function without(file: string, drop: (index: number) => boolean): string {
  const { header, records } = recordsOf(file)
  const copy = join(directory, 'some.pcap')
  writeFileSync(copy, Buffer.concat([header, ...records.filter((_, index) => !drop(index))]))
  return copy
}

// What nfdump has read of the same exports: packets and bytes of all flows.
const nfdumpTotal = (name: string) => {
  const text = readFileSync(join(exporters, `${name}.nfdump.json`), 'utf8')
  const sum = (field: string): number =>
    [...text.matchAll(new RegExp(`"${field}" : (\\d+)`, 'g'))].reduce(
      (total, [, value]) => total + Number(value),
      0,
    )
  return { packets: sum('in_packets'), bytes: sum('in_bytes') }
}

test.each([
  'pmacctd-nfprobe-9',
  'pmacctd-nfprobe-10',
  'softflowd-v9',
  'softflowd-ipfix',
  'softflowd-ipfix-nanoseconds',
])('%s exported what crossed, packet by packet and byte by byte', async (name) => {
  const { pass, findings, books, flows } = await judge(name)
  expect(findings).toEqual([])
  expect(pass).toBe(true)
  expect(books.wire).toEqual({ total: nfdumpTotal(name), judged: nfdumpTotal(name), besides: [] })
  expect(books.exported).toEqual(books.wire)
  expect(flows).toEqual({ compared: 28, different: 0, largest: [] })
})

test.each(['pmacctd-nfprobe-5', 'softflowd-v5'])(
  '%s cannot tell of IPv6, which is booked beside',
  async (name) => {
    const { pass, books } = await judge(name)
    expect(pass).toBe(true)
    expect(books.wire.judged).toEqual(nfdumpTotal(name))
    expect(books.wire.besides.map(({ reason }) => reason)).toEqual(['IPv6: NetFlow v5 has no fields for it'])
  },
)

test('packets that are not in the capture are too many, in just their flows', async () => {
  const { records } = recordsOf(wire)
  const cut = new Set([3, 4, 50])
  const { findings, flows } = await judge('softflowd-ipfix', {
    wire: without(wire, (index) => cut.has(index)),
  })
  // Ethernet's 14 octets are not of layer 3.
  const bytes = [...cut].reduce((sum, index) => sum + (records[index]?.readUInt32LE(12) ?? 0) - 14, 0)
  expect(findings).toMatchObject([{ cause: 'unexplained-metering', packets: -3, bytes: -bytes }])
  expect(flows.largest.reduce((sum, flow) => sum + flow.exported.packets - flow.wire.packets, 0)).toBe(3)
})

test('an export datagram that was lost is told by the sequence, with its place', async () => {
  const name = 'pmacctd-nfprobe-9'
  const { records } = recordsOf(exportsOf(name))
  expect(records.length).toBeGreaterThan(2)
  const some = without(exportsOf(name), (index) => index === 1)
  const { findings } = await judge(name, { exports: some })
  expect(findings.map(({ cause }) => cause)).toEqual(['exports-missing-in-sequence'])
  expect(findings[0]?.evidence[0]).toMatch(
    /some\.pcap: packet 2: sequence \d+ expected, \d+ found: 1 datagrams missing/,
  )
})

test.each(['pmacctd-nfprobe-sampled', 'softflowd-v9-sampled', 'softflowd-ipfix-sampled'])(
  '%s is what 1:2 leaves, as it announces; another rate it is not',
  async (name) => {
    const { pass, sampling } = await judge(name)
    expect(pass).toBe(true)
    expect(sampling).toMatchObject({ rate: 2, source: 'exports', holds: true })
    const twenty = await judge(name, { sampling: 20 })
    expect(twenty.findings.map(({ cause }) => cause)).toEqual(['sampling-rate-wrong'])
    const none = await judge(name, { sampling: 1 })
    expect(none.findings.map(({ cause }) => cause)).toEqual(['sampling-unannounced'])
  },
)

test('a filter chooses on both sides', async () => {
  const { pass, books } = await judge('softflowd-ipfix', { filter: 'tcp and ip6' })
  expect(pass).toBe(true)
  expect(books.wire.judged).toEqual({ packets: 26, bytes: 13_888 })
  expect(books.exported.judged).toEqual(books.wire.judged)
  expect(books.wire.besides).toMatchObject([{ reason: 'left out by the filter' }])
})

test('flows that go on beyond an edge within the capture are set aside, not judged', async () => {
  const whole = await judge('softflowd-ipfix')
  const middle = ((whole.interval.from + whole.interval.to) / 2) * 1000
  await expect(judge('softflowd-ipfix', { interval: { from: 0, to: middle } })).rejects.toThrow(
    /nothing is left to compare: .* 116 packets of flows with a record that ends after the interval, 8 packets outside/,
  )
  // A minute later one more packet crosses, which nobody exports.
  const { header, records } = recordsOf(wire)
  const last = Buffer.from(records[0] ?? [])
  last.writeUInt32LE(last.readUInt32LE(0) + 60, 0)
  const longer = join(directory, 'longer.pcap')
  writeFileSync(longer, Buffer.concat([header, ...records, last]))
  const { pass, books } = await judge('softflowd-ipfix', {
    wire: longer,
    interval: { from: 0, to: (whole.interval.to + 30_000) * 1000 },
  })
  expect(pass).toBe(true)
  expect(books.wire).toMatchObject({
    total: { packets: 125 },
    judged: { packets: 124 },
    besides: [{ packets: 1, reason: 'outside the interval' }],
  })
})

test('what cannot be judged is said, with what to do', async () => {
  await expect(judge('softflowd-v9', { direction: 'in' })).rejects.toThrow(/does not say which way/)
  await expect(judge('softflowd-v9', { exporter: '192.0.2.77' })).rejects.toThrow(
    /no flow records of 192\.0\.2\.77/,
  )
  await expect(judge('softflowd-v9', { filter: 'vlan 5' })).rejects.toThrow(LinkError)
  await expect(judge('softflowd-v9', { interval: { from: 0, to: 1 } })).rejects.toThrow(
    /nothing of the interval/,
  )
  await expect(judge('softflowd-v9', { wire: exportsOf('absent') })).rejects.toThrow(/ENOENT/)
})

/** A capture or recording made anew: each packet as `edit` has it, or left out. */
function made(
  file: string,
  name: string,
  edit: (packet: Packet, index: number) => Packet | undefined,
  linkType = 1,
): string {
  const { records } = recordsOf(file)
  const packets = records.flatMap((record, index) => {
    const [seconds, fraction] = [record.readUInt32LE(0), record.readUInt32LE(4)]
    return edit({ seconds, fraction, octets: record.subarray(16) }, index) ?? []
  })
  const copy = join(directory, name)
  writeFileSync(copy, pcap(packets, { linkType }))
  return copy
}

const after = (octets: Uint8Array, at: number, ...put: readonly number[]): Buffer =>
  Buffer.concat([octets.subarray(0, at), Buffer.from(put), octets.subarray(at)])
const withType = (octets: Uint8Array, type: number, ...put: readonly number[]): Buffer => {
  const copy = after(octets, 14, ...put)
  copy.writeUInt16BE(type, 12)
  return copy
}
/** Ethertype 0x0800 or 0x86dd of a frame, as two octets. */
const typeOf = (octets: Uint8Array): readonly number[] => [...octets.subarray(12, 14)]

test.each<[string, (octets: Uint8Array) => Uint8Array, number?]>([
  ['a VLAN tag', (octets) => withType(octets, 0x8100, 0, 5, ...typeOf(octets))],
  ['QinQ', (octets) => withType(octets, 0x88a8, 0, 5, 0x81, 0, 0, 6, ...typeOf(octets))],
  ['MPLS', (octets) => withType(octets, 0x8847, 0, 1, 0x40, 64, 0, 2, 0x41, 64)],
  ['raw IP', (octets) => octets.subarray(14), 101],
  ['Linux cooked', (octets) => Buffer.concat([Buffer.alloc(14), octets.subarray(12)]), 113],
  [
    'Linux cooked, version 2',
    (octets) => Buffer.concat([octets.subarray(12, 14), Buffer.alloc(18), octets.subarray(14)]),
    276,
  ],
])('a capture with %s is judged like the same without', async (_, edit, linkType) => {
  const capture = made(
    wire,
    'otherwise.pcap',
    (packet) => ({ ...packet, octets: edit(packet.octets) }),
    linkType,
  )
  const verdict = await judge('softflowd-ipfix', { wire: capture })
  expect(verdict).toMatchObject({ pass: true, books: { wire: { judged: { packets: 124 } } } })
})

test('pcapng and gzip, of both', async () => {
  const { records } = recordsOf(wire)
  const ticks = (record: Buffer) =>
    BigInt(record.readUInt32LE(0)) * 1_000_000n + BigInt(record.readUInt32LE(4))
  const capture = join(directory, 'packets.pcapng.gz')
  const blocks = records.map((record) => enhanced(true, 0, ticks(record), record.subarray(16)))
  writeFileSync(capture, gzipSync(Buffer.concat([sectionHeader(), interfaceBlock(), ...blocks])))
  const recording = join(directory, 'exports.pcap.gz')
  writeFileSync(recording, gzipSync(readFileSync(exportsOf('softflowd-ipfix'))))
  const verdict = await judge('softflowd-ipfix', { wire: capture, exports: recording })
  expect(verdict).toMatchObject({ pass: true, books: { wire: { judged: { packets: 124 } } } })
})

test('files that are no recordings are refused by what they are', async () => {
  const file = (name: string, octets: Uint8Array): string => {
    writeFileSync(join(directory, name), octets)
    return join(directory, name)
  }
  const text = file('text', Buffer.from('no capture at all, but a text that is long enough'))
  const refused: readonly (readonly [string, RegExp])[] = [
    [directory, /is a directory/],
    ['/dev/null', /is no file but a pipe or device/],
    [file('empty', Buffer.alloc(0)), /is empty/],
    [file('packed.zst', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0])), /is packed by zstd/],
    [file('packed.xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0])), /is packed by xz/],
  ]
  for (const [path, words] of refused) {
    await expect(judge('softflowd-ipfix', { wire: path })).rejects.toThrow(words)
    await expect(judge('softflowd-ipfix', { exports: path })).rejects.toThrow(words)
  }
  await expect(judge('softflowd-ipfix', { wire: text })).rejects.toThrow(/expected a pcap or pcapng file/)
  await expect(judge('softflowd-ipfix', { exports: text })).rejects.toThrow(
    /nothing was exported in .*expected/,
  )
  const strange = made(wire, 'strange.pcap', (packet) => packet, 147)
  await expect(judge('softflowd-ipfix', { wire: strange })).rejects.toThrow(
    /link type 147, which is not read/,
  )
})

const later =
  (seconds: number) =>
  (packet: Packet): Packet => ({ ...packet, seconds: packet.seconds + seconds })

test('a clock that is wrong is told, and volumes are compared as if it were right', async () => {
  for (const off of [-3_600, -7, 5, 86_400]) {
    // The capture is later than the records by so much, and the recording of the exports goes by either clock.
    const capture = made(wire, 'off.pcap', later(-off))
    const exports = made(exportsOf('softflowd-ipfix'), 'with.pcap', later(-off))
    for (const recording of [exportsOf('softflowd-ipfix'), exports]) {
      const verdict = await judge('softflowd-ipfix', { wire: capture, exports: recording })
      expect(verdict.findings.map(({ cause }) => cause)).toEqual(['times-off-by-constant'])
      const seconds = Number(verdict.findings[0]?.summary.match(/([\d.]+) s (ahead|behind)/)?.[1])
      expect(seconds).toBeGreaterThan(Math.abs(off) - 0.5)
      expect(seconds).toBeLessThan(Math.abs(off) + 0.5)
      expect(verdict.books.wire.judged.packets).toBe(124)
    }
  }
})

test('recordings of other times or other traffic have nothing in common', async () => {
  const some = made(wire, 'other.pcap', (packet, index) => (index === 0 ? later(7_200)(packet) : undefined))
  await expect(judge('softflowd-ipfix', { wire: some })).rejects.toThrow(/have nothing in common/)
  await expect(judge('softflowd-ipfix', { filter: 'host 203.0.113.1' })).rejects.toThrow(
    /nothing is left to compare/,
  )
})

test('several protocols, exporters and domains in one recording', async () => {
  const both = (name: string, other: string): string => {
    const { header, records } = recordsOf(exportsOf('softflowd-v9'))
    const file = join(directory, name)
    writeFileSync(file, Buffer.concat([header, ...records, ...recordsOf(other).records]))
    return file
  }
  const mixed = both('mixed.pcap', exportsOf('softflowd-v5'))
  await expect(judge('', { exports: mixed })).rejects.toThrow(/2 protocols.*netflow5 from port/)
  // The same from another address: its source is at octet 26 of the frame.
  const elsewhere = made(exportsOf('softflowd-v9'), 'elsewhere.pcap', (packet) => {
    const octets = Buffer.from(packet.octets)
    octets.set([192, 0, 2, 9], 26)
    return { ...packet, octets }
  })
  const two = both('two.pcap', elsewhere)
  await expect(judge('', { exports: two })).rejects.toThrow(/2 exporters/)
  expect((await judge('', { exports: two, exporter: '192.0.2.9' })).pass).toBe(true)
})

test('a recording whose datagrams were cut, and a capture whose headers were', async () => {
  const short = (file: string, name: string, most: number): string => {
    const { header, records } = recordsOf(file)
    const cut = records.map((record) => {
      const octets = Buffer.concat([record.subarray(0, 16), record.subarray(16, 16 + most)])
      octets.writeUInt32LE(octets.length - 16, 8)
      return octets
    })
    const copy = join(directory, name)
    writeFileSync(copy, Buffer.concat([header, ...cut]))
    return copy
  }
  const exports = short(exportsOf('softflowd-v9'), 'cut-exports.pcap', 200)
  const cut = await judge('', { exports }).catch((error: unknown) => error)
  expect(cut instanceof LinkError ? cut.message : JSON.stringify(cut)).toMatch(
    /exports-unreadable|cut|records/,
  )
  const headers = await judge('softflowd-v9', { wire: short(wire, 'headers.pcap', 60) })
  expect(headers.pass || headers.findings[0]?.cause === 'truth-incomplete').toBe(true)
  const none = await judge('softflowd-v9', { wire: short(wire, 'stumps.pcap', 30) }).catch(
    (error: unknown) => error,
  )
  expect(none instanceof LinkError ? none.message : JSON.stringify(none)).toMatch(
    /truth-incomplete|no IP packet/,
  )
})

test('intervals', () => {
  expect(parseInterval('1..2.5')).toEqual({ from: 1e6, to: 2.5e6 })
  expect(parseInterval('2026-11-24T12:00:00Z..')).toMatchObject({ from: Date.UTC(2026, 10, 24, 12) * 1000 })
  for (const wrong of ['1', '2..1', 'x..2', '1..2..3'])
    expect(() => parseInterval(wrong)).toThrow(/--interval/)
})

test('the command prints it and ends with 0, 1 or 2', () => {
  const flowlab = join(import.meta.dirname, '../../bin/flowlab')
  const run = (...options: string[]) =>
    spawnSync(flowlab, ['verify', '--wire', wire, ...options], { encoding: 'utf8' })
  const good = run('--exports', exportsOf('softflowd-ipfix'))
  expect([good.status, good.stdout]).toEqual([
    0,
    expect.stringContaining('124 packets of 28 flows crossed and were exported'),
  ])
  const bad = run('--exports', exportsOf('softflowd-ipfix-sampled'), '--sampling', '20', '--format', 'json')
  expect([bad.status, JSON.parse(bad.stdout)]).toMatchObject([1, { pass: false }])
  const wrong = run()
  expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining('--exports is missing')])
})
