// `flowlab verify --wire --exports` on recordings of real probes that metered one capture: each is found to be exact, and each thing
// that is then spoilt is found as what it is. What the probes were given is test/exporters/packets.pcap.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseInterval } from '../../src/cli/recordings.ts'
import { judgeLink, LinkError, type LinkOptions } from '../../src/link/judge.ts'

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
  const { pass, books } = await judge('softflowd-ipfix', { interval: { from: 0, to: middle } })
  expect(pass).toBe(true)
  expect(books.wire.besides.length).toBeGreaterThan(0)
  const sum = ({ judged, besides }: typeof books.wire): number =>
    [judged, ...besides].reduce((total, { packets }) => total + packets, 0)
  expect([sum(books.wire), sum(books.exported)]).toEqual([124, 124])
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
