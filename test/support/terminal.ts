// The command in a terminal of its own, by script(1) of util-linux: what it writes there, and keys for it.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from './labs.ts'
import { have } from './tools.ts'

/** Why there is no terminal; undefined where there is one. */
export const noTerminal: string | undefined = have('script')
  ? undefined
  : 'no script(1): apt-get install util-linux'

export interface Terminal {
  /** Comes back when this has been written since it was called; throws where the command ends before. */
  readonly says: (text: string) => Promise<void>
  readonly press: (keys: string) => void
  /** The terminal goes, and with it what runs there: for a test that may fail before it has ended. */
  readonly close: () => void
  /** All that was written, with the terminal's settings (`stty -g`) before and after, and the exit code as `code 0`. */
  readonly ended: Promise<string>
}

export function inTerminal(args: readonly string[], rows = 24, columns = 80): Terminal {
  const command = [
    `stty rows ${rows} cols ${columns}; stty -g`,
    `${process.execPath} ${join(root, 'bin/flowlab')} ${args.join(' ')}`,
    'echo "code $?"; stty -g',
  ].join('; ')
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: { ...process.env, LC_ALL: 'C.UTF-8', TERM: 'xterm', SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let said = ''
  let hasEnded = false
  const heard = new Set<() => void>()
  const tell = (): void => {
    for (const each of heard) each()
  }
  child.stdout.on('data', (data: Buffer) => {
    said += data.toString()
    tell()
  })
  const ended = new Promise<string>((resolve) =>
    child.once('close', () => {
      hasEnded = true
      tell()
      resolve(said)
    }),
  )
  return {
    ended,
    press: (keys) => void child.stdin.write(keys),
    close: () => void child.kill('SIGKILL'),
    says(text) {
      const from = said.length
      return new Promise((resolve, reject) => {
        const look = (): void => {
          const isSaid = said.indexOf(text, from) >= 0
          if (!isSaid && !hasEnded) return
          heard.delete(look)
          if (isSaid) resolve()
          else reject(new Error(`it ended before it wrote ${text}:\n${said}`))
        }
        heard.add(look)
        look()
      })
    },
  }
}

/** What was written before, on and after the other screen. */
export const screens = (said: string): string[] => said.split(/.\[\?1049[hl]/)

/** What `stty -g` says. */
export const settingsIn = (text = ''): string | undefined => /^[\da-f:]{20,}(?=\r?$)/m.exec(text)?.[0]
