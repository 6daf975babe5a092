// Which way routes go, by the tables of real routers: every claim of a lab file about routing is asked of the daemon that must obey
// it, of FRR in one run and of BIRD in the other (test/labs/ways.yaml), and of the kernel that forwards. Beside it, full tables.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sandbox } from '../../src/backend/sandbox/sandbox.ts'
import { lacking } from '../../src/machine/examine.ts'
import { routers } from '../../src/part/router/routers.ts'
import { compile } from '../../src/plan/compile.ts'
import { asker } from '../../src/run/ask.ts'
import { deploy, type Run } from '../../src/run/conduct.ts'
import { createRunDirectory } from '../../src/run/directory.ts'
import { until } from '../../src/run/wait.ts'
import { noSettings } from '../../src/topology/compose.ts'
import { readFeed } from '../../src/topology/feed.ts'
import { load } from '../../src/topology/load.ts'
import { labFile, reasonToSkip } from '../support/lab.ts'
import { temporary } from '../support/labs.ts'

const place = temporary('routing')
const reason = await reasonToSkip('ways')
const skipped = reason && ` (skipped: ${reason})`

async function up(name: string, file: string, set: Readonly<Record<string, string>> = {}): Promise<Run> {
  const plan = compile((await load(file, { ...noSettings, set })).topology)
  expect(await lacking(plan)).toEqual([])
  const directory = await createRunDirectory(plan.lab, join(place, name))
  await Promise.all([directory.write('plan', plan), directory.write('timing', [])])
  return deploy(sandbox, plan, directory, (_, act) => act())
}

/** A route of BGP in a router's own words, put into common ones. */
interface Told {
  readonly best: boolean
  readonly path: string
  readonly preference?: number
  readonly med?: number
  readonly communities: readonly string[]
  readonly originator?: string
  readonly clusters?: string
}

interface FrrPath {
  readonly aspath: { readonly string: string }
  readonly bestpath?: { readonly overall?: boolean }
  readonly locPrf?: number
  readonly metric?: number
  readonly community?: { readonly string: string }
  readonly largeCommunity?: { readonly string: string }
  readonly originatorId?: string
  readonly clusterList?: { readonly list: readonly string[] }
}

/** Without what is undefined, so that it can be compared with what is expected. */
const told = (route: { readonly [K in keyof Told]: Told[K] | undefined }): Told =>
  JSON.parse(JSON.stringify(route)) as Told

const fromFrr = (text: string): Told[] =>
  ((JSON.parse(text) as { paths?: readonly FrrPath[] }).paths ?? []).map((path) =>
    told({
      best: path.bestpath?.overall === true,
      path: path.aspath.string,
      preference: path.locPrf,
      med: path.metric,
      communities: [path.community, path.largeCommunity].flatMap((each) => each?.string.split(' ') ?? []),
      originator: path.originatorId,
      clusters: path.clusterList?.list.join(' '),
    }),
  )

const fromBird = (text: string): Told[] =>
  text
    .split(/\n(?=\S* +unicast )/)
    .slice(1)
    .filter((block) => block.includes('Type: BGP'))
    .map((block) => {
      const said = (word: string): string | undefined =>
        new RegExp(String.raw`BGP\.${word}: ?(.*)`).exec(block)?.[1]?.trim()
      const number = (word: string) => (said(word) === undefined ? undefined : Number(said(word)))
      return told({
        best: /^\S* +unicast \[[^\]]*\] \*/.test(block),
        path: said('as_path') ?? '',
        preference: number('local_pref'),
        med: number('med'),
        communities: [said('community'), said('large_community')].flatMap(
          (each) => each?.match(/[^()]+(?=\))/g)?.map((one) => one.replaceAll(/, ?/g, ':')) ?? [],
        ),
        originator: said('originator_id'),
        clusters: said('cluster_list'),
      })
    })

