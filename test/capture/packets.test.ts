// From frames to datagrams and streams: link types, fragments made by a kernel, TCP in every disorder.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { captured } from '../support/captured.ts'
import { type Packet, pcap, udpFrame } from '../support/pcap.ts'

const fixture = (name: string) => readFileSync(fileURLToPath(new URL(`fixtures/${name}`, import.meta.url)))

/** The packets of a little-endian pcap file in microseconds. */
function packetsOf(file: Buffer): Packet[] {
  const packets: Packet[] = []
  for (let at = 24; at < file.length; ) {
    const length = file.readUInt32LE(at + 8)
    packets.push({
      seconds: file.readUInt32LE(at),
      fraction: file.readUInt32LE(at + 4),
      octets: file.subarray(at + 16, at + 16 + length),
    })
    at += 16 + length
  }
  return packets
}

const read = (packets: readonly Packet[], options = {}) => {
  const file = pcap(packets)
  return captured(file, file.length, options)
}

/** All orders of up to 4 things. */
function orders<T>(things: readonly T[]): T[][] {
  if (things.length < 2) return [[...things]]
  return things.flatMap((thing, index) => orders(things.toSpliced(index, 1)).map((rest) => [thing, ...rest]))
}

const pattern = (length: number) => Buffer.from(Array.from({ length }, (_, index) => index % 251))

describe('link types', () => {
  const frame = udpFrame(9995, 2055, Buffer.from('hello'))
  const ip = frame.subarray(14)
  const macs = frame.subarray(0, 12)
  const hex = (text: string, ...rest: Uint8Array[]) => Buffer.concat([Buffer.from(text, 'hex'), ...rest])
  const onEthernet = (text: string) => Buffer.concat([macs, hex(text, ip)])
  test.each([
    ['Ethernet', 1, frame],
    ['Ethernet with padding and a check sequence', 1, Buffer.concat([frame, Buffer.alloc(20, 0xff)])],
    ['802.1Q', 1, onEthernet('810000640800')],
    ['QinQ', 1, onEthernet('88a80064810000c80800')],
    ['QinQ as of old', 1, onEthernet('91000064810000c80800')],
    ['MPLS', 1, onEthernet('88470001003f0001013f')],
    ['PPPoE', 1, onEthernet('88641100000100230021')],
    ['Linux cooked', 113, hex('00000001000602000000000100000800', ip)],
    ['Linux cooked with a VLAN tag', 113, hex('0000000100060200000000010000810000640800', ip)],
    ['Linux cooked 2', 276, hex('0800000000000002000100060200000000010000', ip)],
    ['null, little-endian', 0, hex('02000000', ip)],
    ['null, big-endian', 0, hex('00000002', ip)],
    ['OpenBSD loopback', 108, hex('00000002', ip)],
    ['raw', 101, ip],
    ['raw, BSD', 12, ip],
    ['raw, OpenBSD', 14, ip],
    ['raw IPv4', 228, ip],
    ['PPP', 9, hex('ff030021', ip)],
    ['PPP, compressed', 9, hex('21', ip)],
    ['Cisco HDLC', 104, hex('0f000800', ip)],
  ])('%s', async (_name, linkType, octets) => {
    const file = pcap([{ seconds: 1, fraction: 0, octets }], { linkType })
    const { datagrams } = await captured(file)
    expect(datagrams).toEqual([
      `1.000000000 192.0.2.1:9995 > 192.0.2.2:2055 ${Buffer.from('hello').toString('hex')}`,
    ])
  })

  test('others are counted by number', async () => {
    const file = pcap([{ seconds: 1, fraction: 0, octets: frame }], { linkType: 147 })
    const { stats } = await captured(file)
    expect(stats).toMatchObject({ packets: 1, datagrams: 0, unknownLinks: { 147: 1 } })
  })

  test('a frame cut anywhere breaks nothing', async () => {
    for (const octets of [frame, onEthernet('88a80064810000c80800'), onEthernet('88470001003f0001013f')])
      for (let length = 0; length < octets.length; length++) {
        const { problems } = await read([{ seconds: 1, fraction: 0, octets: octets.subarray(0, length) }])
        expect(problems).toEqual([])
      }
  })
})

