// Runs a program as one step of a script: its name, then how long it took; what it said is shown where it fails.
import { spawn } from 'node:child_process'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')

/**
 * Comes back with the program's exit code (127 where it cannot be started), its standard output, and all that it said there
 * and on standard error, as far as these are not inherited. What ends this process is left to the program, which may have
 * to put in order what it has begun: a terminal sends it SIGINT too, SIGTERM is passed on.
 */
export function run(
  [program, ...args],
  { stdio = ['inherit', 'pipe', 'pipe'], onLine = () => {}, env } = {},
) {
  return new Promise((resolved) => {
    const child = spawn(program, args, { cwd: root, env: env ?? process.env, stdio })
    const interrupt = () => {}
    const terminate = () => child.kill('SIGTERM')
    process.on('SIGINT', interrupt).on('SIGTERM', terminate)
    let [stdout, said, rest] = ['', '', '']
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      stdout += text
      said += text
      const lines = (rest + text).split('\n')
      rest = lines.pop()
      for (const line of lines) onLine(line)
    })
    child.stderr?.setEncoding('utf8').on('data', (text) => (said += text))
    const end = (code) => {
      process.off('SIGINT', interrupt).off('SIGTERM', terminate)
      if (rest !== '') onLine(rest)
      resolved({ code, stdout, said })
    }
    child.once('error', ({ message }) => {
      said += `${message}\n`
      end(127)
    })
    child.once('close', (code, signal) => end(code ?? (signal === 'SIGINT' ? 130 : 143)))
  })
}

/** `name … 1.2 s`; false where it failed, after all that it said. */
export async function step(name, argv) {
  const began = performance.now()
  process.stdout.write(`${name} … `)
  const { code, said } = await run(argv)
  process.stdout.write(code === 0 ? `${seconds(began)}\n` : `failed after ${seconds(began)}\n\n${said}\n`)
  return code === 0
}

export const seconds = (began) => `${((performance.now() - began) / 1000).toFixed(1)} s`
