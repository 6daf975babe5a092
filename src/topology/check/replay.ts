// A recording that is sent again: one direction from host to host, or several sides, each a host with the addresses that it stands for.
import { formatPrefix, overlap, type Prefix } from '../../kernel/address.ts'
import type { Family } from '../../kernel/address.ts'
import { nameOf } from '../families.ts'
import type { Path } from '../problem.ts'
import { listing } from '../suggest.ts'
import type { TrafficDraft } from './matrix.ts'
import type { Scene } from './scene.ts'
import { checkWay, familyOf, type IsHost, type Ways } from './way.ts'

export type ReplayDraft = Extract<TrafficDraft, { readonly kind?: 'replay' | undefined }>

interface Place {
  readonly ways: Ways
  readonly isHost: IsHost
}

/** What one direction takes, and what each is. */
const oneWay = {
  from: 'the host that sends',
  to: 'the host that receives',
  source: 'the prefix whose packets are sent',
  destination: 'the prefix to which they went',
} as const
const oneWayKeys = Object.keys(oneWay) as (keyof typeof oneWay)[]

export function checkReplay(scene: Scene, entry: ReplayDraft, path: Path, place: Place): void {
  if ('sides' in entry) checkSides(scene, entry, path, place)
  else checkOneWay(scene, entry, path, place)
}

function checkOneWay(scene: Scene, entry: ReplayDraft, path: Path, { ways, isHost }: Place): void {
  const { report } = scene
  for (const key of oneWayKeys)
    if (!(key in entry))
      report(
        [...path, key],
        `expected ${oneWay[key]}, found no ${key}`,
        `Write ${key}: …, or sides: { h1: 10.1.0.0/16, h2: any } for all directions.`,
        'key',
      )
  const { from, to, family: word } = entry
  const hostsKnown = [from, to].map(
    (name, index) => name === undefined || isHost(name, [...path, oneWayKeys[index] ?? '']),
  )
  if (!hostsKnown.every(Boolean) || from === undefined || to === undefined || !scene.wired) return
  const family = checkWay(scene, ways, { from, to, family: word }, path)
  if (family === undefined) return
  for (const key of ['source', 'destination'] as const) checkFamily(scene, entry[key], family, [...path, key])
}

/** Packets of one family are not rewritten to the other. */
function checkFamily({ report }: Scene, found: Prefix | undefined, family: Family, path: Path): void {
  if (found && found.address.family !== family)
    report(
      path,
      `expected a prefix of ${nameOf(family)}, which the hosts have, found ${formatPrefix(found)}`,
      `Write one of ${nameOf(family)}, or another family: packets keep theirs.`,
    )
}

interface Named {
  readonly host: string
  readonly prefix: Prefix
  readonly path: Path
}

function checkSides(scene: Scene, entry: ReplayDraft, path: Path, { ways, isHost }: Place): void {
  const { report } = scene
  const besides = [...oneWayKeys, 'rate' as const].filter((key) => key in entry)
  if (besides.length > 0)
    report(
      [...path, besides[0] ?? ''],
      `expected sides or ${besides[0]}, found both`,
      besides[0] === 'rate'
        ? 'Leave rate out: with sides packets keep the times of the recording.'
        : `Leave out ${listing(besides, 'and')}, or sides.`,
      'key',
    )
  if (!entry.sides) return
  const sides = Object.entries(entry.sides).map(([host, prefixes]) => ({
    host,
    prefixes: [prefixes].flat(),
    path: [...path, 'sides', host],
  }))
  if (sides.length < 2)
    report(
      [...path, 'sides'],
      `expected two sides at least, found ${sides.length === 0 ? 'none' : `${sides[0]?.host} alone`}`,
      'Write such as sides: { h1: 10.1.0.0/16, h2: any }.',
      'key',
    )
  const [, second] = sides.filter(({ prefixes }) => prefixes.includes('any'))
  if (second)
    report(
      second.path,
      'expected one side of any, found another',
      'Write the prefixes of one of them.',
      'key',
    )
  const named = sides.flatMap(({ host, prefixes, path: at }): Named[] =>
    prefixes.flatMap((prefix, index) =>
      prefix === undefined || prefix === 'any'
        ? []
        : [{ host, prefix, path: prefixes.length > 1 ? [...at, index] : at }],
    ),
  )
  checkOverlaps(scene, named)
  const areKnown = sides.map(({ host, path: at }) => isHost(host, at, 'key')).every(Boolean)
  if (!areKnown || !scene.wired || sides.length < 2) return
  const hosts = sides.map(({ host }) => host)
  const family = familyOf(scene, entry.family, hosts, path)
  if (family === undefined) return
  for (const { prefix, path: at } of named) checkFamily(scene, prefix, family, at)
  const [first, ...others] = hosts
  const lost = others.find((host) => ways[family](first ?? '', host) === 0)
  if (lost !== undefined)
    report(
      path,
      `expected links ${scene.families.length > 1 ? `with ${nameOf(family)} ` : ''}that lead from ${first} to ${lost}, found none`,
      'Add the missing link.',
    )
}

/** A packet is sent by one host. */
function checkOverlaps({ report }: Scene, named: readonly Named[]): void {
  named.forEach(({ host, prefix, path }, index) => {
    const other = named.slice(0, index).find((each) => each.host !== host && overlap(each.prefix, prefix))
    if (other)
      report(
        path,
        `expected addresses of one side alone, found ${formatPrefix(prefix)} beside ${formatPrefix(other.prefix)} of ${other.host}`,
        'Write prefixes that have no address in common.',
      )
  })
}