/** The claims, of one lab. */
function asking(run: () => Run) {
  const ask = (node: string, ...argv: string[]) => asker(run().lab, node)(...argv)
  const nodeOf = (name: string) => {
    const node = run().plan.nodes.find((each) => each.name === name)
    if (node?.kind !== 'frr' && node?.kind !== 'bird') throw new Error(`${name} is no router`)
    return { ...node, kind: node.kind }
  }
  const kindOf = (name: string) => nodeOf(name).kind
  const loopback = (name: string): string => nodeOf(name).loopback[0]?.replace(/\/.*/, '') ?? ''
  const json = async <T>(node: string, command: string): Promise<T> =>
    JSON.parse(await ask(node, 'vtysh', '-c', command)) as T
  const bgp = async (node: string, prefix: string): Promise<Told[]> =>
    kindOf(node) === 'frr'
      ? fromFrr(await ask(node, 'vtysh', '-c', `show bgp ipv4 unicast ${prefix} json`))
      : fromBird(await ask(node, 'birdc', `show route for ${prefix} all`).catch(() => ''))
  /** Waits until a router's routes are so: they may still be on their way. */
  const says = (node: string, prefix: string, isSo: (routes: readonly Told[]) => boolean) =>
    until(`${node} (${kindOf(node)}): ${prefix}`, async () => {
      const routes = await bgp(node, prefix)
      return isSo(routes) ? undefined : JSON.stringify(routes, undefined, 1)
    })
  /** Interfaces by which the kernel sends to a prefix. */
  const ways = async (node: string, prefix: string): Promise<string[]> => {
    type Hop = { readonly dev: string }
    const shown = await ask(node, 'ip', '-j', 'route', 'show', prefix)
    const [route] = JSON.parse(shown) as (Hop & { readonly nexthops?: readonly Hop[] })[]
    return route ? (route.nexthops ?? [route]).map(({ dev }) => dev).toSorted() : []
  }
  const goes = (node: string, prefix: string, ...by: string[]) =>
    until(`${node} (${kindOf(node)}): the way to ${prefix}`, async () => {
      const found = await ways(node, prefix)
      return found.join(' ') === by.join(' ') ? undefined : `by ${found.join(' and ') || 'none'}`
    })
  return { ask, kindOf, loopback, json, says, goes }
}

const hw = '198.51.100.0/28'
const hp = '198.51.100.16/28'
const hq = '198.51.100.32/28'
const hz = '198.51.100.48/28'
const hi = '198.51.100.64/28'
const own = '4200000100'

