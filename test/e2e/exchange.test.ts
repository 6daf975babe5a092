// Labs that come from elsewhere and go elsewhere, for real: the exported script builds what flowlab builds.
import { execFile } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeEach, describe, expect, test } from 'vitest'
import { sandbox } from '../../src/backend/sandbox/sandbox.ts'
import type { RouteTable } from '../../src/evidence.ts'
import type { Ask } from '../../src/part.ts'
import { routers } from '../../src/part/router/routers.ts'
import { compile } from '../../src/plan/compile.ts'
import { asker } from '../../src/run/ask.ts'
import { deploy } from '../../src/run/conduct.ts'
import { createRunDirectory } from '../../src/run/directory.ts'
import { until } from '../../src/run/wait.ts'
import { load } from '../../src/topology/load.ts'
import { reachEachOther } from '../support/frr01.ts'
import { cannot, flowlab, gone, hostInterfaces, temporary } from '../support/labs.ts'

const run = promisify(execFile)

/** Two ASes of FRR and BIRD, OSPF in one of them, a probe, a collector, a link that loses nothing of three packets. */
const labText = `
name: by-hand
nodes:
  r1: { kind: frr, as: 65001 }
  r2: { kind: frr, as: 65001, env: { WHO: "it's $me" } }
  x: { kind: bird, as: 65002 }
  h1: { kind: host, as: 65001, exec: ["sh -c 'echo ran >/tmp/ran'"] }
  h2: { kind: host, as: 65002 }
  col: { kind: host }
links:
  - { endpoints: [h1, r1] }
  - { endpoints: ["r1:eth9", r2], mtu: 1400 }
  - { endpoints: ["r2:eth1", x], ipv4: 192.0.2.0/31 }
  - { endpoints: [x, h2], loss: 1/1000 }
  - { endpoints: [r2, col] }
probes:
  edge: { kind: pmacctd, at: "r2:eth1", export: { to: main, aggregate: [src_host, dst_host, proto] } }
collectors:
  main: { kind: nfacctd, node: col, tables: { all: { aggregate: [src_host, dst_host, proto] } } }
traffic:
  - { from: h1, to: h2, kind: ping, count: 3, interval: 100ms }
`

type On = (node: string) => Ask

interface Interface {
  readonly ifname: string
  readonly mtu: number
  readonly addr_info: readonly {
    readonly local: string
    readonly prefixlen: number
    readonly family: string
  }[]
}

/** What there is of a lab, but for numbers that the kernel gives. */
async function seen(on: On) {
  const nodes = ['r1', 'r2', 'x', 'h1', 'h2', 'col']
  const links = async (node: string) => {
    const shown = JSON.parse(await on(node)('ip', '-j', 'address')) as Interface[]
    return shown
      .map(({ ifname, mtu, addr_info }) => ({
        ifname,
        mtu,
        addresses: addr_info
          .filter(({ family }) => family === 'inet')
          .map((each) => `${each.local}/${each.prefixlen}`),
      }))
      .toSorted((a, b) => a.ifname.localeCompare(b.ifname))
  }
  const routes = async (node: string) =>
    (await on(node)('ip', 'route', 'show', 'table', 'all'))
      .split('\n')
      .filter((line) => !/^(?:fe80|ff00|multicast|anycast|local fe80|local ::1|::1)/.test(line))
      .map((line) => line.replace(/ nhid \d+/, '').trim())
      .toSorted()
  const bgp = async (node: string, kind: 'frr' | 'bird'): Promise<RouteTable['routes']> => {
    const table = await routers[kind].routes(on(node), node)
    return table.routes.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))
  }
  return {
    links: await Promise.all(nodes.map(links)),
    routes: await Promise.all(nodes.map(routes)),
    bgp: await Promise.all([bgp('r1', 'frr'), bgp('r2', 'frr'), bgp('x', 'bird')]),
    offloads: (await on('r2')('ethtool', '-k', 'eth1')).split('\n').filter((line) => /: on/.test(line)),
    own: await on('r2')('sh', '-c', 'hostname; echo $WHO; ls /etc/frr'),
    ran: await on('h1')('cat', '/tmp/ran'),
  }
}

describe.concurrent('labs as scripts', () => {
  const place = temporary('exchange')
  beforeEach(({ skip }) => skip(cannot !== undefined, cannot))

  test('the exported script builds the same network, and takes it away again', async () => {
    const file = join(place, 'lab.yaml')
    writeFileSync(file, labText)
    const before = hostInterfaces()
    const exported = await flowlab(['export', 'shell', file, '-o', place])
    expect(exported).toMatchObject({ code: 0, stdout: '' })
    const plan = compile((await load(file)).topology)
    const directory = await createRunDirectory(plan.lab, join(place, 'run'))
    const { lab } = await deploy(sandbox, plan, directory, (_, act) => act())
    const script = join(place, 'by-hand.sh')
    const env = { ...process.env, LAB_DIRECTORY: join(place, 'by hand') }
    const bash = async (...argv: string[]) => (await run('bash', [script, ...argv], { env })).stdout
    try {
      await bash('up')
      const [ours, theirs] = await Promise.all([
        seen((node) => asker(lab, node)),
        seen(
          (node) =>
            (...argv) =>
              bash('on', node, ...argv),
        ),
      ])
      expect(theirs).toEqual(ours)
      expect(theirs.bgp.every((routes) => routes.length > 0)).toBe(true)
      expect(theirs.own).toContain("it's $me")
      await bash('traffic')
      await bash('flush')
      const tables = await bash('tables')
      // The kernel at the point, and the collector: three echo requests and their answers.
      expect(tables).toMatch(/echo-request .*packets 3 /)
      expect(tables.slice(tables.indexOf('== main: all'))).toMatch(/10\.0\.0\.\d+ +10\.0\.0\.\d+ +icmp +3 /)
    } finally {
      await Promise.all([bash('down'), lab.destroy()])
    }
    await gone(env.LAB_DIRECTORY)
    expect(hostInterfaces()).toEqual(before)
    expect(readFileSync(join(env.LAB_DIRECTORY, 'x', 'bird.log'), 'utf8')).toContain('Started')
    expect(existsSync(join(env.LAB_DIRECTORY, 'pid'))).toBe(false)
  })

  test('frr01 of containerlab, imported: its PCs reach each other', () => reachEachOther(sandbox, place))

  test('what is exported for containerlab and imported again is the same network', async () => {
    const file = join(place, 'there.yaml')
    writeFileSync(file, labText)
    const there = join(place, 'there')
    expect((await flowlab(['export', 'containerlab', file, '-o', there])).code).toBe(0)
    const back = join(place, 'back.yaml')
    const imported = await flowlab(['import', join(there, 'by-hand.clab.yml'), '-o', back])
    expect(imported.code, imported.stderr).toBe(0)
    const plan = compile((await load(back)).topology)
    const directory = await createRunDirectory(plan.lab, join(place, 'back-run'))
    const { lab } = await deploy(sandbox, plan, directory, (_, act) => act())
    try {
      await until('h1 reaches h2', () =>
        asker(lab, 'h1')('ping', '-c', '1', '-W', '1', '10.0.0.10').then(
          () => undefined,
          (error: Error) => error.message,
        ),
      )
      expect(await asker(lab, 'r2')('sh', '-c', 'echo $WHO; ip -o -4 address')).toMatch(
        /^it's \$me\n[^]*192\.0\.2\.0\/31/,
      )
    } finally {
      await lab.destroy()
    }
  })
})
