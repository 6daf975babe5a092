// CPU a record of the whole command, `flowlab decode --stats FILE`, beside pmacct's collectors reading the same file:
// npx tsx bench/command.ts [MILLION RECORDS]. It makes the file first: NetFlow v9, 27 records of 48 octets a datagram; and
// one of sFlow, whose samples are those of a capture that pmacctd made. What is not installed is left out.
import { execFileSync, spawnSync } from 'node:child_process'
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pcap, udpFrame } from '../test/support/pcap.ts'

const millions = Number(process.argv[2] ?? '1')
const folder = mkdtempSync(join(tmpdir(), 'flowlab-bench-'))
const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** [element, octets]: 16 fields, 48 octets. */
const fields = [
  [8, 4],
  [12, 4],
  [15, 4],
  [10, 4],
  [14, 4],
  [2, 4],
  [1, 4],
  [22, 4],
  [21, 4],
  [7, 2],
  [11, 2],
  [6, 1],
  [4, 1],
  [5, 1],
  [9, 1],
  [16, 4],
] as const

const RECORDS = 27

const v9Template = (): Buffer => {
  const numbers = [0, 8 + 4 * fields.length, 256, fields.length, ...fields.flat()]
  const set = Buffer.alloc(numbers.length * 2)
  numbers.forEach((number, index) => set.writeUInt16BE(number, index * 2))
  return set
}

function v9Datagram(sequence: number, body: Buffer, records: number): Buffer {
  const header = Buffer.alloc(20)
  header.writeUInt16BE(9, 0)
  header.writeUInt16BE(records, 2)
  header.writeUInt32BE(1_000_000, 4)
  header.writeUInt32BE(1_700_000_000, 8)
  header.writeUInt32BE(sequence, 12)
  return Buffer.concat([header, body])
}

/** A set of records with addresses, ports and counters that vary. */
function v9Records(seed: number): Buffer {
  const set = Buffer.alloc(4 + 48 * RECORDS)
  set.writeUInt16BE(256, 0)
  set.writeUInt16BE(set.length, 2)
  for (let record = 0; record < RECORDS; record++) {
    const at = 4 + 48 * record
    const number = seed * RECORDS + record
    set.writeUInt32BE(0x0a000000 + (number % 60_000), at)
    set.writeUInt32BE(0xc0000200 + (number % 200), at + 4)
    set.writeUInt32BE(1 + (number % 100), at + 20)
    set.writeUInt32BE(64 + (number % 100_000), at + 24)
    set.writeUInt32BE(900_000, at + 28)
    set.writeUInt32BE(950_000, at + 32)
    set.writeUInt16BE(1024 + (number % 60_000), at + 36)
    set.writeUInt16BE(443, at + 38)
    set[at + 41] = 6
  }
  return set
}

/** Writes frames as a pcap file, one after the other. */
function write(name: string, frames: Iterable<Buffer>): string {
  const file = join(folder, name)
  const out = openSync(file, 'w')
  writeSync(out, pcap([]))
  let index = 0
  for (const octets of frames)
    writeSync(
      out,
      pcap([
        { seconds: 1_700_000_000 + Math.floor(index++ / 10_000), fraction: index % 1e6, octets },
      ]).subarray(24),
    )
  closeSync(out)
  return file
}

function* v9Frames(datagrams: number): Generator<Buffer> {
  yield udpFrame(40_000, 2055, v9Datagram(0, v9Template(), 1))
  const sets = Array.from({ length: 512 }, (_, seed) => v9Records(seed))
  for (let index = 0; index < datagrams; index++)
    yield udpFrame(40_000, 2055, v9Datagram(index + 1, sets[index % sets.length] ?? v9Records(0), RECORDS))
}

/** The first sFlow datagram of the goldens' capture, again and again, with its sequence counted on. */
function* sflowFrames(datagrams: number): Generator<Buffer> {
  const file = readFileSync(path('../test/golden/decode/exports.pcap'))
  const at = file.indexOf(Buffer.from('0000000500000001c0000209', 'hex'))
  const length = file.readUInt16BE(at - 4) - 8
  const payload = Buffer.from(file.subarray(at, at + length))
  for (let index = 0; index < datagrams; index++) {
    payload.writeUInt32BE(index, 16)
    yield udpFrame(40_000, 6343, payload)
  }
}

interface Cpu {
  readonly user: number
  readonly system: number
}

/** CPU seconds of a command and its children; undefined if it is not installed. */
function cpu(command: readonly string[]): Cpu | undefined {
  const program = command.find((word) => !/^(timeout|-s|INT|\d+)$/.test(word)) ?? ''
  if (spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program]).status !== 0) return undefined
  const timed = 'TIMEFORMAT="%U %S"; time "$@" >/dev/null 2>&1'
  const { stderr } = spawnSync('bash', ['-c', timed, 'bash', ...command], { encoding: 'utf8' })
  const [user = NaN, system = NaN] = stderr.trim().split(' ').map(Number)
  return { user, system }
}

/**
 * A pmacct daemon that reads the file and prints to one of its own. It does not end by itself, so it is interrupted when it
 * is done for long; idle it takes no CPU. Its pipe between reading and counting holds all of the file: it loses what does
 * not fit, and says so only in its log.
 */
function pmacct(daemon: string, file: string): readonly string[] {
  const settings = {
    pcap_savefile: file,
    plugins: 'print',
    aggregate: 'src_host,dst_host,src_port,dst_port,proto,tos',
    plugin_pipe_size: 2_000_000_000,
    plugin_buffer_size: 1_000_000,
    print_refresh_time: 3,
    print_output_file: join(folder, daemon),
    print_cache_entries: 200_003,
    daemonize: false,
  }
  const config = join(folder, `${daemon}.conf`)
  writeFileSync(
    config,
    Object.entries(settings)
      .map(([key, value]) => `${key}: ${value}\n`)
      .join(''),
  )
  return ['timeout', '-s', 'INT', '8', daemon, '-f', config]
}

function report(
  what: string,
  records: number,
  commands: readonly (readonly [string, readonly string[]])[],
): void {
  const results = commands.map(([name, command]) => ({ name, time: cpu(command) }))
  const own = results[0]?.time?.user ?? NaN
  const each = (seconds: number) => `${((seconds / records) * 1e6).toFixed(3)} µs`
  for (const { name, time } of results) {
    const head = `${what}  ${name.padEnd(24)}`
    if (!time) console.log(`${head} not installed`)
    else
      console.log(
        `${head} ${each(time.user)} user, ${each(time.system)} system a record; user ${(time.user / own).toFixed(2)} times flowlab's`,
      )
  }
}

try {
  execFileSync(process.execPath, [path('../scripts/build.mjs')])
  const flowlab = (file: string) =>
    ['flowlab decode --stats', [path('../bin/flowlab'), 'decode', '--stats', file]] as const
  const datagrams = Math.round((millions * 1e6) / RECORDS)
  const v9 = write('v9.pcap', v9Frames(datagrams))
  console.log(`${datagrams * RECORDS} records in ${statSync(v9).size >> 20} MiB of NetFlow v9`)
  report('NetFlow v9', datagrams * RECORDS, [flowlab(v9), ['nfacctd, print plugin', pmacct('nfacctd', v9)]])
  const samples = 7
  const sflow = write('sflow.pcap', sflowFrames(Math.round((millions * 1e6) / samples)))
  report('sFlow', Math.round((millions * 1e6) / samples) * samples, [
    flowlab(sflow),
    ['sfacctd, print plugin', pmacct('sfacctd', sflow)],
  ])
} finally {
  rmSync(folder, { recursive: true })
}
