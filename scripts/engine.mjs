// A container engine for the tests, of their own: on a private socket, with all that it keeps in a temporary folder. flowlab's
// image is made in it while other tests run, or comes from the last run that made it (image-cache.mjs); the file `outcome` says
// that it is there (empty), or why there will be none.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { bringImage, keepImage } from './image-cache.mjs'
import { root, run } from './step.mjs'

/** Programs that it takes, each with the Debian package that brings it. Only root can start an engine. */
export const engineTools =
  process.getuid() === 0 ? { dockerd: 'docker.io', containerd: 'containerd', mmdebstrap: 'mmdebstrap' } : {}

/** No bridge and no rules on the machine: labs have networks of their own. */
const quiet = [
  '--bridge=none',
  '--iptables=false',
  '--ip6tables=false',
  '--ip-forward=false',
  '--ip-masq=false',
]

/** Comes back at once with what the tests need in their environment, and with what ends it all. */
export function startEngine() {
  const folder = mkdtempSync(join(tmpdir(), 'flowlab-engine-'))
  const at = (name) => join(folder, name)
  const env = { DOCKER_HOST: `unix://${at('docker.sock')}`, FLOWLAB_TEST_ENGINE: at('outcome') }
  const say = (text) => existsSync(folder) && writeFileSync(at('outcome'), text)
  let engine
  const serve = async () => {
    if (process.getuid() !== 0) return 'only root can start a container engine'
    let said = ''
    engine = spawn(
      'setpriv',
      [
        // However this process ends, the engine ends with it.
        ...['--pdeathsig', 'TERM', 'dockerd'],
        ...[
          '--host',
          env.DOCKER_HOST,
          '--data-root',
          at('data'),
          '--exec-root',
          at('exec'),
          '--pidfile',
          at('pid'),
        ],
        ...quiet,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
    )
    engine.stderr.on('data', (data) => (said = (said + data).slice(-2000)))
    const ended = new Promise((resolve) => engine.once('error', resolve).once('exit', resolve))
    const isUp = async () => {
      while (!existsSync(at('docker.sock'))) await sleep(50)
      return true
    }
    if ((await Promise.race([isUp(), ended])) !== true)
      return `no container engine can run here: ${said.trim()}`
    const kept = await bringImage(env)
    // Makes none where one of these versions is there. From the sources: the bundle may just be made anew.
    const main = ['node_modules/.bin/tsx', 'src/cli/main.ts'].map((path) => join(root, path))
    const { code, said: why } = await run(['nice', ...main, 'image', 'build'], {
      env: { ...process.env, ...env },
    })
    if (code !== 0) return `no image: ${why.trim()}`
    await keepImage(env, kept)
    return ''
  }
  serve().then(say, (error) => say(String(error)))
  return {
    env,
    async stop() {
      if (engine?.exitCode === null && engine.kill('SIGTERM'))
        await Promise.race([new Promise((resolve) => engine.once('exit', resolve)), sleep(15_000)])
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
    },
  }
}
