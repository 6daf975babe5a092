// The machine as it is, and as it is where something is missing: programs are hidden for real, under a mount of their own.

import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bitsPerSecond, milliseconds } from '../kernel/units.ts'
import type { Plan } from '../plan/plan.ts'
import { commandOf, type Check, refusal, remediesOf } from './check.ts'
import { examine, lacking } from './examine.ts'
import { featuresFor, parseTrials } from './kernel.ts'
import { reasonOf, type Scene } from './namespaces.ts'
import { bundles, locate, versionIn } from './programs.ts'
import { freeRange, parseRanges } from './subids.ts'

const plan = (overrides: Partial<Plan> = {}): Plan => ({
  lab: 'test',
  seed: 1,
  ...{ nodes: [], links: [], sessions: [], reachable: [], points: [] },
  ...{ probes: [], collectors: [], traffic: [], events: [] },
  ...overrides,
})

const node = (kind: Plan['nodes'][number]['kind']): Plan['nodes'][number] => ({
  ...{
    name: 'n',
    kind,
    interfaces: [],
    loopback: [],
    binds: [],
    env: {},
    routes: [],
    sysctls: {},
    directories: {},
  },
  ...{ files: {}, processes: [] },
})

describe('programs', () => {
  it('are found where the administrator keeps them too', async () => {
    expect(await locate('sh')).toMatch(/bin\/sh$/)
    expect(await locate('/bin/sh')).toBe('/bin/sh')
    expect(await locate('no-such-program')).toBeUndefined()
    expect(await locate('/etc/passwd')).toBeUndefined()
  })

  it.each([
    ['zebra version 8.4.4\nCopyright 1996-2005', '8.4.4'],
    ['nftables v1.0.6 (Lester Gooch #5)', '1.0.6'],
    ['ip utility, iproute2-6.1.0, libbpf 1.1.2', '6.1.0'],
    ['Promiscuous Mode Accounting Daemon, pmacctd 1.7.7-git [RELEASE]', '1.7.7'],
    ['ping from iputils 20221126', '20221126'],
    ['This is softflowd version 1.1.0. Valid commandline options:', '1.1.0'],
    ['usage: newuidmap <pid>', undefined],
  ])('%j has the version %j', (text, version) => expect(versionIn(text)).toBe(version))

  it('of parts are asked for only where the plan uses them', () => {
    const names = (of: Plan) => bundles(of).map(({ what }) => what)
    expect(names(plan())).toContain('tcpdump')
    expect(names(plan())).not.toContain('frr')
    expect(names(plan({ nodes: [node('frr')] }))).toContain('frr')
    expect(names(plan({ nodes: [node('frr')] }))).not.toContain('bird')
  })
})

describe('features of the kernel', () => {
  it('for loss are asked for only where a link has some', () => {
    const loss = 'nftables fwd and numgen'
    expect(featuresFor(plan()).map(({ what }) => what)).not.toContain(loss)
    expect(featuresFor(plan({ nodes: [node('wire')] })).map(({ what }) => what)).toContain(loss)
  })

  it('for delay are asked for only where a link or an event has some, and are then not optional', () => {
    const optional = featuresFor().flatMap((each) => (each.optional ? [each.what] : []))
    expect(optional).toEqual(['tbf', 'netem'])
    const slow = { ...node('wire'), impairment: { delay: milliseconds(20), rate: bitsPerSecond(1e6) } }
    const needed = featuresFor(plan({ nodes: [slow] })).filter(({ what }) => optional.includes(what))
    expect(needed.map(({ what, optional: isOptional }) => [what, isOptional])).toEqual([['netem', undefined]])
    const shaped = { do: 'impair', impairment: { rate: bitsPerSecond(1e6) } } as const
    const events = [{ action: shaped }] as unknown as Plan['events']
    expect(featuresFor(plan({ events })).map(({ what }) => what)).toContain('tbf')
  })

  it('of IPv6 are asked for only where a node has it', () => {
    expect(featuresFor(plan({ nodes: [node('host')] })).map(({ what }) => what)).not.toContain('IPv6')
    const dual = { ...node('host'), sysctls: { 'net.ipv6.conf.all.accept_dad': '0' } }
    expect(featuresFor(plan({ nodes: [dual] })).map(({ what }) => what)).toContain('IPv6')
  })

  it('are missing where the kernel refused, unknown where nobody asked it', () => {
    const said = 'ready\n0 0 \n1 1 Error: Could not process rule\n2 127 nft: command not found\n'
    const checks = parseTrials(featuresFor(), said)
    expect(checks.slice(0, 4).map(({ state }) => state)).toEqual(['ok', 'missing', 'unknown', 'unknown'])
    expect(checks[1]?.found).toBe('Error: Could not process rule')
  })
})

