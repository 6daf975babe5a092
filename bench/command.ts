// What the whole command costs to read a capture, beside pmacct's collectors on the same file. Figures are processor time a
// record, start of the program left out. nfdump is no peer: Debian builds its nfcapd without the reader of captures (-f).
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Case, ipfix, netflow5, netflow9, sflow } from './traffic.ts'

const REPEAT = 30
/** Seconds after which a command is ended. */
const TIMEOUT = 60
/** Seconds without use of the processor after which a collector is taken to have read all: it sleeps 3.5 s before it begins. */
const IDLE = 4.5
/** Looks a second at what a collector has used, which Linux counts in ticks of 10 ms. */
const POLLS = 20
const TICKS = 100

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

/** Processor seconds (user and system) of a command that ends by itself, the best of some runs; undefined if it fails. */
function cost(command: string, args: readonly string[]): number | undefined {
  const script = `TIMEFORMAT="%U %S"; time timeout -k 1 ${TIMEOUT} "$@" >/dev/null 2>/dev/null`
  const costs = Array.from({ length: 3 }, () => {
    const { stderr, status } = spawnSync('bash', ['-c', script, 'bash', command, ...args], {
      encoding: 'utf8',
    })
    const [user = NaN, system = NaN] = stderr.trim().split(' ').map(Number)
    return status === 0 ? user + system : NaN
  })
  const best = Math.min(...costs)
  return Number.isNaN(best) ? undefined : best
}

/** Processor ticks that the living processes of a group, and their ended children, have used. */
function ticksOf(group: number): number {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .reduce((sum, pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
        // After the command in parentheses: state, parent, group, …; user and system time, and those of ended children.
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
        return Number(fields[2]) === group
          ? sum + [11, 12, 13, 14].reduce((t, i) => t + Number(fields[i]), 0)
          : sum
      } catch {
        return sum // It ended while we looked.
      }
    }, 0)
}

/** The same of a collector that lingers after it has read its file: it is ended when it has rested for IDLE seconds. */
async function costUntilIdle(command: string, args: readonly string[]): Promise<number | undefined> {
  const child = spawn(command, args, { detached: true, stdio: 'ignore' })
  const end = { seen: false }
  for (const event of ['error', 'exit']) child.once(event, () => (end.seen = true))
  let [most, rested] = [0, 0]
  for (let polls = 0; !end.seen && rested < IDLE * POLLS && polls < TIMEOUT * POLLS; polls++) {
    await sleep(1000 / POLLS)
    const ticks = ticksOf(child.pid ?? -1)
    // Waking up to see that nothing came takes a tick now and then.
    rested = ticks > most + 2 ? 0 : rested + 1
    if (rested === 0) most = ticks
  }
  try {
    process.kill(-(child.pid ?? NaN), 'SIGKILL')
  } catch {
    // All of its group has ended.
  }
  return most === 0 ? undefined : most / TICKS
}

/** The difference between a long and a short file, in nanoseconds a record. */
const perRecord = (short: number | undefined, long: number | undefined, records: number): number =>
  (((long ?? NaN) - (short ?? NaN)) / (REPEAT * records)) * 1e9

const flowlab = fileURLToPath(new URL('../bin/flowlab', import.meta.url))
const collect = ['-P', 'print', '-c', 'proto', '-r', '3600', '-O', 'json']
const text = (value: number, digits: number, unit: string) =>
  Number.isNaN(value) ? 'cannot be run here' : `${value.toFixed(digits).padStart(5)} ${unit}`

const folder = mkdtempSync(join(tmpdir(), 'flowlab-bench-'))
/** What a collector costs on the short file: measured once, since it is all start-up. */
const starts = new Map<string, number | undefined>()
try {
  console.log('\nThe whole command on a capture, processor time a record (sFlow: a sample):')
  for (const each of [netflow9(), ipfix(), netflow5(), sflow()]) {
    const [one, many] = [join(folder, 'one.pcap'), join(folder, 'many.pcap')]
    writePcap(one, each, 1)
    writePcap(many, each, 1 + REPEAT)
    const collector = each.name.startsWith('sFlow') ? 'sfacctd' : 'nfacctd'
    const decode = (file: string) => cost(flowlab, ['decode', '--stats', file])
    const peer = (file: string) => costUntilIdle(collector, ['-I', file, ...collect])
    if (!starts.has(collector)) starts.set(collector, await peer(one))
    const ours = perRecord(decode(one), decode(many), each.records)
    const theirs = perRecord(starts.get(collector), await peer(many), each.records)
    console.log(
      `${each.name.padEnd(38)} decode --stats ${text(ours, 0, 'ns')}   ${collector} -I ${text(theirs, 0, 'ns')}   ${text(theirs / ours, 1, 'times')}`,
    )
  }
} finally {
  rmSync(folder, { recursive: true })
}
