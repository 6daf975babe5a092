// What every backend owes the plan: one suite for all of them, which each backend's test declares.
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Backend, Lab, Placed, Program } from '../../src/backend.ts'
import type { NodePlan, Plan, ProcessPlan } from '../../src/plan/plan.ts'
import { eventually, gone, hostInterfaces, processesOf, temporary } from './labs.ts'

/** A backend, and what the suite cannot do by the port. */
export interface Subject {
  readonly name: string
  readonly backend: Backend
  /** Why the suite is skipped; undefined where it is not. */
  readonly reason: string | undefined
  /** Kills all that a node lives in, as a crash would. */
  readonly crash: (lab: Lab, directory: string, node: string) => Promise<void>
}

const node = (name: string, address: string, more: Partial<NodePlan> = {}): NodePlan => ({
  name,
  kind: 'host',
  interfaces: [{ name: 'eth0', addresses: [address], mtu: 1400, offloads: false }],
  loopback: [],
  binds: [],
  env: {},
  routes: [],
  sysctls: {},
  directories: {},
  files: {},
  processes: [],
  ...more,
})

/** Two nodes and a link. */
const pair: Plan = {
  lab: 'pair',
  seed: 1,
  nodes: [
    node('left', '192.0.2.1/30', {
      loopback: ['198.51.100.1/32'],
      routes: ['203.0.113.0/24 via 192.0.2.2', 'local 198.51.100.9/32 dev lo'],
      sysctls: { 'net.ipv4.ip_forward': '1' },
      directories: { '/run/owned': 'nobody' },
      files: { '/etc/frr/greeting': 'it\'s "here" $HOME\n', '/run/flowlab/nested/file': 'in /run\n' },
    }),
    node('right', '192.0.2.2/30', {
      interfaces: [{ name: 'eth0', addresses: ['192.0.2.2/30'], mtu: 1400, offloads: true }],
    }),
  ],
  links: [
    {
      ends: [
        { node: 'left', interface: 'eth0' },
        { node: 'right', interface: 'eth0' },
      ],
    },
  ],
  sessions: [],
  reachable: [],
  points: [],
  probes: [],
  collectors: [],
  traffic: [],
  events: [],
}

/** A shell on `left`, as a process of the plan. */
const shell = (name: string, script: string, more: Partial<ProcessPlan> = {}): Placed => ({
  node: 'left',
  process: { name, argv: ['sh', '-c', script], ...more },
})

