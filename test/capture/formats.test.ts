// Capture files against tshark: every format, byte order and resolution, whole and in pieces, whole and damaged.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { captured } from '../support/captured.ts'
import * as make from '../support/pcap.ts'
import { have, haveShared, output, sharedCaptures } from '../support/tools.ts'

const folder = mkdtempSync(join(tmpdir(), 'flowlab-capture-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The datagrams that tshark sees in a file, in the form of `captured`. */
function tshark(path: string): string[] {
  const fields = [
    'frame.time_epoch',
    'ip.src',
    'ipv6.src',
    'udp.srcport',
    'ip.dst',
    'ipv6.dst',
    'udp.dstport',
  ]
  const options =
    '-n -o ip.defragment:TRUE --disable-protocol cflow --disable-protocol sflow -Y udp -T fields'
  const columns = [...fields, 'udp.payload'].flatMap((field) => ['-e', field])
  const lines = output('tshark', [...options.split(' '), ...columns, '-r', path])
  return lines
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [time, ip4, ip6, port, to4, to6, toPort, payload = ''] = line.split('\t')
      // sflow-hostile's UDP header announces 8 octets of payload and IP has more: a socket gets 8 (RFC 768), tshark shows all.
      if (time === '1148058293.834750000')
        return `${time} ${ip4}:${port} > ${to4}:${toPort} ${payload.slice(0, 16)}`
      return `${time} ${ip4 || ip6}:${port} > ${to4 || to6}:${toPort} ${payload}`
    })
}

const save = (name: string, octets: Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, octets)
  return path
}

describe.skipIf(!haveShared || !have('tshark'))(
  'the captures of real exporters (needs ../shared and tshark)',
  () => {
    const files = haveShared ? readdirSync(sharedCaptures).filter((name) => name.endsWith('.pcap')) : []
    const all = join(folder, 'all.pcap')
    if (haveShared && have('mergecap'))
      output('mergecap', ['-a', '-F', 'pcap', '-w', all, ...files.map((name) => join(sharedCaptures, name))])

    test('every datagram is as tshark reads it', async () => {
      const { datagrams, problems } = await captured(readFileSync(all))
      expect(problems).toMatchObject([{ expected: '876 octets, as IP says', found: '16', fatal: false }])
      expect(datagrams.length).toBeGreaterThan(90)
      expect(datagrams).toEqual(tshark(all))
    })

    test.each([
      ['pcapng', ['-F', 'pcapng']],
      ['nanoseconds', ['-F', 'nsecpcap']],
      ['modified', ['-F', 'modpcap']],
      ['nokia times', ['-F', 'pcapng', '-t', '0.000000123']],
    ])('editcap %s', async (name, args) => {
      const path = join(folder, `${name}.cap`)
      output('editcap', [...args, all, path])
      const file = readFileSync(path)
      const { datagrams } = await captured(file)

      expect(datagrams).toEqual(tshark(path))
      expect((await captured(gzipSync(file))).datagrams).toEqual(datagrams)
    })

    test('the size of the pieces changes nothing', async () => {
      const pcapng = join(folder, 'pieces.pcapng')
      output('editcap', ['-F', 'pcapng', all, pcapng])
      for (const path of [all, pcapng]) {
        const file = readFileSync(path)
        const whole = await captured(file)
        for (const size of [1, 7, 61, 1500, 4096]) expect(await captured(file, size)).toEqual(whole)
      }
    })
  },
)

const hello = make.udpFrame(9995, 2055, Buffer.from('hello'))
const there = make.udpFrame(9996, 2055, Buffer.from('there'))
const packets = [
  { seconds: 1_700_000_000, fraction: 999_999, octets: hello },
  { seconds: 4_294_967_295, fraction: 1, octets: there },
]

describe('pcap', () => {
  test.each([
    ['microseconds', { magic: 0xa1b2c3d4 }, '999999000', '000001000'],
    ['nanoseconds', { magic: 0xa1b23c4d }, '000999999', '000000001'],
    ['Kuznetzov', { magic: 0xa1b2cd34, gap: 8 }, '999999000', '000001000'],
  ])('%s in both byte orders', async (_name, variant, first, second) => {
    for (const littleEndian of [true, false]) {
      const file = make.pcap(packets, { ...variant, littleEndian })
      const { datagrams, problems } = await captured(file)
      expect(problems).toEqual([])
      expect(datagrams.map((line) => line.split(' ')[0])).toEqual([
        `1700000000.${first}`,
        `4294967295.${second}`,
      ])
      if (have('tshark')) expect(datagrams).toEqual(tshark(save('variant.pcap', file)))
    }
  })

  test('a last packet that is cut short is reported, and all before it is kept', async () => {
    const file = make.pcap(packets)
    const whole = await captured(file)
    const secondAt = 24 + 16 + hello.length
    for (let length = 0; length < file.length; length++) {
      const { datagrams, problems } = await captured(file.subarray(0, length))
      expect(datagrams).toEqual(whole.datagrams.slice(0, length < secondAt ? 0 : 1))
      if (length === 24 || length === secondAt) expect(problems).toEqual([])
      else expect(problems).toMatchObject([{ kind: 'truncated' }])
    }
    expect((await captured(file.subarray(0, -3))).problems).toEqual([
      {
        kind: 'truncated',
        offset: secondAt,
        path: 'pcap packet 2',
        expected: `${16 + there.length} octets`,
        found: `${16 + there.length - 3} octets`,
        fatal: false,
      },
    ])
  })

  test('a length that lies ends the reading where it stands', async () => {
    const file = make.pcap(packets)
    file.writeUInt32LE(0xffffffff, 24 + 16 + hello.length + 8)
    const { datagrams, problems } = await captured(file)
    expect(datagrams).toHaveLength(1)
    expect(problems).toMatchObject([
      {
        kind: 'malformed',
        offset: 24 + 16 + hello.length + 8,
        path: 'pcap packet 2',
        found: '4294967295',
        fatal: true,
      },
    ])
  })

  test.each([
    ['nothing', Buffer.alloc(0), 'truncated', '0 octets'],
    ['text', Buffer.from('not a capture'), 'malformed', '0x6e6f7420'],
    [
      'zstd',
      Buffer.from('28b52ffd00', 'hex'),
      'unsupported',
      'a zstd-compressed file (pipe it through `zstd -dc`)',
    ],
    [
      'another version',
      make.integers(false, ['i', 0xa1b2c3d4], ['h', 3], ['h', 0], ['q', 0], ['q', 0]),
      'unsupported',
      'version 3.0',
    ],
  ])('no capture: %s', async (_name, file, kind, found) => {
    expect((await captured(file)).problems).toMatchObject([{ kind, found, fatal: true }])
  })

  test('a gzip stream that is cut short is reported after what could be read', async () => {
    const file = gzipSync(
      make.pcap(Array.from({ length: 1000 }, () => packets[0] ?? { seconds: 0, fraction: 0, octets: hello })),
    )
    const { datagrams, problems } = await captured(file.subarray(0, -4))
    expect(datagrams).toHaveLength(1000)
    expect(problems).toMatchObject([
      { kind: 'truncated', path: 'gzip stream', found: 'unexpected end of file' },
    ])
  })
})

