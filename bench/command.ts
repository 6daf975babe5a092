// What the whole command costs to read a capture, beside pmacct's collectors on the same file. Figures are processor time a
// record, start of the program left out. nfdump is no peer: Debian builds its nfcapd without the reader of captures (-f).
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Case, ipfix, netflow5, netflow9, sflow } from './traffic.ts'

const REPEAT = 30
/** Seconds after which a command is ended. */
const TIMEOUT = 60

/** A pcap file of these datagrams, `times` over: Ethernet, IPv4, UDP, no checksums. */
function writePcap(path: string, { datagrams }: Case, times: number): void {
  const header = Buffer.alloc(24)
  header.writeUInt32LE(0xa1b2c3d4, 0)
  header.writeUInt16LE(2, 4)
  header.writeUInt16LE(4, 6)
  header.writeUInt32LE(65_535, 16)
  header.writeUInt32LE(1, 20)
  const frames = datagrams.map(({ payload, seconds, destinationPort }) => {
    const frame = Buffer.alloc(16 + 14 + 20 + 8)
    frame.writeUInt32LE(seconds, 0)
    frame.writeUInt32LE(42 + payload.length, 8)
    frame.writeUInt32LE(42 + payload.length, 12)
    frame.writeUInt16BE(0x0800, 28)
    frame.writeUInt8(0x45, 30)
    frame.writeUInt16BE(28 + payload.length, 32)
    frame.writeUInt8(64, 38)
    frame.writeUInt8(17, 39)
    frame.writeUInt32BE(0xc0000201, 42)
    frame.writeUInt32BE(0xc0000202, 46)
    let sum = 0
    for (let at = 30; at < 50; at += 2) sum += frame.readUInt16BE(at)
    frame.writeUInt16BE(~((sum & 0xffff) + (sum >>> 16)) & 0xffff, 40)
    frame.writeUInt16BE(40_000, 50)
    frame.writeUInt16BE(destinationPort, 52)
    frame.writeUInt16BE(8 + payload.length, 54)
    return Buffer.concat([frame, payload])
  })
  writeFileSync(path, Buffer.concat([header, ...Array.from({ length: times }, () => frames).flat()]))
}

/** Processor seconds (user and system) of a command and its children, the best of so many runs; undefined if it fails. */
function cost(runs: number, command: string, args: readonly string[]): number | undefined {
  const script = `TIMEFORMAT="%U %S"; time timeout -k 1 ${TIMEOUT} "$@" >/dev/null 2>/dev/null`
  const costs = Array.from({ length: runs }, () => {
    const { stderr, status } = spawnSync('bash', ['-c', script, 'bash', command, ...args], {
      encoding: 'utf8',
    })
    const [user = NaN, system = NaN] = stderr.trim().split(' ').map(Number)
    return status === 0 ? user + system : NaN
  })
  const best = Math.min(...costs)
  return Number.isNaN(best) ? undefined : best
}

/** Nanoseconds a record of a command whose cost is measured on a short and a long file. */
function perRecord(
  { records }: Case,
  measure: (file: string) => number | undefined,
  [one, many]: readonly [string, string],
): number | undefined {
  const short = measure(one)
  const long = short === undefined ? undefined : measure(many)
  return short === undefined || long === undefined ? undefined : ((long - short) / (REPEAT * records)) * 1e9
}

const flowlab = fileURLToPath(new URL('../bin/flowlab', import.meta.url))
const collect = ['-P', 'print', '-c', 'proto', '-r', '3600', '-O', 'json']
const nanoseconds = (value: number | undefined) =>
  value === undefined ? 'cannot be run here' : `${value.toFixed(0).padStart(5)} ns`

const folder = mkdtempSync(join(tmpdir(), 'flowlab-bench-'))
try {
  console.log('\nThe whole command on a capture, processor time a record (sFlow: a sample):')
  for (const each of [netflow9(), ipfix(), netflow5(), sflow()]) {
    const files = [join(folder, 'one.pcap'), join(folder, 'many.pcap')] as const
    writePcap(files[0], each, 1)
    writePcap(files[1], each, 1 + REPEAT)
    const collector = each.name.startsWith('sFlow') ? 'sfacctd' : 'nfacctd'
    const ours = perRecord(each, (file) => cost(3, flowlab, ['decode', '--stats', file]), files)
    const theirs = perRecord(each, (file) => cost(1, collector, ['-I', file, ...collect]), files)
    const ratio = ours === undefined || theirs === undefined ? '' : `${(theirs / ours).toFixed(1)} times`
    console.log(
      `${each.name.padEnd(38)} decode --stats ${nanoseconds(ours)}   ${collector} -I ${nanoseconds(theirs)}   ${ratio}`,
    )
  }
} finally {
  rmSync(folder, { recursive: true })
}
