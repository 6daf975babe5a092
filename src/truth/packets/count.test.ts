// The count of packets: of a real capture against tshark's own reading, in every file format; and of packets made by hand, whose
// flow is plain.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pcap } from '../../../test/support/pcap.ts'
import { memoryStore } from '../../../test/support/store.ts'
import { addressText } from '../../store.ts'
import { countPackets } from './count.ts'
import { loadPackets } from './load.ts'

const real = join(import.meta.dirname, '../../../test/exporters/packets.pcap')
let directory: string
beforeAll(() => void (directory = mkdtempSync(join(tmpdir(), 'flowlab-packets-'))))
afterAll(() => rmSync(directory, { recursive: true }))

const has = (program: string): boolean => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

async function count(file: string) {
  const store = await memoryStore('r1:eth0')
  try {
    const counted = await store.load('packets', { point: 'r1:eth0' }, ({ settle, ...loader }) =>
      countPackets(file, { take: (some) => void loadPackets(loader, some, 0), settle }),
    )
    const rows = await store.ask<
      Readonly<Record<string, number>> & Readonly<Record<'source' | 'destination', bigint>>
    >(`
      SELECT source, destination, protocol, sourcePort, destinationPort, sum(packets) AS packets, sum(bytes) AS bytes
      FROM packets GROUP BY ALL`)
    const flows = rows.map((row) => [
      [
        addressText(row.source),
        addressText(row.destination),
        row['protocol'],
        row['sourcePort'],
        row['destinationPort'],
      ].join(' '),
      { packets: Number(row['packets']), bytes: Number(row['bytes']) },
    ])
    return { counted, flows: Object.fromEntries(flows) as Record<string, { packets: number; bytes: number }> }
  } finally {
    store.close()
  }
}

