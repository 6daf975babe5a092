// What the interfaces of a node carry, and whether they are up: a program on the node that reads the kernel's counts whenever it is
// sent a line, and ends when nobody holds its input any more, however this process ended.

import type { Lab, Program } from '../backend.ts'
import { turn } from '../run/turn.ts'

export interface Count {
  readonly interface: string
  readonly up: boolean
  /** Since the interface was made. Octets are of whole frames. */
  readonly inOctets: number
  readonly inPackets: number
  readonly outOctets: number
  readonly outPackets: number
}

export interface Meter {
  /** Counts of the interfaces; undefined where the node does not answer. */
  read(): Promise<readonly Count[] | undefined>
  close(): void
}

/** Builtins only, so that a reading starts no program. */
const script = `while read -r _; do
  mapfile -t lines </proc/net/dev
  printf '%s\\n' "\${lines[@]:2}"
  for path in /sys/class/net/*; do
    state=; read -r state <"$path/operstate"; printf 'state %s %s\\n' "\${path##*/}" "$state"
  done
  echo .
done 2>/dev/null`

/** A node of the sandbox has the machine's /sys, which lists the machine's interfaces: covered by one of the node's own, for this program alone. */
const withOwnSys =
  'unshare --mount bash --norc -c "mount -t sysfs sysfs /sys; $0" 2>/dev/null || exec bash --norc -c "$0"'

const patience = 2_000
/** Until the first answer: with two hundred nodes as many programs start. */
const firstPatience = 15_000
/** Octets of one answer. */
const longest = 1024 * 1024

export function createMeter(lab: Lab, node: string): Meter {
  let program: Program | undefined
  let said = ''
  let isClosed = false
  let answer: ((text: string | undefined) => void) | undefined

  function start(): Program {
    const started = lab.spawn(node, ['bash', '--norc', '-c', withOwnSys, script], ['pipe', 'pipe', 'ignore'])
    started.stdin?.on('error', () => {})
    started.stdout?.on('data', (data: Buffer) => {
      said += data.toString()
      if (said.length > longest) giveUp()
      if (said.endsWith('\n.\n') || said === '.\n') settle(said)
    })
    const gone = (): void => {
      if (program === started) program = undefined
      settle(undefined)
    }
    started.once('error', gone)
    started.once('close', gone)
    return started
  }

  function settle(text: string | undefined): void {
    said = ''
    answer?.(text)
    answer = undefined
  }

  /** It ends by itself with its input; one that does not is killed. */
  function giveUp(): void {
    const given = program
    if (given) {
      const late = setTimeout(() => given.kill('SIGTERM'), patience).unref()
      given.once('close', () => clearTimeout(late))
      given.stdin?.end()
    }
    program = undefined
    settle(undefined)
  }

  return {
    close() {
      isClosed = true
      giveUp()
    },
    async read() {
      if (answer) return undefined
      const isNew = program === undefined
      if (isNew) await turn()
      if (isClosed) return undefined
      program ??= start()
      const text = await new Promise<string | undefined>((resolve) => {
        // One that hangs is given up, and started anew at the next reading.
        const timer = setTimeout(giveUp, isNew ? firstPatience : patience)
        answer = (given) => {
          clearTimeout(timer)
          resolve(given)
        }
        program?.stdin?.write('\n')
      })
      return text === undefined ? undefined : parseCounts(text)
    },
  }
}

/** Lines of /proc/net/dev (proc_net(5)), and `state INTERFACE OPERSTATE`. */
export function parseCounts(text: string): Count[] {
  const states = new Map(
    [...text.matchAll(/^state (\S+) (\S*)$/gm)].map(([, name = '', state = '']) => [name, state]),
  )
  return [...text.matchAll(/^\s*([^\s:]+):\s*([\d ]+)$/gm)].map(([, name = '', numbers = '']) => {
    const values = numbers.trim().split(/ +/).map(Number)
    return {
      interface: name,
      up: (states.get(name) ?? 'unknown') !== 'down' && states.get(name) !== 'lowerlayerdown',
      inOctets: values[0] ?? 0,
      inPackets: values[1] ?? 0,
      outOctets: values[8] ?? 0,
      outPackets: values[9] ?? 0,
    }
  })
}
