// nfdump's tools on the same exports: nfcapd is given the datagrams of a recording over the loopback, none lost, and nfdump adds up
// what it wrote. Debian's nfcapd reads no recordings.
import { spawn, spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileChunks } from '../src/capture/source.ts'
import { Capture } from '../src/capture/capture.ts'

const port = 29_995
/** Octets that may wait in its socket: half of what Linux gives one by itself. */
const mostWaiting = 100_000
/** Datagrams from one look at its socket to the next. */
const turn = 24
const ticks = 100

export const isThere = (): boolean =>
  ['nfcapd', 'nfdump'].every((program) => spawnSync(program, ['-V']).status === 0)

/** Octets that wait in the socket, and datagrams that it dropped. */
function socket(): { readonly waiting: number; readonly drops: number } | undefined {
  const local = `0100007F:${port.toString(16).toUpperCase()}`
  const columns = readFileSync('/proc/net/udp', 'latin1')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find((each) => each[1] === local)
  return columns && { waiting: parseInt(columns[4]?.split(':')[1] ?? '', 16), drops: Number(columns[12]) }
}

const state = (pid: number): readonly string[] => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

export interface Cost {
  /** Of processor time, user and system. */
  readonly seconds: number
  /** Resident at most, in megabytes. */
  readonly memory: number
}

/** Collects a recording's datagrams into a directory. Throws where any was dropped. */
export async function collect(recording: string, directory: string): Promise<Cost> {
  mkdirSync(directory)
  const collector = spawn('nfcapd', ['-b', '127.0.0.1', '-p', String(port), '-w', directory, '-t', '86400'], {
    stdio: 'ignore',
  })
  const pid = collector.pid ?? 0
  const ended = once(collector, 'exit')
  while (!socket()) await sleep(20)
  const sender = createSocket('udp4')
  sender.connect(port, '127.0.0.1')
  await once(sender, 'connect')
  let pending: Uint8Array[] = []
  const reader = new Capture({}, { datagram: ({ payload }) => void pending.push(payload.slice()) })
  for await (const chunk of fileChunks(recording)) {
    reader.push(chunk)
    for (let from = 0; from < pending.length; from += turn) {
      while ((socket()?.waiting ?? 0) > mostWaiting) await sleep(1)
      await Promise.all(
        pending
          .slice(from, from + turn)
          .map((each) => new Promise<void>((done) => sender.send(each, () => done()))),
      )
    }
    pending = []
  }
  while ((socket()?.waiting ?? 0) > 0) await sleep(1)
  const drops = socket()?.drops ?? 0
  sender.close()
  const used = () => [11, 12].reduce((sum, field) => sum + Number(state(pid)[field]), 0) / ticks
  const memory = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) / 1024
  const seconds = used()
  collector.kill('SIGTERM')
  await ended
  if (drops > 0) throw new Error(`nfcapd lost ${drops} datagrams`)
  return { seconds, memory }
}

/** Adds up what was collected by flow key, into a file. */
export function addUp(directory: string, into: string): Cost {
  const by = 'srcip,dstip,proto,srcport,dstport'
  const { stderr, status } = spawnSync(
    '/usr/bin/time',
    ['-f', '%U %S %M', 'nfdump', '-R', directory, '-A', by, '-w', into],
    { encoding: 'utf8' },
  )
  const [user = NaN, system = NaN, memory = NaN] =
    stderr.trim().split('\n').at(-1)?.split(' ').map(Number) ?? []
  if (status !== 0) throw new Error(`nfdump: ${stderr}`)
  return { seconds: user + system, memory: memory / 1024 }
}
