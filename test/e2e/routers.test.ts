// What a lab file says of BGP, by real routers: FRR and BIRD stand in the same place with the same policies, and what their
// neighbours learn of each must be the same but for the AS number.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sandbox } from '../../src/backend/sandbox/sandbox.ts'
import { compile } from '../../src/plan/compile.ts'
import { asker } from '../../src/run/ask.ts'
import { deploy, type Run } from '../../src/run/conduct.ts'
import { createRunDirectory } from '../../src/run/directory.ts'
import { sessionsUp } from '../../src/run/readiness.ts'
import { until } from '../../src/run/wait.ts'
import { routers } from '../../src/part/router/routers.ts'
import { readFeed } from '../../src/topology/feed.ts'
import { load } from '../../src/topology/load.ts'
import { labFile, reasonToSkip } from '../support/lab.ts'

const name = 'policies'
const reason = await reasonToSkip(name)

describe.skipIf(reason !== '')(`policies, by FRR and by BIRD${reason && ` (skipped: ${reason})`}`, () => {
  let run: Run
  let base = ''

  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), 'flowlab-policies-'))
    const plan = compile((await load(labFile(name))).topology)
    const directory = await createRunDirectory(plan.lab, join(base, 'run'))
    await Promise.all([directory.write('plan', plan), directory.write('timing', [])])
    run = await deploy(sandbox, plan, directory, (_, act) => act())
    await sessionsUp(run.lab, plan, { reset() {} })
  })

  afterAll(async () => {
    await run?.lab.destroy()
    await rm(base, { recursive: true, force: true })
  })

  /** Waits until what a router says is so: routes may still be on their way. */
  const says = (node: string, argv: readonly string[], isSo: (text: string) => boolean) =>
    until(`${node}: ${argv.at(-1)}`, async () => {
      const text = await asker(run.lab, node)(...argv)
      return isSo(text) ? undefined : text
    })
  const bird = (node: string, prefix: string, isSo: (text: string) => boolean) =>
    says(node, ['birdc', `show route for ${prefix} all`], isSo)
  const frr = (node: string, prefix: string, isSo: (text: string) => boolean) =>
    says(node, ['vtysh', '-c', `show bgp ipv4 unicast ${prefix}`], isSo)

  const own = { f: '198.51.100.0/28', b: '198.51.100.16/28' }
  const as = { f: 4_200_000_001, b: 4_200_000_002 }

  for (const router of ['f', 'b'] as const) {
    const kind = { f: 'FRR', b: 'BIRD' }[router]

    test(`${kind} tells its provider MED and communities of both kinds`, () =>
      bird(
        'provider',
        own[router],
        (text) =>
          text.includes(`BGP.as_path: ${as[router]}\n`) &&
          text.includes('BGP.med: 7\n') &&
          text.includes('BGP.community: (65010,1)\n') &&
          text.includes(`(${as[router]}, 2, 3)`),
      ))

    test(`${kind} prepends to its peer twice`, () =>
      frr('peer', own[router], (text) => text.includes(`\n  ${[0, 0, 0].fill(as[router]).join(' ')}\n`)))

    test(`${kind} prefers customers to peers and these to providers`, async () => {
      const wanted = { '198.51.100.64/28': 200, '198.51.100.48/28': 150, '198.51.100.32/28': 100 }
      for (const [prefix, value] of Object.entries(wanted))
        await (router === 'b'
          ? bird('b', prefix, (text) => text.includes(`BGP.local_pref: ${value}\n`))
          : frr('f', prefix, (text) => text.includes(`localpref ${value},`)))
    })

    test(`${kind} tells a customer everything, with the communities that say whence it came`, () =>
      bird('customer', '198.51.100.48/28', (text) => text.includes(`(${as[router]}, 3, 3)`)))
  }

  test('no provider learns of a peer, and no peer of a provider', async () => {
    // What a customer has been told could have been told to anybody.
    await bird('customer', '198.51.100.32/28', (text) => text.includes('65010'))
    await expect(asker(run.lab, 'provider')('birdc', 'show route for 198.51.100.48/28')).rejects.toThrow(
      'Network not found',
    )
    await frr('peer', '198.51.100.32/28', (text) => text.includes('not in table'))
  })

  test('a feeder’s routes arrive with their paths, but where a router finds its own number', async () => {
    await frr('f', '203.0.113.232/29', (text) => text.includes('65010 64500 4200000129'))
    await bird('customer', '203.0.113.232/29', (text) => text.includes('64500 4200000129'))
    await bird('b', '192.0.2.128/26', (text) => text.includes('BGP.as_path: 65010 65030\n'))
    await expect(asker(run.lab, 'customer')('birdc', 'show route for 192.0.2.128/26')).rejects.toThrow(
      'Network not found',
    )
  })

  test('MRT as BIRD writes it is read as what birdc says', async () => {
    const ask = asker(run.lab, 'provider')
    await ask('birdc', 'mrt dump table "master4" to "/tmp/table.mrt"')
    const hex = async () => (await ask('od', '-An', '-v', '-tx1', '/tmp/table.mrt')).replaceAll(/\s/g, '')
    const { routes } = await routers.bird.routes(ask, 'provider')
    // Of its own routes without a path MRT has no path either.
    const said = routes
      .flatMap(({ prefix, path }) => (path.length > 0 ? [prefix, ...path].join(' ') : []))
      .toSorted()
    await until('dump', async () => {
      const read = readFeed(Buffer.from(await hex(), 'hex'))
      return read.toSorted().join('\n') === said.join('\n')
        ? undefined
        : `${read.length} of ${said.length} routes`
    })
    expect(said.length).toBeGreaterThan(31)
  })

  test('a route reflector’s clients have each other’s routes, and the preferred way out', async () => {
    await frr('i3', own.f, (text) => /Originator: 10\.255\.0\.\d+, Cluster list/.test(text))
    await frr(
      'i1',
      '198.51.100.64/28',
      (text) => text.includes(`${as.f} 65030`) && text.includes('localpref 300'),
    )
  })

  test('no-export reaches the neighbour', () => frr('i3', own.b, (text) => text.includes('no-export')))

  test('without an IGP, iBGP brings what is behind the neighbour', async () => {
    await frr(
      'n1',
      '198.51.100.80/28',
      (text) => text.includes('internal, best') || text.includes('internal, valid'),
    )
    await bird('customer', '198.51.100.80/28', (text) => text.includes('BGP.as_path: 65000\n'))
    await says('n2', ['ip', 'route', 'get', '198.51.100.65'], (text) => text.includes('via'))
  })
})
