// The programs that labs are made of: the base, which every lab needs, and those of the parts, from their registries. Each is
// looked for where a lab will look for it, and asked for its version.

import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { path } from '../backend/common/shell.ts'
import { isRoot } from '../backend/sandbox/namespace.ts'
import { collectors } from '../part/collector/collectors.ts'
import { probes } from '../part/probe/probes.ts'
import { routers } from '../part/router/routers.ts'
import { generators, matrixGenerator } from '../part/traffic/generators.ts'
import type { CollectorPart, Programs } from '../part.ts'
import type { Plan } from '../plan/plan.ts'
import type { Check } from './check.ts'

/** Programs of one Debian package that are needed for one purpose. */
interface Bundle {
  readonly what: string
  readonly package: string
  readonly programs: readonly string[]
  /** The option with which the first program prints its version; absent where it has none. */
  readonly version?: string
  readonly why: string
  /** Labs do without, unless they ask for it. */
  readonly optional?: boolean
}

const base: readonly Bundle[] = [
  {
    what: 'util-linux',
    package: 'util-linux',
    programs: ['unshare', 'nsenter', 'setsid'],
    version: '--version',
    why: 'the namespaces that a lab lives in',
  },
  {
    what: 'mount',
    package: 'mount',
    programs: ['mount'],
    version: '--version',
    why: "nodes' own files and directories",
  },
  ...(isRoot
    ? []
    : [
        {
          what: 'uidmap',
          package: 'uidmap',
          programs: ['newuidmap', 'newgidmap'],
          why: "a lab's own users, for an ordinary user",
        },
      ]),
  {
    what: 'iproute2',
    package: 'iproute2',
    programs: ['ip', 'tc'],
    version: '-V',
    why: 'interfaces, addresses and routes',
  },
  {
    what: 'nftables',
    package: 'nftables',
    programs: ['nft'],
    version: '--version',
    why: "the kernel's own count of what crossed the wire",
  },
  {
    what: 'tcpdump',
    package: 'tcpdump',
    programs: ['tcpdump'],
    version: '--version',
    why: 'recordings of the exports; `flowlab capture`',
  },
  {
    what: 'ethtool',
    package: 'ethtool',
    programs: ['ethtool'],
    version: '--version',
    why: 'offloads are switched off: no wire carries packets of 64 KB',
  },
  {
    what: 'bash',
    package: 'bash',
    programs: ['bash'],
    version: '--version',
    why: 'builds nodes and starts processes',
  },
  {
    what: 'coreutils',
    package: 'coreutils',
    programs: ['env', 'sleep', 'stdbuf', 'tee', 'date'],
    version: '--version',
    why: "processes' environment and output",
  },
  {
    what: 'procps',
    package: 'procps',
    programs: ['kill'],
    version: '--version',
    why: 'signals to processes',
  },
  {
    what: 'perl',
    package: 'perl-base',
    programs: ['perl'],
    version: '--version',
    why: 'frames that make a capture hand over its last packets',
  },
  { what: 'hostname', package: 'hostname', programs: ['hostname'], why: 'nodes have names' },
]

/** Each registry, what its parts do, and which of them a plan uses. */
const registries = [
  {
    parts: routers,
    role: 'router',
    used: ({ nodes }: Plan): readonly string[] => nodes.map(({ kind }) => kind),
  },
  { parts: probes, role: 'probe', used: (plan: Plan): readonly string[] => plan.probes.map(kindOf) },
  {
    parts: collectors,
    role: 'collector',
    used: (plan: Plan): readonly string[] => plan.collectors.map(kindOf),
  },
  {
    parts: generators,
    role: 'traffic',
    used: ({ traffic }: Plan): readonly string[] => traffic.map(({ intent }) => intent.kind),
  },
  {
    parts: { matrix: matrixGenerator },
    role: 'traffic',
    used: ({ matrices }: Plan): readonly string[] => (matrices ? ['matrix'] : []),
  },
]

const kindOf = ({ kind }: { readonly kind: string }): string => kind

/** All that labs can use, or only what this plan uses. */
export const bundles = (plan?: Plan): readonly Bundle[] => [
  ...base,
  ...registries.flatMap(({ parts, role, used }) =>
    Object.entries(parts).flatMap(([name, part]) =>
      plan && !used(plan).includes(name)
        ? []
        : [part, ...('besides' in part ? part.besides : [])].map((each: Programs) => ({
            what: each === part ? name : each.package,
            package: each.package,
            programs: each.programs,
            version: each.version,
            why: `${role} of kind ${name}`,
            ...(part.optional && !plan ? { optional: true } : {}),
          })),
    ),
  ),
  ...servers(plan),
]

/** What collectors keep their tables in: those of this plan's, or all that there are, which only labs of their own need. */
function servers(plan: Plan | undefined): Bundle[] {
  if (plan)
    return plan.collectors.flatMap(({ kind, name, store }) => {
      const part: CollectorPart = collectors[kind]
      const server = store && part.servers?.[store]
      return server ? [{ what: store, ...server, why: `where ${name} keeps its tables` }] : []
    })
  const all = Object.values<CollectorPart>(collectors).flatMap((part) => Object.entries(part.servers ?? {}))
  return [...new Map(all)].map(([what, server]) => ({
    what,
    ...server,
    why: `collectors with store: ${what}`,
    optional: true,
  }))
}

export const checkPrograms = (needed: readonly Bundle[]): Promise<Check[]> => Promise.all(needed.map(check))

async function check({ what, package: name, programs, version, why, optional }: Bundle): Promise<Check> {
  const places = await Promise.all(programs.map(locate))
  const missing = programs.filter((_, index) => places[index] === undefined)
  const common = { what, why, remedy: { package: name }, ...(optional ? { optional } : {}) }
  const [first] = places
  if (missing.length > 0 || first === undefined)
    return { ...common, state: 'missing', found: `no ${missing.join(', no ')}` }
  const said = version === undefined ? '' : await output(first, version)
  return { ...common, state: 'ok', found: `${versionIn(said) ?? ''} ${first}`.trim() }
}

/** Where a lab would find the program; undefined where it would not. */
export async function locate(program: string): Promise<string | undefined> {
  const candidates = isAbsolute(program)
    ? [program]
    : path.split(':').map((directory) => join(directory, program))
  for (const candidate of candidates) if (await isExecutable(candidate)) return candidate
  return undefined
}

const isExecutable = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  )

/** The first word that begins with a digit, after its `v` if any: `nftables v1.0.6` → 1.0.6. */
export const versionIn = (text: string): string | undefined =>
  /(?:^|[\s-])v?(\d\w*(?:\.\w+)*)/.exec(text)?.[1]

/** Both streams: programs differ in where they print their version, and in the exit code that goes with it. */
const output = (program: string, option: string): Promise<string> =>
  new Promise((resolve) => {
    const child = execFile(program, [option], { timeout: 2_000, env: { PATH: path } }, (_, stdout, stderr) =>
      resolve(stdout + stderr),
    )
    child.stdin?.end()
  })
