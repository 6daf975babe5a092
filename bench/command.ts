// What the whole command costs to read a capture, beside the collectors that network engineers use, on the same file:
// npx tsx bench/command.ts (after npm run build). Figures are processor time a record, start of the program left out.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Case, ipfix, netflow5, netflow9 } from './traffic.ts'

const REPEAT = 30

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

/** Processor seconds (user and system) of a command, the best of so many runs; undefined if it cannot be run. */
function cost(runs: number, command: string, args: readonly string[]): number | undefined {
  const costs = Array.from({ length: runs }, () => {
    const script =
      'import resource, subprocess, sys\nr = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\nu = resource.getrusage(resource.RUSAGE_CHILDREN)\nprint(u.ru_utime + u.ru_stime if r.returncode == 0 else "")'
    const { stdout } = spawnSync('python3', ['-c', script, command, ...args], { encoding: 'utf8' })
    return stdout.trim() === '' ? NaN : Number(stdout)
  })
  const best = Math.min(...costs)
  return Number.isNaN(best) ? undefined : best
}

const flowlab = fileURLToPath(new URL('../bin/flowlab', import.meta.url))
/** Name, how often it is run (nfacctd lingers for half a minute after it has read all), and its command. */
const peers: readonly (readonly [string, number, (file: string) => readonly [string, ...string[]]])[] = [
  ['flowlab decode --stats', 3, (file) => [flowlab, 'decode', '--stats', file]],
  [
    'nfacctd -I (print)',
    1,
    (file) => ['nfacctd', '-I', file, '-P', 'print', '-c', 'proto', '-r', '3600', '-O', 'json'],
  ],
]

const folder = mkdtempSync(join(tmpdir(), 'flowlab-bench-'))
try {
  for (const each of [netflow9(), ipfix(), netflow5()]) {
    const [one, many] = [join(folder, 'one.pcap'), join(folder, 'many.pcap')]
    writePcap(one, each, 1)
    writePcap(many, each, 1 + REPEAT)
    for (const [name, runs, arguments_] of peers) {
      const [shortRun, longRun] = [one, many].map((file) => {
        const [command, ...args] = arguments_(file)
        return cost(runs, command, args)
      })
      const figure =
        shortRun === undefined || longRun === undefined
          ? 'cannot be run here'
          : `${(((longRun - shortRun) / (REPEAT * each.records)) * 1e9).toFixed(0).padStart(6)} ns a record`
      console.log(`${each.name.padEnd(38)} ${name.padEnd(24)} ${figure}`)
    }
  }
} finally {
  rmSync(folder, { recursive: true })
}
