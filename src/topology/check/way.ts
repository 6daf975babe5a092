// Hosts that traffic goes between: whether they are some, which family they use, and whether links lead from one to the other.
import type { Family } from '../../kernel/address.ts'
import { chosen, type FamilyName, nameOf } from '../families.ts'
import type { Path } from '../problem.ts'
import { inventory } from '../suggest.ts'
import { exists, isOfLab, isRouter } from './scene.ts'
import type { Scene } from './scene.ts'

/** The MTU of the widest way between two nodes; 0 where there is none. */
export type Ways = Readonly<Record<Family, (from: string, to: string) => number>>

/** Reports what is no host with addresses. Whether it is one is the answer. */
export type IsHost = (name: string | undefined, path: Path, part?: 'key') => name is string

export function hostCheck({ report, nodes, links, wired }: Scene): IsHost {
  const hosts = [...nodes].flatMap(([name, kind]) => (kind === 'host' ? [name] : []))
  const addressed = new Set(
    links.flatMap(({ ends, families }) => (families.length > 0 ? ends.map((end) => end?.node) : [])),
  )

  const isHost: IsHost = (name, path, part): name is string => {
    if (!exists(report, 'node', name, nodes, path, part)) return false
    const kind = nodes.get(name)
    if (kind !== undefined && kind !== 'host') {
      const what = isRouter(kind) ? 'router' : kind
      report(path, `expected a host, found ${name}, a ${what}`, inventory('host', hosts), part)
    }
    if (kind !== 'host' || !wired || addressed.has(name)) return kind === 'host'
    report(
      path,
      `expected a host with a link that has addresses, found ${name}, which has none`,
      'Give the addresses in the link, such as ipv4: [192.0.2.1/24, 192.0.2.2/24]: traffic goes to and from those.',
      part,
    )
    return false
  }
  return isHost
}

interface Pair {
  readonly from: string
  readonly to: string
  readonly family?: FamilyName | undefined
}

/** Reports hosts that cannot reach each other. The family that they use, where they can. */
export function checkWay(
  scene: Scene,
  ways: Ways,
  { from, to, family: word }: Pair,
  path: Path,
): Family | undefined {
  const { report, families } = scene
  if (from === to) {
    report([...path, 'to'], `expected another host than the sender, found ${to}`, 'Send to another host.')
    return undefined
  }
  const family = familyOf(scene, word, [from, to], path)
  if (family === undefined || ways[family](from, to) > 0) return family
  report(
    path,
    `expected links ${families.length > 1 ? `with ${nameOf(family)} ` : ''}that lead from ${from} to ${to}, found none`,
    'Add the missing link.',
  )
  return undefined
}

/** The family of a flow's addresses; undefined, and reported, where its hosts do not have them. */
export function familyOf(
  scene: Scene,
  word: FamilyName | undefined,
  hosts: readonly string[],
  path: Path,
): Family | undefined {
  // A host without a link is check/links.ts's.
  const linked = hosts.filter((host) => scene.familiesAt(host).size > 0)
  const family = chosen(word, linked.map(scene.familiesAt))
  if (word !== undefined && family !== undefined && !isOfLab(scene, family, [...path, 'family']))
    return undefined
  const without = linked.find((host) => family === undefined || !scene.familiesAt(host).has(family))
  if (family !== undefined && without === undefined) return family
  scene.report(
    word === undefined ? path : [...path, 'family'],
    word === undefined
      ? `expected a family of which both hosts have addresses, found none of ${hosts.join(' and ')}`
      : `expected a family of which ${without} has an address, found ${word}`,
    'Leave out the none at their links.',
  )
  return undefined
}
