// What flowlab's image holds: all packages of Debian that any lab can need, from the parts' own registries, and how the image is
// named after them.

import { bundles } from '../machine/programs.ts'
import type { Plan } from '../plan/plan.ts'

/** Each once, in the order of the alphabet; but for what only the sandbox of an ordinary user needs. */
const packagesOf = (all: ReturnType<typeof bundles>): string[] =>
  [...new Set(all.map((bundle) => bundle.package))].filter((name) => name !== 'uidmap').toSorted()

/** Debian packages of all parts. */
export const packages: readonly string[] = packagesOf(bundles().filter(({ optional }) => !optional))

/** With those that only labs of their own need: database servers, half a gigabyte. */
export const allPackages: readonly string[] = packagesOf(bundles())

/** What this plan's nodes need. */
export const neededBy = (plan: Plan): readonly string[] => packagesOf(bundles(plan))

/** Those that the image is named after: what labs are made of, not what every Debian has. */
const named = ['frr', 'bird2', 'pmacct', 'nfdump', 'softflowd', 'd-itg']

/** The image's label that holds the versions. */
export const versionsLabel = 'flowlab.packages'

/** Package → version, as Debian counts them. */
export type Versions = Readonly<Record<string, string>>

/** `frr=8.4.4-1.1~deb12u2 …`: a label's value. */
export const formatVersions = (versions: Versions): string =>
  allPackages.flatMap((name) => (versions[name] === undefined ? [] : [`${name}=${versions[name]}`])).join(' ')

export const parseVersions = (text: string): Versions =>
  Object.fromEntries(text.split(' ').map((each) => each.split('=') as [string, string]))

/** The upstream part of a version: without epoch, Debian's revision and repacking. */
const upstream = (version: string): string => version.replace(/^\d+:/, '').replace(/[-+~].*$/, '')

/** `flowlab/parts:frr8.4.4-bird2.0.12-…`: letters that tags may have. */
export const tagOf = (versions: Versions): string =>
  `flowlab/parts:${named
    .filter((name) => versions[name] !== undefined)
    .map((name) => `${name.replace(/\d+$/, '').replaceAll('-', '')}${upstream(versions[name] ?? '')}`)
    .join('-')}`

/** Candidates in the words of `apt-cache policy`. */
export function parsePolicy(text: string): Versions {
  const found = text.matchAll(/^(\S+):\n(?: {2}.*\n)*? {2}Candidate: (\S+)/gm)
  return Object.fromEntries(
    [...found].flatMap(([, name = '', version]) => (version === '(none)' ? [] : [[name, version ?? '']])),
  )
}

/** Versions of what is installed, in the words of dpkg's status file (deb822(5)). */
export function parseStatus(text: string): Versions {
  const field = (paragraph: string, name: string): string | undefined =>
    new RegExp(`^${name}: (.*)$`, 'm').exec(paragraph)?.[1]
  return Object.fromEntries(
    text.split('\n\n').flatMap((paragraph) => {
      const name = field(paragraph, 'Package')
      const version = field(paragraph, 'Version')
      return name !== undefined && version !== undefined ? [[name, version]] : []
    }),
  )
}

/** For those who have a registry, or another builder: the same packages, on the registry's Debian. */
export const dockerfile = (): string =>
  [
    '# flowlab parts: routers, probes, collectors, generators and their tools. `flowlab image build` needs no registry.',
    'FROM debian:bookworm-slim',
    'RUN apt-get update \\',
    ' && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \\',
    `    ${packages.join(' ')} \\`,
    ' && rm -rf /var/lib/apt/lists/*',
    '',
  ].join('\n')