describe('pcapng', () => {
  const resolution = (littleEndian: boolean, value: number) =>
    make.option(littleEndian, 9, Buffer.from([value]))
  const seconds = 1_700_000_000n

  test.each([true, false])('sections, interfaces and all packet blocks, little-endian: %s', async (le) => {
    const file = Buffer.concat([
      make.sectionHeader(le),
      make.interfaceBlock(le),
      make.interfaceBlock(le, 1, 0, resolution(le, 9), make.option(le, 14, make.integers(le, ['q', -100n]))),
      make.interfaceBlock(le, 1, 0, resolution(le, 0x80 | 10)),
      make.interfaceBlock(le, 1, 0, resolution(le, 12)),
      make.block(le, 5, Buffer.alloc(8)),
      make.enhanced(le, 0, seconds * 1_000_000n + 123_456n, hello),
      make.enhanced(le, 1, (seconds + 100n) * 1_000_000_000n + 123_456_789n, hello),
      make.enhanced(le, 2, seconds * 1024n + 512n, hello),
      make.enhanced(le, 3, 1_000_000n * 10n ** 12n + 123_456_789_999n, hello),
      make.obsolete(le, 0, seconds * 1_000_000n + 1n, there),
      // The other byte order in a section of its own, with its own interfaces.
      make.sectionHeader(!le),
      make.interfaceBlock(!le, 101, 30),
      make.enhanced(!le, 0, seconds * 1_000_000n, hello.subarray(14)),
      make.simple(!le, there.subarray(14)),
    ])
    const { datagrams, problems } = await captured(file)
    expect(problems).toEqual([])
    expect(datagrams.map((line) => line.split(' ')[0])).toEqual(
      ['123456000', '123456789', '500000000', '123456789', '000001000', '000000000', '000000000'].map(
        (fraction, index) => `${index === 3 ? 1_000_000 : seconds}.${fraction}`,
      ),
    )
    // A simple packet has no time of its own, and is cut where its interface cuts: here after 2 octets of payload.
    expect(datagrams.at(-1)).toMatch(/:2055 7468$/)
  })

  test.each([
    [
      'a block shorter than its type needs',
      (file: Buffer, at: number) => file.writeUInt32LE(16, at + 4),
      4,
      '16',
    ],
    [
      'a length that is no multiple of 4',
      (file: Buffer, at: number) => file.writeUInt32LE(97, at + 4),
      4,
      '97',
    ],
    ['lengths that differ', (file: Buffer, at: number) => file.writeUInt32LE(40, at + 4), 36, '0'],
  ])('%s ends the reading', async (_name, damage, offset, found) => {
    const start = [make.sectionHeader(), make.interfaceBlock(), make.enhanced(true, 0, 1n, hello)]
    const before = Buffer.concat(start).length
    const file = Buffer.concat([...start, make.enhanced(true, 0, 2n, Buffer.alloc(64))])
    damage(file, before)
    const { datagrams, problems } = await captured(file)
    expect(datagrams).toHaveLength(1)
    expect(problems).toMatchObject([{ kind: 'malformed', offset: before + offset, found, fatal: true }])
    expect(problems[0]?.path).toBe('pcapng block 4 (enhanced packet)')
  })

  test('a packet of an unknown interface, or longer than its block, costs itself alone', async () => {
    const long = make.enhanced(true, 0, 2n, hello)
    long.writeUInt32LE(5000, 20)
    const file = Buffer.concat([
      make.sectionHeader(),
      make.interfaceBlock(),
      make.enhanced(true, 7, 1n, hello),
      long,
      make.enhanced(true, 0, 3n, there),
    ])
    const { datagrams, problems } = await captured(file)
    expect(datagrams).toHaveLength(1)
    expect(problems).toMatchObject([
      { offset: 48 + 8, found: 'interface 7', fatal: false },
      { offset: 48 + long.length + 20, found: '5000', fatal: false },
    ])
  })

  test('interfaces without end meet a bound', async () => {
    const file = Buffer.concat([
      make.sectionHeader(),
      ...Array.from({ length: 20 }, () => make.interfaceBlock()),
    ])
    const { problems } = await captured(file, file.length, { limits: { interfaces: 16 } })
    expect(problems).toMatchObject([{ expected: 'at most 16 interfaces', fatal: true }])
  })
})
