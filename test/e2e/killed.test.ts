// However a lab's command ends, nothing of the lab is left but its run directory: the kernel sees to it, at every stage.
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  begin,
  cannot,
  eventually,
  flowlab,
  gone,
  hostInterfaces,
  isRoot,
  labFile,
  processesOf,
  root,
  type Started,
  temporary,
} from '../support/labs.ts'

const directory = temporary('killed')
/** Small, with all parts that the talk's lab has. */
const lab = labFile(directory, 'short', (draft) => {
  draft.traffic = [
    { from: 'h1', to: 'h16', kind: 'ditg', udp: { rate: '100pps', size: 100 }, for: '500ms' },
    { from: 'h32', to: 'h1', kind: 'ping', count: 3, interval: '200ms' },
  ]
})

/** The stages of a run in their order: each begins when the one before it has been reported as done. */
const stages = [
  'build',
  'start',
  'converge',
  'traffic',
  'close',
  'drain probes',
  'drain collectors',
  'destroy',
]

const run = (name: string): [string, Started] => {
  const path = join(directory, name)
  return [path, begin(['run', lab, '--dir', path, '--format', 'json'])]
}

/** Waits for a stage to begin; the first begins when the run directory has been named. */
async function reached({ said, child }: Started, stage: string, path: string): Promise<void> {
  const before = stages[stages.indexOf(stage) - 1]
  const sign = before === undefined ? `: ${path}\n` : `✔ ${before} `
  await eventually(() => {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode} before ${stage}: ${said()}`)
    return said().includes(sign) ? undefined : `no "${sign}" in: ${said()}`
  })
}

describe.concurrent('a run', () => {
  beforeEach(({ skip }) => skip(cannot !== undefined, cannot))

  // As the books close it is killed below, where its files are looked at too.
  test.each(stages.filter((stage) => stage !== 'close' || !isRoot))('killed as %s begins', async (stage) => {
    const interfaces = hostInterfaces()
    const [path, started] = run(`kill-${stage.replace(' ', '-')}`)
    await reached(started, stage, path)
    started.child.kill('SIGKILL')
    expect((await started.ended).signal).toBe('SIGKILL')
    await gone(path)
    expect(hostInterfaces()).toEqual(interfaces)
    expect(existsSync(join(path, 'plan.json'))).toBe(true)
  })

  // While namespaces, nodes and daemons come up there is most to leave behind: some moments in between.
  test.each([60, 150, 300, 550, 900])('killed after %i ms', async (delay) => {
    const [path, started] = run(`kill-after-${delay}`)
    await reached(started, 'build', path)
    await sleep(delay)
    started.child.kill('SIGKILL')
    await started.ended
    await gone(path)
  })

  test.each([
    ['SIGINT', 130, 'traffic'],
    ['SIGTERM', 143, 'start'],
    ['SIGHUP', 129, 'converge'],
  ] as const)('%s ends it in order, with %i, as %s begins', async (signal, code, stage) => {
    const [path, started] = run(signal)
    await reached(started, stage, path)
    started.child.kill(signal)
    expect(await started.ended).toMatchObject({ code, stdout: '' })
    expect(started.said()).toContain(`${signal}: taking the lab down`)
    expect(processesOf(path)).toEqual([])
  })

  test('whose namespaces are killed says so, and leaves nothing', async () => {
    const [path, started] = run('holder')
    await reached(started, 'traffic', path)
    const holder = processesOf(path).find((line) => /^\d+ unshare /.test(line))
    process.kill(Number.parseInt(holder ?? '', 10), 'SIGKILL')
    const ended = await started.ended
    expect(ended.code).toBeGreaterThan(1)
    expect(ended.stdout).toBe('')
    await gone(path)
  })

  test('that was kept is ended by the SIGKILL of its namespaces', async () => {
    const path = join(directory, 'kept')
    expect(await flowlab(['deploy', lab, '--dir', path])).toMatchObject({ code: 0 })
    expect(processesOf(path).length).toBeGreaterThan(20)
    const holder = processesOf(path).find((line) => /^\d+ unshare /.test(line))
    process.kill(Number.parseInt(holder ?? '', 10), 'SIGKILL')
    await gone(path)
    expect((await flowlab(['inspect', '--all', '--format', 'json'])).stdout).not.toContain(path)
  })

  test('killed leaves no file outside its directory', async ({ skip }) => {
    skip(!isRoot, 'only root can give it a /tmp and a /run of its own to look at')
    const outside = join(directory, 'outside')
    const path = join(directory, 'inside')
    for (const name of ['home', 'run', 'shm', 'tmp']) mkdirSync(join(outside, name), { recursive: true })
    // Run directory, lab file and checkout stay where they are, though they may lie in /tmp, which is covered.
    const kept = [directory, root].filter((each) => each.startsWith('/tmp/'))
    for (const each of kept) mkdirSync(join(outside, each), { recursive: true })
    const script = [
      'set -e',
      'mount --bind "$0/shm" /dev/shm',
      'outside=$0; for kept; do [ "$kept" != -- ] || break; mount --bind "$kept" "$outside$kept"; done',
      // mount(8) itself keeps books in /run unless told not to.
      'mount --rbind "$0/run" /run; mount --no-mtab --rbind "$0/tmp" /tmp',
      'while [ "$1" != -- ]; do shift; done; shift',
      'exec "$@"',
    ].join('\n')
    const started = begin(['run', lab, '--dir', path], {
      env: { HOME: join(outside, 'home') },
      through: ['unshare', '--mount', 'sh', '-c', script, outside, ...kept, '--'],
    })
    await reached(started, 'close', path)
    expect(processesOf(path).length).toBeGreaterThan(20)
    started.child.kill('SIGKILL')
    await started.ended
    await gone(path)
    const left = execFileSync('find', [outside, '-mindepth', '2'], { encoding: 'utf8' }).trim().split('\n')
    const isMountPoint = (file: string): boolean => kept.some((each) => join(outside, each).startsWith(file))
    expect(left.filter((file) => !isMountPoint(file))).toEqual([])
  })

  test('ends where process 1 of the machine asks for no dead, as in a container without an init', async ({
    skip,
  }) => {
    skip(!isRoot, 'only root can make a machine with such a process 1')
    const path = join(directory, 'orphans')
    // Process 1 is a shell that waits for its own program alone; a program of the lab is left alone by who entered with it.
    const script = [
      '"$0" deploy "$1" --dir "$2" >/dev/null 2>&1 || exit 1',
      '"$0" exec --lab "$2" h1 -- sleep 86399 & entered=$!',
      // Who enters must have started it: killed before, it leaves nobody.
      'until pgrep -f "^sleep 86399$" >/dev/null; do sleep 0.02; done',
      'pkill -KILL -f "^nsenter .* sleep 86399$"',
      'wait $entered',
      // The program is ended, and nobody asks for it.
      'pkill -KILL -f "^sleep 86399$"',
      'until grep -qs "^State:.Z" $(grep -ls "^Name:.sleep$" /proc/[0-9]*/status); do sleep 0.02; done',
      'exec "$0" destroy "$2"',
    ].join('\n')
    const nobody =
      "require('child_process').spawn('bash', ['-c', ...process.argv.slice(1)], { stdio: 'inherit' }).on('exit', (code) => process.exit(code))"
    const machine = ['--pid', '--fork', '--kill-child', '--mount-proc', process.execPath, '-e', nobody]
    const words = [...machine, script, join(root, 'bin/flowlab'), lab, path]
    const { stdout } = await promisify(execFile)('unshare', words, { timeout: 60_000, killSignal: 'SIGKILL' })
    expect(stdout).toContain('is down')
    expect(processesOf(path)).toEqual([])
  })
})
