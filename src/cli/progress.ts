// Tells on standard error what a run is doing, each step with its time when it is done; standard output stays the result's.
// On a terminal a running step shows too.

import { styleText } from 'node:util'
import type { Step } from '../run/conduct.ts'

export interface Progress {
  readonly step: Step
  readonly say: (text: string) => void
  /** Steps that are done, in their order. */
  readonly timing: { name: string; ms: number }[]
}

export function progress(out: NodeJS.WriteStream = process.stderr): Progress {
  const timing: { name: string; ms: number }[] = []
  const line = (mark: string, name: string, rest: string): string => `${mark} ${name.padEnd(18)} ${rest}`
  return {
    timing,
    say: (text) => void out.write(text),
    step: async (name, act) => {
      if (out.isTTY) out.write(line(styleText('cyan', '…'), name, ''))
      const begin = performance.now()
      const done = (mark: string): void => {
        const ms = Math.round(performance.now() - begin)
        timing.push({ name, ms })
        out.write(
          `${out.isTTY ? '\r\u001b[K' : ''}${line(mark, name, `${(ms / 1000).toFixed(2).padStart(7)} s`)}\n`,
        )
      }
      try {
        const result = await act()
        done(styleText('green', '✔', { stream: out }))
        return result
      } catch (error) {
        done(styleText('red', '✘', { stream: out }))
        throw error
      }
    },
  }
}

/** Times the steps and says nothing. */
export function silence(): Progress {
  const timing: Progress['timing'] = []
  return {
    timing,
    say: () => {},
    step: async (name, act) => {
      const begin = performance.now()
      try {
        return await act()
      } finally {
        timing.push({ name, ms: Math.round(performance.now() - begin) })
      }
    },
  }
}
