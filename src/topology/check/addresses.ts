// Addresses of links: two ends in one subnet, each an address of its own, no subnet in another one.
import { addressAt, bitsOf, formatAddress, formatPrefix, network, sizeOf } from '../../kernel/address.ts'
import type { InterfaceAddress, Prefix } from '../../kernel/address.ts'
import { nameOf } from '../families.ts'
import type { Path } from '../problem.ts'
import type { Report } from '../report.ts'
import { overlaps } from './overlaps.ts'
import { isOfLab } from './scene.ts'
import type { LinkEnds, Scene } from './scene.ts'

interface Subnet {
  readonly prefix: Prefix
  readonly path: Path
}

export function checkAddresses(scene: Scene): void {
  const { report, links } = scene
  const subnets: Subnet[] = []
  const owners = new Map<string, string>()
  for (const each of links) {
    const { path, link, families } = each
    for (const family of [4, 6] as const) {
      const at = [...path, nameOf(family)]
      const given = link[nameOf(family)]
      if (given === undefined || given === 'none') continue
      if (!isOfLab(scene, family, at)) continue
      if (isPrefix(given)) checkPrefix(given, at, report)
      const subnet = isPrefix(given) ? given : checkPair(given, each, at, owners, report)
      if (subnet) subnets.push({ prefix: subnet, path: at })
    }
    if (families.includes(6) && link.mtu !== undefined && link.mtu < leastMtu)
      report(
        [...path, 'mtu'],
        `expected an MTU of at least ${leastMtu}, which IPv6 needs, found ${link.mtu}`,
        'Make it larger, or write ipv6: none.',
      )
  }
  for (const [name, node] of Object.entries(scene.draft.nodes ?? {}))
    for (const family of [4, 6] as const) {
      const path = ['nodes', name, nameOf(family)]
      const prefix = node?.[nameOf(family)]
      if (node?.kind !== 'bridge' || !prefix || !isOfLab(scene, family, path)) continue
      checkSegment(
        prefix,
        links.filter(({ ends }) => ends.some((end) => end?.node === name)).length,
        path,
        report,
      )
      subnets.push({ prefix, path })
    }
  for (const [outer, inner] of overlaps(subnets))
    report(
      inner.path,
      `expected addresses of this link alone, found ${formatPrefix(inner.prefix)} in ${formatPrefix(outer.prefix)} of ${outer.path.slice(0, 2).join('.')}`,
      'Give each link a prefix of its own.',
    )
}

/** Of a link that carries IPv6 (RFC 8200, section 5). */
const leastMtu = 1280

const isPrefix = (given: Prefix | readonly unknown[]): given is Prefix => !Array.isArray(given)

function checkPrefix(prefix: Prefix, path: Path, report: Report): void {
  if (sizeOf(prefix) < 2n)
    report(
      path,
      `expected room for two addresses, found ${formatPrefix(prefix)}`,
      `Write a prefix of /${bitsOf(prefix.address.family) - 1} or shorter.`,
    )
}

/** Each end has an address of its own, neither the first nor the last. */
function checkSegment(prefix: Prefix, ends: number, path: Path, report: Report): void {
  if (sizeOf(prefix) >= BigInt(ends + 2)) return
  report(
    path,
    `expected room for the ${ends} ends on the segment, found ${formatPrefix(prefix)}`,
    'Write a shorter prefix.',
  )
}

/** The subnet of both addresses; undefined where they have none in common. */
function checkPair(
  given: readonly (InterfaceAddress | undefined)[],
  { ends }: LinkEnds,
  path: Path,
  owners: Map<string, string>,
  report: Report,
): Prefix | undefined {
  for (const [side, address] of given.entries()) {
    const end = ends[side]
    const at = [...path, side]
    if (address && checkHost(address, at, report))
      checkOwner(address, end ? `${end.node}:${end.interface}` : 'another end', at, owners, report)
  }
  const [first, second] = given
  if (!first || !second) return undefined
  const [prefix, other] = [formatPrefix(network(first)), formatPrefix(network(second))]
  if (prefix === other) return network(first)
  report(
    [...path, 1],
    `expected an address in ${prefix} like the first, found ${formatPrefix(second)} in ${other}`,
    'Give both ends addresses and a prefix length of one subnet.',
  )
  return undefined
}

/**
 * Below /31 (RFC 3021) the first and the last address of a subnet are the subnet's own; of IPv6, below /127 (RFC 6164), the
 * first is that of any of its routers (RFC 4291, section 2.6.1).
 */
function checkHost(address: InterfaceAddress, path: Path, report: Report): boolean {
  const { family } = address.address
  if (address.length >= bitsOf(family) - 1) return true
  const subnet = network(address)
  const last = addressAt(subnet, sizeOf(subnet) - 1n)
  const kind = new Map([
    [last.value, family === 4 ? 'broadcast' : undefined],
    [subnet.address.value, family === 4 ? 'network' : 'any-router'],
  ]).get(address.address.value)
  if (kind === undefined) return true
  report(
    path,
    `expected an address for an interface, found ${formatPrefix(address)}, the ${kind} address of ${formatPrefix(subnet)}`,
    `Write one from ${formatAddress(addressAt(subnet, 1n))} to ${formatAddress(addressAt(subnet, sizeOf(subnet) - (family === 4 ? 2n : 1n)))}.`,
  )
  return false
}

function checkOwner(
  { address }: InterfaceAddress,
  owner: string,
  path: Path,
  owners: Map<string, string>,
  report: Report,
): void {
  const text = formatAddress(address)
  const first = owners.get(text)
  if (first === undefined) owners.set(text, owner)
  else
    report(
      path,
      `expected an address of its own, found ${text}, which ${first} has`,
      'Give it another address.',
    )
}