describe('subordinate ids', () => {
  it('are read as shadow reads them', () => {
    expect(parseRanges('alice:100000:65536\n# no\n1000:165536:65536\nbob:x:1\n\n')).toEqual([
      { owner: 'alice', first: 100_000, count: 65_536 },
      { owner: '1000', first: 165_536, count: 65_536 },
    ])
  })

  it('that are free lie beyond all that are given away', () => {
    expect(freeRange([])).toBe('100000-165535')
    expect(freeRange(parseRanges('a:100000:65536\nb:231072:65536'))).toBe('296608-362143')
  })
})

describe('a machine without namespaces', () => {
  const scene = (overrides: Partial<Scene> & { set?: Record<string, string> } = {}): Scene => ({
    error: 'unshare: unshare failed: Operation not permitted',
    isRoot: false,
    sysctl: (name) => overrides.set?.[name],
    chroot: false,
    container: false,
    ...overrides,
  })
  const apparmor = { 'kernel.apparmor_restrict_unprivileged_userns': '1' }

  it.each([
    [
      'a limit of 0',
      scene({ set: { 'user.max_user_namespaces': '0' } }),
      /sysctl -w user\.max_user_namespaces=/,
    ],
    ['AppArmor', scene({ set: apparmor, chroot: true }), /apparmor_restrict_unprivileged_userns=0/],
    ['AppArmor, which root does not mind', scene({ set: apparmor, isRoot: true }), /CAP_SYS_ADMIN/],
    ['an old unshare', scene({ error: "unshare: unrecognized option '--map-auto'" }), /util-linux 2\.38/],
    ['a limit reached', scene({ error: 'unshare failed: No space left on device' }), /max_\*_namespaces/],
    ['a chroot', scene({ chroot: true }), /outside of the chroot/],
    ['a container', scene({ container: true }), /--privileged/],
    ['nobody knows', scene(), /CONFIG_USER_NS/],
  ])('because of %s is told what helps', (_, given, remedy) => expect(reasonOf(given).remedy).toMatch(remedy))
})

describe('what is missing', () => {
  const check = (what: string, remedy: Check['remedy']): Check => ({
    ...{ what, state: 'missing', found: `no ${what}`, why: 'a test', remedy },
  })
  const lacks = [
    check('frr', { package: 'frr' }),
    check('pmacctd', { package: 'pmacct' }),
    check('nfacctd', { package: 'pmacct' }),
    check('ids', { command: 'usermod x' }),
    check('kernel', { advice: 'another kernel' }),
  ]

  it('is brought by one command', () => {
    expect(commandOf(remediesOf(lacks))).toMatch(
      /^(sudo )?apt-get install --no-install-recommends frr pmacct && usermod x$/,
    )
    expect(commandOf(remediesOf(lacks.map((each) => ({ ...each, state: 'ok' as const }))))).toBe('')
  })

  it('is refused as one error that names all', () => {
    const { message, remedy } = refusal(lacks)
    expect(message.split('\n')).toHaveLength(6)
    expect(remedy).toMatch(/usermod x\nanother kernel$/)
  })
})

const root = join(import.meta.dirname, '../..')
const ethtool = await locate('ethtool')
const canHide = spawnSync('unshare', ['--map-root-user', '--mount', 'true']).status === 0

describe.skipIf(!canHide || !ethtool)(
  'with ethtool hidden (needs ethtool, and namespaces to hide it in)',
  () => {
    it('the machine lacks it, and nothing else that it had', async () => {
      const had = (await lacking(plan())).map(({ what }) => what)
      const ask = `import { lacking } from './src/machine/examine.ts'
      console.log(JSON.stringify(await lacking(${JSON.stringify(plan())})))`
      const script =
        'mount --bind /dev/null "$1" && exec node_modules/.bin/tsx --input-type=module --eval "$2"'
      const argv = ['--map-root-user', '--mount', 'sh', '-c', script, 'sh', ethtool ?? '', ask]
      const lacks = JSON.parse(execFileSync('unshare', argv, { cwd: root, encoding: 'utf8' })) as Check[]
      expect(lacks.filter(({ what }) => !had.includes(what))).toMatchObject([
        { what: 'ethtool', found: 'no ethtool', remedy: { package: 'ethtool' } },
      ])
    })
  },
)

it('is examined in well under half a second', async () => {
  const began = performance.now()
  const checks = await examine()
  expect(performance.now() - began).toBeLessThan(1_500) // Tests run side by side.
  expect(checks.map(({ what }) => what)).toEqual(expect.arrayContaining(['namespaces', 'veth', 'nftables']))
})