describe.skipIf(reason !== '')(`ways${skipped}`, () => {
  const labs: Partial<Record<string, Run>> = {}
  const variants = [
    ['FRR', 'BIRD'],
    ['BIRD', 'FRR'],
  ] as const

  beforeAll(async () => {
    const built = await Promise.allSettled(
      variants.map(async ([inner, outer]) => {
        const set = { inner: inner.toLowerCase(), outer: outer.toLowerCase() }
        labs[inner] = await up(`ways-${set.inner}`, labFile('ways'), set)
      }),
    )
    for (const each of built) if (each.status === 'rejected') throw each.reason
  })
  afterAll(() => Promise.all(Object.values(labs).flatMap((run) => (run ? [run.lab.destroy()] : []))))

  describe.each(variants)('%s inside and at one border, %s at the other', (inner) => {
    const { ask, kindOf, loopback, json, says, goes } = asking(() => {
      const run = labs[inner]
      if (!run) throw new Error('the lab is not up')
      return run
    })

    test('local preference decides the exit, of every router, whatever the length of the path', async () => {
      await says('e1', hq, (routes) =>
        routes.some(
          (route) => route.best && route.preference === 200 && route.path === Array(4).fill(65020).join(' '),
        ),
      )
      // Its own, shorter one is there, and is not taken.
      await says('e2', hq, (routes) => {
        const [best, ...others] = routes.toSorted((a, b) => Number(b.best) - Number(a.best))
        return best?.preference === 200 && others.some(({ path }) => path === '65020')
      })
      await goes('e1', hq, 'to-q')
      await goes('e2', hq, 'to-c')
      await goes('c', hq, 'to-e1')
    })

    test('MED decides among the links of one neighbour AS', async () => {
      await says('e1', hp, (routes) => {
        const [best, ...others] = routes.toSorted((a, b) => Number(b.best) - Number(a.best))
        return best?.best === true && best.med === 10 && others.some(({ med }) => med === 20)
      })
      await says('e2', hp, (routes) => routes.some(({ best, med }) => best && med === 10))
      await goes('e1', hp, 'to-c')
      await goes('e2', hp, 'to-p')
      await goes('c', hp, 'to-e2')
    })

    test('prepending is in the path at the neighbour, and decides its way back', async () => {
      await says('p', hw, (routes) =>
        [own, `${own} ${own} ${own}`].every((path) =>
          routes.some((route) => route.path === path && route.best === (path === own)),
        ),
      )
      await goes('p', hw, 'to-e1')
      await says('q', hw, (routes) =>
        [`${own} ${own}`, own].every((path) =>
          routes.some((route) => route.path === path && route.best === (path === own)),
        ),
      )
      await goes('q', hw, 'to-e2')
    })

    test('communities of both kinds are at the neighbour that they are for, and at no other', async () => {
      await says('p', hw, (routes) =>
        [
          [own, '65010:77', `${own}:5:6`],
          [`${own} ${own} ${own}`, '65010:78', `${own}:5:7`],
        ].every(([path, ...communities]) =>
          routes.some(
            (route) => route.path === path && route.communities.join(' ') === communities.join(' '),
          ),
        ),
      )
      await says(
        'q',
        hw,
        (routes) => routes.length === 2 && routes.every(({ communities }) => communities.length === 0),
      )
    })

    test('a route reflector’s clients have sessions with it alone, and each other’s routes from it', async () => {
      for (const client of ['e1', 'e2', 'w']) {
        const sessions = await routers[kindOf(client)].sessions((...argv) => ask(client, ...argv))
        const inside = sessions.filter(({ as }) => as === Number(own))
        expect(inside, client).toMatchObject([{ peer: loopback('c'), established: true }])
      }
      const reflected = (client: string, prefix: string, origin: string) =>
        says(client, prefix, (routes) =>
          routes.some(
            ({ best, originator, clusters }) =>
              best && originator === loopback(origin) && clusters === loopback('c'),
          ),
        )
      await reflected('e1', hz, 'w')
      await reflected('e2', hz, 'w')
      await reflected('e2', hq, 'e1')
      await reflected('w', hq, 'e1')
      await reflected('w', hp, 'e2')
    })

    test('AS numbers of four octets stand in paths', async () => {
      await says('z', hp, (routes) => routes.some(({ best, path }) => best && path === `${own} 65010`))
      await says('p', hi, (routes) =>
        routes.some(({ best, path }) => best && path === `${own} 65030 4200000040`),
      )
    })

    test('OSPF: neighbours are full, and loopbacks are routes, in FRR and BIRD', async () => {
      const neighbours = { c: ['e1', 'e2', 'w', 'w'], e1: ['c'], e2: ['c'], w: ['c', 'c'] }
      for (const [node, expected] of Object.entries(neighbours)) {
        const wanted = expected.map(loopback).toSorted()
        const found =
          kindOf(node) === 'frr'
            ? Object.entries(
                (
                  await json<{ neighbors: Record<string, readonly { converged: string }[]> }>(
                    node,
                    'show ip ospf neighbor json',
                  )
                ).neighbors,
              ).flatMap(([id, ends]) => ends.filter(({ converged }) => converged === 'Full').map(() => id))
            : [...(await ask(node, 'birdc', 'show ospf neighbors')).matchAll(/^(\S+)\s+\d+\s+Full/gm)].map(
                ([, id = '']) => id,
              )
        expect(found.toSorted(), `${node} (${kindOf(node)})`).toEqual(wanted)
        const others = ['c', 'e1', 'e2', 'w']
          .filter((each) => each !== node)
          .map((each) => `${loopback(each)}/32`)
        const routes =
          kindOf(node) === 'frr'
            ? Object.entries(
                await json<Record<string, readonly { installed?: boolean }[]>>(
                  node,
                  'show ip route ospf json',
                ),
              ).flatMap(([prefix, [route]]) => (route?.installed ? [prefix] : []))
            : [...(await ask(node, 'birdc', 'show route protocol interior')).matchAll(/^(\S+\/\d+) /gm)].map(
                ([, prefix = '']) => prefix,
              )
        expect(routes, `${node} (${kindOf(node)})`).toEqual(expect.arrayContaining(others))
      }
    })

    test('IS-IS: neighbours are up on both links, and loopbacks are routes by both', async () => {
      for (const [node, other, ...links] of [
        ['i1', 'i2', 'to-i2', 'to-i2b'],
        ['i2', 'i1', 'to-i1', 'to-i1b'],
      ] as const) {
        type Circuit = { readonly adj?: string; readonly interface?: string; readonly state?: string }
        const { areas } = await json<{ areas: readonly { circuits: readonly Circuit[] }[] }>(
          node,
          'show isis neighbor json',
        )
        const adjacent = areas.flatMap(({ circuits }) => circuits.filter(({ adj }) => adj !== undefined))
        expect(adjacent.map((each) => `${each.adj} ${each.interface} ${each.state}`).toSorted()).toEqual(
          links.map((link) => `${other} ${link} Up`),
        )
        const routes = await json<Record<string, readonly { installed?: boolean }[]>>(
          node,
          'show ip route isis json',
        )
        expect(routes[`${loopback(other)}/32`]?.[0]?.installed).toBe(true)
        await goes(node, loopback(other), ...links)
      }
    })

    test('ECMP: BGP’s and OSPF’s equal paths are both in the kernel’s table', async () => {
      for (const prefix of [hw, hp, hq]) await goes('z', prefix, 'to-w', 'to-w2')
      for (const prefix of [hz, hi]) await goes('w', prefix, 'to-z', 'to-z2')
      for (const prefix of [hw, hz, loopback('w')]) await goes('c', prefix, 'to-w', 'to-w2')
      for (const prefix of [hp, hq, loopback('c')]) await goes('w', prefix, 'to-c', 'to-c2')
    })

    test('ECMP: what one host sends another goes by both, flow by flow', async () => {
      const ports = [40_000, 40_063] as const
      const sent = async (node: string, link: string): Promise<number> => {
        type Counted = { readonly stats64: { readonly tx: { readonly packets: number } } }
        const [counted] = JSON.parse(await ask(node, 'ip', '-j', '-s', 'link', 'show', link)) as Counted[]
        return counted?.stats64.tx.packets ?? Number.NaN
      }
      const links = ['c:to-w', 'c:to-w2', 'w:to-z', 'w:to-z2'].map(
        (each) => each.split(':') as [string, string],
      )
      const counts = () => Promise.all(links.map(([node, link]) => sent(node, link)))
      const before = await counts()
      await ask(
        'hq',
        'bash',
        '-c',
        `for p in {${ports.join('..')}}; do echo >/dev/udp/198.51.100.49/$p || :; done`,
      )
      await until('64 packets by two links each', async () => {
        const grown = (await counts()).map((count, index) => count - (before[index] ?? 0))
        return grown.every((each) => each >= 12) ? undefined : grown.join(', ')
      })
    })
  })
})

