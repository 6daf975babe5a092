// `flowlab decode` as its user meets it: what it prints in every format, its filters, and with what it exits. The goldens
// are of a capture that pmacctd made (test/golden/decode/make).
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const exports = path('golden/decode/exports.pcap')
const folder = mkdtempSync(join(tmpdir(), 'flowlab-decode-'))
afterAll(() => rmSync(folder, { recursive: true }))

const command = [process.execPath, path('../bin/flowlab'), 'decode']
const env = { ...process.env, TZ: 'UTC' }

function decode(args: readonly string[], input?: Uint8Array) {
  const [program = '', ...before] = command
  const { stdout, stderr, status } = spawnSync(program, [...before, ...args], {
    env,
    input,
    encoding: 'utf8',
  })
  return { stdout, stderr, status }
}

const saved = (name: string, octets: Uint8Array): string => {
  const file = join(folder, name)
  writeFileSync(file, octets)
  return file
}

describe('every format', () => {
  test.each([
    ['text', ['--format', 'text']],
    ['tree', ['--verbose']],
    ['ndjson', []],
    ['json', ['--format', 'json']],
    ['csv', ['--format', 'csv']],
    ['stats.text', ['--stats', '--format', 'text']],
    ['stats.json', ['--stats', '--format', 'json']],
    ['stats.csv', ['--stats', '--format', 'csv']],
  ])('%s', async (name, args) => {
    const { stdout, stderr, status } = decode([...args, exports])
    expect([stderr, status]).toEqual(['', 0])
    await expect(stdout).toMatchFileSnapshot(path(`golden/decode/${name}`))
    if (name === 'json') expect(JSON.parse(stdout)).toHaveLength(22)
    if (name === 'ndjson') for (const line of stdout.trimEnd().split('\n')) JSON.parse(line)
  })
})

describe('what goes in', () => {
  const whole = decode([exports]).stdout

  test('standard input, gzip or not', () => {
    expect(decode(['-'], readFileSync(exports)).stdout).toBe(whole)
    expect(decode(['-'], gzipSync(readFileSync(exports))).stdout).toBe(whole)
  })

  test('several files, one after the other, with the templates of the first', () => {
    const file = readFileSync(exports)
    // The 24 octets of the file's header and the first packets, NetFlow v5 and v9; then the header and the rest.
    const second = 24 + 16 + file.readUInt32LE(24 + 8)
    const parts = [
      saved('1.pcap', file.subarray(0, second)),
      saved('2.pcap', Buffer.concat([file.subarray(0, 24), file.subarray(second)])),
    ]
    expect(decode(parts).stdout).toBe(whole)
  })

  test('a file cut short is said, and what could be read is printed', () => {
    const { stdout, stderr, status } = decode([saved('cut.pcap', readFileSync(exports).subarray(0, -1))])
    expect(status).toBe(0)
    expect(stderr).toMatch(
      /^flowlab: .*cut\.pcap: octet \d+, pcap packet 6: expected \d+ octets, found \d+ octets\n$/,
    )
    expect(whole.startsWith(stdout)).toBe(true)
    expect(stdout.split('\n').length).toBeGreaterThan(10)
  })

  test('an IPFIX file (RFC 5655)', () => {
    const file = readFileSync(exports)
    const at = file.indexOf(Buffer.from('000a0198', 'hex'))
    const { stdout, status } = decode([saved('messages.ipfix', file.subarray(at, at + 0x198))])
    expect(status).toBe(0)
    expect(stdout.trimEnd().split('\n')).toHaveLength(2)
    expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({
      protocol: 'ipfix',
      record: { packetDeltaCount: 44 },
    })
  })

  test.each([
    ['a file that is not there', ['/nonexistent.pcap'], /nonexistent\.pcap: ENOENT/],
    ['a folder', [folder], /EISDIR/],
    ['something else', [path('decode-cli.test.ts')], /octet 0, file header: expected a pcap or pcapng file/],
    [
      'a capture of other traffic',
      [path('capture/fixtures/fragments.pcap')],
      /no NetFlow, IPFIX or sFlow in 2 datagrams/,
    ],
  ])('%s: exit 2', (_name, args, complaint) => {
    const { stdout, stderr, status } = decode(args)
    expect([stdout, status]).toEqual(['', 2])
    expect(stderr).toMatch(complaint)
  })
})

describe('filters', () => {
  const lines = (...args: string[]) =>
    decode([...args, exports])
      .stdout.trimEnd()
      .split('\n')

  test('by exporter, protocol, domain and count', () => {
    expect(lines('--exporter', '192.0.2.9')).toHaveLength(16)
    expect(lines('--protocol', 'netflow9')).toHaveLength(2)
    expect(lines('--domain', '0')).toHaveLength(22)
    expect(lines('-c', '5')).toHaveLength(5)
    expect(
      decode(['--stats', '--protocol', 'ipfix', '--format', 'csv', exports]).stdout.split('\r\n'),
    ).toHaveLength(3)
  })

  test('a reader that has seen enough is no error', () => {
    const shell = `'${command.join("' '")}' "$@" | head -n 1; echo "\${PIPESTATUS[0]}"`
    const { stdout, stderr } = spawnSync('bash', ['-c', shell, 'bash', ...Array<string>(400).fill(exports)], {
      env,
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    expect(stdout.split('\n').slice(1)).toEqual(['0', ''])
  })
})

describe('odd ends', () => {
  const tcp = (octets: Uint8Array, sequence: number): Buffer => {
    const frame = Buffer.alloc(14 + 20 + 20)
    frame.writeUInt16BE(0x0800, 12)
    frame.writeUInt8(0x45, 14)
    frame.writeUInt16BE(40 + octets.length, 16)
    frame.writeUInt16BE(0x4006, 22)
    frame.writeUInt32BE(0xc0000201, 26)
    frame.writeUInt32BE(0xc0000202, 30)
    frame.writeUInt16BE(40_000, 34)
    frame.writeUInt16BE(4739, 36)
    frame.writeUInt32BE(sequence, 38)
    frame.writeUInt16BE(0x5018, 46)
    return Buffer.concat([frame, octets])
  }
  const pcap = (frames: readonly Buffer[]): Buffer => {
    const header = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex')
    const packets = frames.flatMap((frame) => {
      const before = Buffer.alloc(16)
      before.writeUInt32LE(frame.length, 8)
      before.writeUInt32LE(frame.length, 12)
      return [before, frame]
    })
    return Buffer.concat([header, ...packets])
  }

  test('IPFIX over TCP, an octet a segment', () => {
    const file = readFileSync(exports)
    const at = file.indexOf(Buffer.from('000a0198', 'hex'))
    const opening = tcp(Buffer.alloc(0), 0)
    opening.writeUInt8(2, 47)
    const frames = [...file.subarray(at, at + 0x198)].map((octet, index) => tcp(Buffer.of(octet), 1 + index))
    const { stdout, status } = decode([saved('octets.pcap', pcap([opening, ...frames]))])
    expect([stdout.trimEnd().split('\n').length, status]).toEqual([2, 0])
  })

  test('output that cannot be written is said once, without a trace', () => {
    const script = '"$@" > /dev/full'
    const { stderr, status } = spawnSync('sh', ['-c', script, 'sh', ...command, exports], {
      encoding: 'utf8',
    })
    expect(stderr).toBe(
      'flowlab: ENOSPC: no space left on device, write\n  make room on this machine and try again\n',
    )
    expect(status).toBe(3)
  })
})