interface Said {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

async function heard(child: Program, input?: string): Promise<Said> {
  child.stdin?.end(input)
  const [out, err, [code]] = await Promise.all([
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
    once(child, 'close') as Promise<[number | null]>,
  ])
  return { code, out, err }
}

export const contract = ({ name: called, backend, reason, crash }: Subject): void => {
  describe(`the backend ${called}`, () => {
    // Characters that shells and mount tables treat in their own ways.
    const parent = temporary('contract')
    const directory = join(parent, `a "lab's" $HOME dir`)
    let lab: Lab
    beforeEach(({ skip }) => skip(reason !== undefined, reason))
    beforeAll(async () => {
      if (reason === undefined) lab = await deployed(directory)
    })
    afterAll(() => lab?.destroy())

    async function deployed(path: string): Promise<Lab> {
      mkdirSync(path, { recursive: true })
      return backend.deploy(pair, path)
    }
    const found = async () => (await backend.find()).map((each) => each.directory)
    const ask = (where: string, ...argv: string[]): Promise<Said> => heard(lab.spawn(where, argv, 'pipe'))
    const log = (name: string): string => readFileSync(join(directory, `nodes/left/log/${name}.log`), 'utf8')
    const state = (name: string): string => join(directory, 'nodes/left/state', name)
    const exit = (name: string): number[] =>
      readFileSync(`${state(name)}.exit`, 'utf8')
        .trim()
        .split(' ')
        .map(Number)

    describe('nodes', () => {
      test('have their files, as written, and no others of the machine there', async () => {
        expect(await ask('left', 'cat', '/etc/frr/greeting', '/run/flowlab/nested/file')).toEqual({
          code: 0,
          out: `it's "here" $HOME\nin /run\n`,
          err: '',
        })
        expect((await ask('left', 'ls', '/etc/frr')).out).toBe('greeting\n')
        expect((await ask('left', 'stat', '-c', '%U', '/run/owned')).out).toBe('nobody\n')
        expect((await ask('right', 'ls', '/run', '/tmp', '/var/log')).out).not.toMatch(/owned|flowlab/)
      })

      test('have a /tmp, a /run and a /var/log of their own; the logs are in the run directory', async () => {
        const write = 'echo left >/tmp/mine && echo left >/run/mine && echo left >/var/log/mine.log'
        expect(await ask('left', 'sh', '-c', write)).toMatchObject({ code: 0, err: '' })
        expect((await ask('right', 'ls', '/tmp/mine', '/run/mine', '/var/log/mine.log')).code).not.toBe(0)
        expect(log('mine')).toBe('left\n')
        for (const file of ['/tmp/mine', '/run/mine', '/var/log/mine.log'])
          expect(existsSync(file)).toBe(false)
      })

      test('have their names, sysctls and interfaces with MTU and addresses, and nothing else', async () => {
        expect((await ask('left', 'hostname')).out).toBe('left\n')
        expect((await ask('left', 'cat', '/proc/sys/net/ipv4/ip_forward')).out).toBe('1\n')
        const shown = JSON.parse((await ask('left', 'ip', '-j', '-4', 'address', 'show')).out) as {
          ifname: string
          mtu: number
          flags: string[]
          addr_info: { local: string; prefixlen: number }[]
        }[]
        expect(shown.map(({ ifname }) => ifname)).toEqual(['lo', 'eth0'])
        const addresses = shown.map((each) =>
          each.addr_info.map(({ local, prefixlen }) => `${local}/${prefixlen}`),
        )
        expect(addresses).toEqual([['127.0.0.1/8', '198.51.100.1/32'], ['192.0.2.1/30']])
        expect(shown[1]).toMatchObject({ mtu: 1400, flags: expect.arrayContaining(['UP', 'LOWER_UP']) })
      })

      test('have their routes and reach each other', async () => {
        expect((await ask('left', 'ip', 'route', 'show')).out).toContain(
          '203.0.113.0/24 via 192.0.2.2 dev eth0',
        )
        expect((await ask('left', 'ip', 'route', 'show', 'table', 'local')).out).toContain(
          'local 198.51.100.9 ',
        )
        expect(await ask('left', 'ping', '-c', '1', '-w', '5', '192.0.2.2')).toMatchObject({ code: 0 })
      })

      test('have offloads switched off, unless the plan leaves them on', async () => {
        const segmentation = (out: string) => /^tcp-segmentation-offload: (\w+)/m.exec(out)?.[1]
        expect(segmentation((await ask('left', 'ethtool', '-k', 'eth0')).out)).toBe('off')
        expect(segmentation((await ask('right', 'ethtool', '-k', 'eth0')).out)).toBe('on')
      })
    })

    test('nodes see what they bind, at places that the machine has or not, and their own environment', async () => {
      const source = join(parent, 'a source')
      mkdirSync(source)
      writeFileSync(join(source, 'file'), 'bound\n')
      const targets = [
        '/etc/frr/daemons',
        '/etc/flowlab-absent/below/file',
        '/opt/flowlab absent',
        '/run/flowlab/file',
        '/tmp/file',
        '/var/log/file',
        '/etc/hostname',
      ]
      const binds = targets.map((target) => ({ source: join(source, 'file'), target, readonly: false }))
      const ran = join(parent, 'binds')
      mkdirSync(ran)
      const left = node('left', '192.0.2.1/30', {
        interfaces: [],
        files: { '/etc/frr/greeting': 'hello\n' },
        binds: [...binds, { source, target: '/mnt/absent/directory', readonly: true }],
        env: { GREETING: "it's $HOME", LANG: 'C' },
      })
      const other = await backend.deploy({ ...pair, nodes: [left], links: [] }, ran)
      try {
        const said = (...argv: string[]) => heard(other.spawn('left', argv, 'pipe'))
        const bound = await said('cat', ...targets, '/mnt/absent/directory/file', '/etc/frr/greeting')
        expect(bound).toEqual({ code: 0, out: `${'bound\n'.repeat(targets.length + 1)}hello\n`, err: '' })
        expect((await said('sh', '-c', 'echo no >/mnt/absent/directory/file')).err).toContain('Read-only')
        expect((await said('sh', '-c', 'cat /etc/passwd >/dev/null && ls -A /etc | wc -l')).code).toBe(0)
        expect((await said('printenv', 'GREETING', 'LANG')).out).toBe("it's $HOME\nC\n")
        await other.start([shell('env', 'printenv GREETING', { oneshot: true })], 'ready')
        expect(readFileSync(join(ran, 'nodes/left/log/env.log'), 'utf8')).toBe("it's $HOME\n")
        for (const absent of ['/etc/flowlab-absent', '/opt/flowlab absent', '/mnt/absent'])
          expect(existsSync(absent)).toBe(false)
      } finally {
        await other.destroy()
      }
    })

    describe('isolation', () => {
      test('of the network: neither interfaces nor services of the machine are there', async () => {
        const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1')
        await once(server, 'listening')
        const { port } = server.address() as { port: number }
        const connected = await ask('left', 'bash', '-c', `exec 3<>/dev/tcp/127.0.0.1/${port}`)
        server.close()
        expect(connected.code).not.toBe(0)
        expect(connected.err).toContain('Connection refused')
        expect((await ask('left', 'bash', '-c', 'exec 3<>/dev/tcp/192.88.99.1/80')).err).toContain(
          'unreachable',
        )
        const outside = hostInterfaces().filter((name) => name !== 'lo' && name !== 'eth0')
        const inside = (await ask('left', 'ip', '-o', 'link', 'show')).out
        for (const name of outside) expect(inside).not.toContain(` ${name}:`)
      })

      test('of processes: those of the machine can be neither seen nor signalled', async () => {
        expect((await ask('left', 'sh', '-c', 'cat /proc/[0-9]*/cmdline')).out).not.toContain('vitest')
        expect((await ask('left', 'kill', '-0', String(process.pid))).code).not.toBe(0)
      })

      test('of the environment: a program finds what it finds on every machine', async () => {
        const { out } = await ask('left', 'env')
        const names = out.split('\n').map((line) => line.split('=')[0])
        expect(new Set(names)).toEqual(
          new Set(['', 'PATH', 'HOME', 'LANG', ...(process.env['TERM'] ? ['TERM'] : [])]),
        )
      })
    })

    describe('spawn', () => {
      test('hands over input, output and exit code', async () => {
        const child = lab.spawn('left', ['sh', '-c', 'tr a-z A-Z; echo no >&2; exit 3'], 'pipe')
        expect(await heard(child, 'hello')).toEqual({ code: 3, out: 'HELLO', err: 'no\n' })
      })

      test('passes arguments as they are', async () => {
        const odd = ['', ' ', "it's", '"', '$HOME', '*', 'a\nb', '\\', '--', 'ü']
        const { out } = await heard(lab.spawn('left', ['printf', '%s\\0', ...odd], 'pipe'))
        expect(out.split('\0').slice(0, -1)).toEqual(odd)
      })

      test('of a program that is not there ends with 127', async () => {
        expect(await ask('left', 'no-such-program')).toMatchObject({ code: 127 })
      })
    })

    describe('start', () => {
      test('comes back when a path is there', async () => {
        const ready = shell('pathed', 'sleep 0.2; echo here >/run/pathed; sleep 60', { ready: '/run/pathed' })
        await lab.start([ready], 'ready')
        expect((await ask('left', 'cat', '/run/pathed')).out).toBe('here\n')
      })

      test('comes back when a text was said, on either output', async () => {
        await lab.start(
          [shell('saying', 'sleep 0.2; echo I am up >&2; sleep 60', { says: 'am up' })],
          'ready',
        )
        expect(log('saying')).toBe('I am up\n')
      })

      test('keeps the order that `after` asks for', async () => {
        await lab.start(
          [
            shell('first', 'sleep 0.3; echo first >>/tmp/order; touch /tmp/first', { ready: '/tmp/first' }),
            shell('alone', 'echo alone >>/tmp/order', { oneshot: true }),
            shell('second', 'echo second >>/tmp/order', { oneshot: true, after: ['first'] }),
          ],
          'ready',
        )
        const order = (await ask('left', 'cat', '/tmp/order')).out.trim().split('\n')
        expect(order).toContain('alone')
        expect(order.indexOf('first')).toBeLessThan(order.indexOf('second'))
      })

      test('comes back at once when only launching was asked for', async () => {
        const slow = shell('slow', 'sleep 60', { ready: '/run/never' })
        await lab.start([slow, shell('shot', 'sleep 60', { oneshot: true })], 'launched')
        expect(existsSync(`${state('slow')}.exit`)).toBe(false)
        expect(await lab.signal('left', 'slow', 'SIGTERM')).toBe(true)
        expect(await lab.signal('left', 'shot', 'SIGTERM')).toBe(true)
      })

      test.each([
        ['a one-shot that fails', shell('failing', 'exit 9', { oneshot: true }), 9],
        [
          'a process that ends before its path is there',
          shell('early', 'exit 4', { ready: '/run/never' }),
          4,
        ],
        ['a process that ends before it has spoken', shell('mute', 'exit 5', { says: 'hello' }), 5],
      ])('throws for %s, naming it', async (_, placed, code) => {
        const { name } = placed.process
        await expect(lab.start([placed], 'ready')).rejects.toThrow(`left: ${name} ended with ${code}`)
      })

      test('notes how and when a process ended', async () => {
        const before = Date.now()
        await lab.start([shell('ending', 'echo done; exit 0', { oneshot: true })], 'ready')
        const [code, at = 0] = exit('ending')
        expect(code).toBe(0)
        expect(at).toBeGreaterThanOrEqual(before - 1)
        expect(at).toBeLessThanOrEqual(Date.now() + 1)
      })

      test('sets the log of a former life aside', async () => {
        const life = (word: string) => [shell('again', `echo ${word}; sleep 60`, { says: word })]
        await lab.start(life('one'), 'ready')
        expect(await lab.signal('left', 'again', 'SIGKILL')).toBe(true)
        await eventually(() => (existsSync(`${state('again')}.exit`) ? undefined : 'it runs'))
        await lab.start(life('two'), 'ready')
        expect(log('again')).toBe('two\n')
        expect(existsSync(`${state('again')}.exit`)).toBe(false)
        const former = readdirSync(join(directory, 'nodes/left/log')).filter((name) =>
          /^again\.log\.\d+$/.test(name),
        )
        expect(former).toHaveLength(1)
        expect(readFileSync(join(directory, 'nodes/left/log', former[0] ?? ''), 'utf8')).toBe('one\n')
      })
    })

    describe('signal', () => {
      test.each([
        ['SIGINT', 'trap "echo INT; exit 0" INT', 0],
        ['SIGTERM', 'trap "echo TERM; exit 1" TERM', 1],
        ['SIGKILL', ':', 137],
      ] as const)('%s reaches the process, and its end is noted', async (signal, trap, code) => {
        const name = `takes-${signal}`
        await lab.start(
          [shell(name, `${trap}; echo up; while :; do sleep 0.05; done`, { says: 'up' })],
          'ready',
        )
        expect(await lab.signal('left', name, signal)).toBe(true)
        await eventually(() => (existsSync(`${state(name)}.exit`) ? undefined : `${name} runs`))
        expect(exit(name)[0]).toBe(code)
        if (code !== 137) expect(log(name)).toBe(`up\n${signal.slice(3)}\n`)
        expect(await lab.signal('left', name, signal)).toBe(false)
      })

      test('is false for what was never started', async () => {
        expect(await lab.signal('left', 'nobody', 'SIGTERM')).toBe(false)
      })
    })

    describe('restart', () => {
      const shown = async (): Promise<string> =>
        `${(await ask('left', 'ip', '-4', 'address')).out}${(await ask('left', 'ip', '-4', 'route', 'show', 'table', 'all')).out}`
          .replaceAll(/^\d+: /gm, '')
          .replaceAll(/qdisc.*|NO-CARRIER,|@if\d+/g, '')

      test('gives a node back as it was built: links, addresses, routes and files, no process but the spared', async () => {
        const [before, spared] = [await shown(), shell('spared', 'exec sleep 60', { witness: true })]
        await lab.start([spared, shell('child', 'sleep 60 & sleep 60')], 'launched')
        await ask(
          'left',
          'sh',
          '-c',
          'echo >/run/gone; ip route add 198.18.0.0/24 dev eth0; rm -r /run/flowlab',
        )
        expect(await lab.restart(pair, 'left', ['spared'])).toEqual([])
        expect(await shown()).toBe(before)
        expect((await ask('left', 'ls', '/run/gone')).code).not.toBe(0)
        expect((await ask('left', 'cat', '/run/flowlab/nested/file')).out).toBe('in /run\n')
        expect((await ask('left', 'stat', '-c', '%U', '/run/owned')).out).toBe('nobody\n')
        await eventually(() => (existsSync(`${state('child')}.exit`) ? undefined : 'it runs'))
        expect(exit('child')[0]).toBe(137)
        expect((await ask('left', 'ps', '-C', 'sleep', '-o', 'args', '--no-headers')).out).not.toContain(
          'child',
        )
        expect(await lab.signal('left', 'spared', 'SIGKILL')).toBe(true)
        expect(await ask('left', 'ping', '-c', '1', '-w', '5', '192.0.2.2')).toMatchObject({ code: 0 })
      })

      test('ends the programs that run on the node, and whoever waits for them is told', async () => {
        const child = lab.spawn('left', ['sh', '-c', 'echo up; exec sleep 60'], 'pipe')
        const end = once(child, 'close')
        await once(child.stdout as NonNullable<typeof child.stdout>, 'data')
        expect(await lab.restart(pair, 'left', [])).toEqual([])
        expect((await end)[0]).not.toBe(0)
      })

      test('builds and links a node again whose namespaces have died', async () => {
        const before = await shown()
        await crash(lab, directory, 'left')
        const anew = await lab.restart(pair, 'left', [])
        expect(anew.map((end) => `${end.node}:${end.interface}`).toSorted()).toEqual([
          'left:eth0',
          'right:eth0',
        ])
        expect(await shown()).toBe(before)
        expect(await ask('right', 'ping', '-c', '1', '-w', '5', '192.0.2.1')).toMatchObject({ code: 0 })
      })
    })

    describe('a lab', () => {
      test('that is not kept is found while it lives, and destroyed it leaves nothing', async () => {
        const path = join(parent, 'short')
        const short = await deployed(path)
        expect(await found()).toContain(path)
        await short.destroy()
        expect(processesOf(path)).toEqual([])
        expect(await found()).not.toContain(path)
        expect(await backend.attach(path)).toBeUndefined()
      })

      test('that is kept can be attached to, used and destroyed by another', async () => {
        const path = join(parent, 'kept, with spaces')
        const kept = await deployed(path)
        await kept.keep()
        expect(await found()).toContain(path)
        const other = await backend.attach(path)
        expect(await heard((other as Lab).spawn('right', ['hostname'], 'pipe'))).toMatchObject({
          out: 'right\n',
        })
        await other?.destroy()
        expect(processesOf(path)).toEqual([])
        await gone(path)
      })

      test('lives beside another of the same plan', async () => {
        const path = join(parent, 'twin')
        const twin = await deployed(path)
        await heard(twin.spawn('left', ['touch', '/tmp/twin'], 'pipe'))
        expect((await ask('left', 'ls', '/tmp/twin')).code).not.toBe(0)
        await twin.destroy()
        expect((await ask('left', 'hostname')).out).toBe('left\n')
      })

      test('that cannot be built is taken down, and the error says why', async () => {
        const path = join(parent, 'broken')
        const broken = {
          ...pair,
          nodes: pair.nodes.map((each) => ({ ...each, routes: ['10.0.0.0/8 via 1.2.3.4'] })),
        }
        mkdirSync(path)
        await expect(backend.deploy(broken, path)).rejects.toThrow(/Nexthop has invalid gateway/)
        expect(processesOf(path)).toEqual([])
      })
    })
  })
}