describe('fragments of a kernel', () => {
  const packets = packetsOf(fixture('fragments.pcap'))
  const [v4, v6] = [packets.slice(0, 4), packets.slice(4, 8)]
  const payload = pattern(5000).toString('hex')

  test('come together in any order, repeated or not', async () => {
    for (const family of [v4, v6])
      for (const order of orders(family)) {
        const { datagrams, stats } = await read([...order.slice(0, 2), ...order])
        expect(datagrams.map((line) => line.split(' ').at(-1))).toEqual([payload])
        expect(stats.fragments).toMatchObject({
          fragments: 6,
          reassembled: 1,
          inconsistent: 0,
          incomplete: 0,
        })
      }
  })

  test('one that is missing, or comes too late, is said', async () => {
    const late = v4.map((packet, index) => ({ ...packet, seconds: packet.seconds + (index === 3 ? 31 : 0) }))
    expect(await read(v4.slice(1))).toMatchObject({ datagrams: [], stats: { fragments: { incomplete: 1 } } })
    expect(await read(late)).toMatchObject({
      datagrams: [],
      stats: { fragments: { expired: 1, incomplete: 1 } },
    })
  })

  /** A packet whose fragment offset is moved by so many units of 8 octets. */
  const moved = (packet: Packet, units: number): Packet => {
    const octets = Buffer.from(packet.octets)
    octets.writeUInt16BE(octets.readUInt16BE(20) + units, 20)
    return { ...packet, octets }
  }

  test('overlapping ones are dropped with their packet', async () => {
    for (const order of orders(v4.slice(0, 3))) {
      const [first, ...rest] = order
      if (!first) continue
      const { datagrams, stats } = await read([first, ...rest, moved(first, 1), ...v4.slice(3)])
      expect(datagrams).toEqual([])
      expect(stats.fragments).toMatchObject({ inconsistent: 1, reassembled: 0, incomplete: 0 })
    }
  })

  test('a last fragment before the others’ end, and an end beyond 65,535 octets', async () => {
    const last = v4[3]
    const first = v4[0]
    if (!first || !last) throw new Error('the fixture has no fragments')
    expect(await read([...v4.slice(0, 3), moved(last, -300)])).toMatchObject({
      datagrams: [],
      stats: { fragments: { inconsistent: 1 } },
    })
    expect(await read([moved(last, 8191 - 516)])).toMatchObject({
      datagrams: [],
      stats: { fragments: { inconsistent: 1 } },
    })
  })

  test('memory has a bound', async () => {
    const [first] = v4
    if (!first) throw new Error('the fixture has no fragments')
    const flood = Array.from({ length: 5000 }, (_, index) => {
      const octets = Buffer.from(first.octets)
      octets.writeUInt16BE(index, 18)
      return { ...first, octets }
    })
    const { stats } = await read([...flood, ...v4], {
      limits: { fragmentedDatagrams: 100, fragmentBytes: 50_000 },
    })
    expect(stats.fragments.evicted).toBeGreaterThan(4900)
    expect(stats.fragments.reassembled).toBe(1)
  })
})

describe('a TCP stream of a kernel', () => {
  const all = packetsOf(fixture('stream.pcap'))
  const flags = (packet: Packet) => packet.octets[14 + 20 + 13] ?? 0
  const destination = (packet: Packet) => Buffer.from(packet.octets).readUInt16BE(14 + 20 + 2)
  const sent = all.filter((packet) => destination(packet) === 4739)
  const handshake = sent.filter((packet) => flags(packet) & 2)
  const data = sent.filter((packet) => Buffer.from(packet.octets).readUInt16BE(16) > 60)
  const end = sent.filter((packet) => flags(packet) & 1)
  const octets = (segments: { octets: Buffer }[]) =>
    Buffer.concat(segments.map((segment) => segment.octets)).toString('hex')
  /** Octets of the stream. */
  const stream = (from: number, to: number) => pattern(20_000).subarray(from, to).toString('hex')

  test('the fixture is what the tests below take it for', () => {
    expect([handshake.length, data.length, end.length]).toEqual([1, 40, 1])
  })

  test('in order', async () => {
    const { segments, stats } = await read(all)
    const [one] = segments
    const ours = segments.filter((segment) => segment.stream === one?.stream)
    expect(octets(ours)).toBe(stream(0, 20_000))
    expect(ours[0]?.first).toBe(true)
    expect(ours.at(-1)?.last).toBe(true)
    expect(stats.streams).toMatchObject({ streams: 2, lost: 0 })
  })

  test('backwards, and everything twice', async () => {
    const { segments, stats } = await read([...handshake, ...data.toReversed(), ...data, ...end])
    expect(octets(segments)).toBe(stream(0, 20_000))
    expect(stats.streams).toMatchObject({ early: 39, retransmitted: 40, lost: 0 })
  })

  test('a hole is told, and what follows it comes', async () => {
    const { segments, stats } = await read([...handshake, ...data.toSpliced(10, 2), ...end])
    expect(octets(segments)).toBe(stream(0, 5000) + stream(6000, 20_000))
    expect(segments.filter((segment) => segment.lost > 0)).toMatchObject([{ lost: 1000 }])
    expect(stats.streams.lost).toBe(1000)
  })

  test('a hole is given up when too much waits behind it', async () => {
    const packets = [...handshake, ...data.slice(1, 30), ...data.slice(0, 1)]
    const { segments } = await read(packets, { limits: { streamBytes: 2000 } })
    expect(segments.find((segment) => segment.octets.length > 0)).toMatchObject({ lost: 500 })
    expect(octets(segments)).toEqual(stream(500, 15_000))
  })

  test('sequence numbers that wrap', async () => {
    for (const back of [1, 250, 500, 9_999]) {
      const first = Buffer.from(handshake[0]?.octets ?? '').readUInt32BE(38)
      const shifted = [...handshake, ...data.slice(20), ...data, ...end].map((packet) => {
        const copy = Buffer.from(packet.octets)
        copy.writeUInt32BE((copy.readUInt32BE(38) - first - back) >>> 0, 38)
        return { ...packet, octets: copy }
      })
      expect(octets((await read(shifted)).segments)).toBe(stream(0, 20_000))
    }
  })

  test('begun in the middle', async () => {
    const { segments } = await read(data.slice(5))
    expect(octets(segments)).toEqual(stream(2500, 20_000))
    expect(segments[0]?.first).toBe(false)
  })

  test('the same ports again are another stream', async () => {
    const again = [...handshake, ...data].map((packet) => {
      const copy = Buffer.from(packet.octets)
      copy.writeUInt32BE((copy.readUInt32BE(38) + 1_000_000) >>> 0, 38)
      return { ...packet, octets: copy }
    })
    const { segments, stats } = await read([...handshake, ...data, ...again])
    expect(stats.streams.streams).toBe(2)
    expect(octets(segments.filter((segment) => segment.stream === 1))).toBe(stream(0, 20_000))
  })
})