describe.skipIf(reason !== '')(`a table of 100,000 routes${skipped}`, () => {
  const count = 100_000
  const routes = Array.from(
    { length: count },
    (_, i) =>
      `${20 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}.0/24 ${64_496 + (i % 15)} ${4_200_001_000 + (i % 5000)}`,
  )
  const last = '21.134.159.0/24'
  const runs: Run[] = []
  const lab = (name: string, feed: string, ases: readonly [number, number, number]): string => {
    const file = join(place, `${name}.yaml`)
    writeFileSync(
      file,
      `name: ${name}
nodes:
  s: { kind: bird, as: ${ases[0]}, feed: ${feed} }
  f: { kind: frr, as: ${ases[1]} }
  b: { kind: bird, as: ${ases[2]} }
  h: { kind: host, as: ${ases[2]} }
links:
  - { endpoints: [s, f] }
  - { endpoints: [f, b] }
  - { endpoints: [b, h] }
`,
    )
    return file
  }
  /** How many routes the daemons and kernels of a lab have, by what each says itself. */
  const counted = async (run: Run) => {
    const { ask, json } = asking(() => run)
    const [frr, bird, ...kernels] = await Promise.all([
      json<{ ipv4Unicast: readonly { totalPrefixes: number }[] }>(
        'f',
        'show bgp ipv4 unicast statistics json',
      ),
      ask('b', 'birdc', 'show route where proto ~ "neighbor*" count'),
      ...['f', 'b'].map((node) => ask(node, 'sh', '-c', 'ip route show | grep -cE "^2[01]\\."')),
    ])
    return {
      frr: frr.ipv4Unicast[0]?.totalPrefixes,
      bird: Number(/(\d+) of \d+ routes for \d+ networks in table master4/.exec(bird)?.[1]),
      kernels: kernels.map(Number),
    }
  }
  const isWhole = async (run: Run, path: string) => {
    // FRR has the host's prefix besides.
    expect(await counted(run)).toEqual({ frr: count + 1, bird: count, kernels: [count, count] })
    await asking(() => run).says('b', last, (found) =>
      found.some((route) => route.best && route.path === path),
    )
  }

  afterAll(() => Promise.all(runs.map(({ lab: each }) => each.destroy())))

  test('from a list, then from the MRT that BIRD writes of it: all in FRR, BIRD and their kernels', async () => {
    writeFileSync(join(place, 'routes.txt'), `${routes.join('\n')}\n`)
    const first = await up('list', lab('list', 'routes.txt', [65_001, 65_002, 4_200_000_003]))
    runs.push(first)
    const behind = routes.at(-1)?.split(' ').slice(1).join(' ')
    await isWhole(first, `65002 65001 ${behind}`)

    const ask = asker(first.lab, 'b')
    await ask('birdc', 'mrt dump table "master4" to "/tmp/table.mrt"')
    let dump = Buffer.alloc(0)
    await until('dump', async () => {
      dump = Buffer.from(await ask('sh', '-c', 'gzip -1c /tmp/table.mrt | base64'), 'base64')
      try {
        const read = readFeed(dump).length
        return read === count ? undefined : `${read} routes`
      } catch (error) {
        return (error as Error).message
      }
    })
    await first.lab.destroy()
    writeFileSync(join(place, 'table.mrt.gz'), dump)
    const second = await up('mrt', lab('mrt', 'table.mrt.gz', [65_011, 65_012, 4_200_000_013]))
    runs.push(second)
    await isWhole(second, `65012 65011 65002 65001 ${behind}`)
  })
})