/** By flow what tshark reads in the capture. */
function tsharkFlows(file: string): Record<string, { packets: number; bytes: number }> {
  const fields =
    'ip.src ip.dst ipv6.src ipv6.dst ip.proto ipv6.nxt udp.srcport udp.dstport tcp.srcport tcp.dstport icmp.type icmp.code icmpv6.type icmpv6.code ip.len ipv6.plen'
  const text = execFileSync(
    'tshark',
    ['-r', file, '-T', 'fields', ...fields.split(' ').flatMap((field) => ['-e', field])],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const flows = new Map<string, { packets: number; bytes: number }>()
  for (const line of text.trim().split('\n')) {
    const [
      from4,
      to4,
      from6,
      to6,
      proto4,
      proto6,
      us,
      ud,
      ts,
      td,
      type4,
      code4,
      type6,
      code6,
      length,
      payload,
    ] = line.split('\t')
    const icmp = type4 || type6 ? Number(type4 || type6) * 256 + Number(code4 || code6) : 0
    const id = [from4 || from6, to4 || to6, proto4 || proto6, us || ts || 0, ud || td || icmp].join(' ')
    const { packets = 0, bytes = 0 } = flows.get(id) ?? {}
    flows.set(id, { packets: packets + 1, bytes: bytes + (length ? Number(length) : 40 + Number(payload)) })
  }
  return Object.fromEntries(flows)
}

test('a real capture has the flows that tshark reads in it', async ({ skip }) => {
  skip(!has('tshark'), 'no tshark')
  const { flows, counted } = await count(real)
  expect(flows).toEqual(tsharkFlows(real))
  expect(counted).toMatchObject({ cut: 0, malformed: 0, broken: undefined })
})

test.each(['pcapng', 'nsecpcap'])('the same in %s, and in gzip', async (format) => {
  if (!has('editcap')) return
  const file = join(directory, format)
  execFileSync('editcap', ['-F', format, real, file])
  const expected = await count(real)
  const found = await count(file)
  expect(found.flows).toEqual(expected.flows)
  expect(found.counted.first).toBeCloseTo(expected.counted.first, -1)
  writeFileSync(`${file}.gz`, gzipSync(readFileSync(file)))
  expect((await count(`${file}.gz`)).flows).toEqual(expected.flows)
})

const u16 = (...values: number[]): Buffer => Buffer.from(values.flatMap((value) => [value >> 8, value & 255]))
const ethernet = (etherType: number, body: Buffer, ...tags: number[]): Buffer =>
  Buffer.concat([Buffer.alloc(12), ...tags.map((tag) => u16(0x8100, tag)), u16(etherType), body])
const ipv4 = (protocol: number, body: Buffer, { fragment = 0, options = 0 } = {}): Buffer => {
  const header = Buffer.alloc(20 + options)
  header.writeUInt8(0x40 | (header.length / 4), 0)
  header.writeUInt16BE(header.length + body.length, 2)
  header.writeUInt16BE(fragment, 6)
  header.writeUInt8(protocol, 9)
  header.set([10, 0, 0, 1, 10, 0, 0, 2], 12)
  return Buffer.concat([header, body])
}
const ipv6 = (next: number, body: Buffer): Buffer => {
  const header = Buffer.alloc(40)
  header.writeUInt8(0x60, 0)
  header.writeUInt16BE(body.length, 4)
  header.writeUInt8(next, 6)
  header.set([0x20, 1, 0xd, 0xb8], 8)
  header.writeUInt8(1, 23)
  header.set([0x20, 1, 0xd, 0xb8], 24)
  header.writeUInt8(2, 39)
  return Buffer.concat([header, body])
}
const udp = Buffer.concat([u16(1000, 53, 12, 0), Buffer.alloc(4)])

async function countFrames(frames: readonly Buffer[], linkType = 1) {
  const file = join(directory, 'frames.pcap')
  writeFileSync(
    file,
    pcap(
      frames.map((octets) => ({ seconds: 1, fraction: 2, octets })),
      { linkType },
    ),
  )
  return count(file)
}

test.each<[string, Buffer, string, number, number?]>([
  [
    'padding and a check sequence behind it',
    Buffer.concat([ethernet(0x800, ipv4(17, udp)), Buffer.alloc(18)]),
    '10.0.0.1 10.0.0.2 17 1000 53',
    32,
  ],
  ['a VLAN tag', ethernet(0x800, ipv4(17, udp), 5), '10.0.0.1 10.0.0.2 17 1000 53', 32],
  ['two VLAN tags', ethernet(0x86dd, ipv6(17, udp), 5, 6), '2001:db8::1 2001:db8::2 17 1000 53', 52],
  ['IPv4 options', ethernet(0x800, ipv4(17, udp, { options: 8 })), '10.0.0.1 10.0.0.2 17 1000 53', 40],
  [
    'a first fragment',
    ethernet(0x800, ipv4(17, udp, { fragment: 0x2000 })),
    '10.0.0.1 10.0.0.2 17 1000 53',
    32,
  ],
  ['a later fragment', ethernet(0x800, ipv4(17, udp, { fragment: 0x2001 })), '10.0.0.1 10.0.0.2 17 0 0', 32],
  ['ICMP', ethernet(0x800, ipv4(1, Buffer.from([8, 0, 0, 0, 0, 0, 0, 0]))), '10.0.0.1 10.0.0.2 1 0 2048', 28],
  ['a protocol without ports', ethernet(0x800, ipv4(89, Buffer.alloc(8, 1))), '10.0.0.1 10.0.0.2 89 0 0', 28],
  [
    'hop-by-hop and destination options',
    ethernet(
      0x86dd,
      ipv6(
        0,
        Buffer.concat([Buffer.from([60, 0]), Buffer.alloc(6), Buffer.from([17, 1]), Buffer.alloc(14), udp]),
      ),
    ),
    '2001:db8::1 2001:db8::2 17 1000 53',
    76,
  ],
  [
    'a later fragment of IPv6',
    ethernet(0x86dd, ipv6(44, Buffer.concat([Buffer.from([17, 0, 0, 9, 0, 0, 0, 1]), udp]))),
    '2001:db8::1 2001:db8::2 17 0 0',
    60,
  ],
  ['raw IP', ipv6(17, udp), '2001:db8::1 2001:db8::2 17 1000 53', 52, 101],
  [
    'two MPLS labels',
    ethernet(0x8847, Buffer.concat([Buffer.from([0, 1, 0x40, 64, 0, 1, 0x41, 64]), ipv4(17, udp)])),
    '10.0.0.1 10.0.0.2 17 1000 53',
    32,
  ],
  [
    'MPLS and IPv6 behind a tag',
    ethernet(0x8847, Buffer.concat([Buffer.from([0, 1, 0x41, 64]), ipv6(17, udp)]), 5),
    '2001:db8::1 2001:db8::2 17 1000 53',
    52,
  ],
  [
    'PPPoE',
    ethernet(0x8864, Buffer.concat([Buffer.from([0x11, 0, 0, 1, 0, 34, 0, 0x21]), ipv4(17, udp)])),
    '10.0.0.1 10.0.0.2 17 1000 53',
    32,
  ],
  [
    'Linux cooked, version 2',
    Buffer.concat([u16(0x800), Buffer.alloc(18), ipv4(17, udp)]),
    '10.0.0.1 10.0.0.2 17 1000 53',
    32,
    276,
  ],
  [
    'Linux cooked',
    Buffer.concat([Buffer.alloc(14), u16(0x800), ipv4(17, udp)]),
    '10.0.0.1 10.0.0.2 17 1000 53',
    32,
    113,
  ],
])('%s', async (_, frame, flow, bytes, linkType) => {
  const { flows, counted } = await countFrames([frame], linkType)
  expect(flows).toEqual({ [flow]: { packets: 1, bytes } })
  expect(counted).toMatchObject({ frames: 1, cut: 0, malformed: 0 })
})

test('what is no flow is counted as what it is', async () => {
  const whole = ethernet(0x800, ipv4(17, udp))
  const lying = ethernet(0x800, ipv4(17, udp))
  lying.writeUInt16BE(60000, 16)
  const { counted, flows } = await countFrames([
    ethernet(0x806, Buffer.alloc(28)),
    whole.subarray(0, 34),
    whole.subarray(0, 20),
    lying,
    whole,
  ])
  expect(Object.keys(flows)).toHaveLength(1)
  expect(counted.notIp).toEqual([{ etherType: 0x806, packets: 1, bytes: 42 }])
  // A record made by hand says that no more was on the wire than is there: the two that are cut contradict their own length.
  expect(counted).toMatchObject({ frames: 5, malformed: 2, cut: 1 })
})

test('a capture cut short is read up to there, and said to be; what is none is said to be none', async () => {
  const octets = readFileSync(real)
  const file = join(directory, 'short.pcap')
  writeFileSync(file, octets.subarray(0, octets.length - 10))
  const { counted } = await count(file)
  expect(counted.frames).toBe((await count(real)).counted.frames - 1)
  expect(counted.broken?.text).toContain('ends within a packet')
  writeFileSync(`${file}.gz`, gzipSync(octets).subarray(0, 900))
  expect((await count(`${file}.gz`)).counted.broken).toBeDefined()
  writeFileSync(file, Buffer.alloc(100, 'x'))
  expect((await count(file)).counted.broken?.text).toContain('expected a pcap or pcapng file')
})
