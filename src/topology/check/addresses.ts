// Addresses of links: two ends in one subnet, each an address of its own, no subnet in another one.
import { addressAt, formatAddress, formatPrefix, network, sizeOf } from '../../kernel/address.ts'
import type { InterfaceAddress, Prefix } from '../../kernel/address.ts'
import type { Path } from '../problem.ts'
import type { Report } from '../report.ts'
import { overlaps } from './overlaps.ts'
import type { Scene } from './scene.ts'

interface Subnet {
  readonly prefix: Prefix
  readonly path: Path
}

export function checkAddresses({ report, links }: Scene): void {
  const subnets: Subnet[] = []
  const owners = new Map<string, string>()
  for (const { path, link, ends } of links) {
    const at = [...path, 'ipv4']
    if (link.ipv4 === undefined || link.ipv4 === 'none') continue
    if (isPrefix(link.ipv4)) {
      if (sizeOf(link.ipv4) < 2n)
        report(
          at,
          `expected room for two addresses, found ${formatPrefix(link.ipv4)}`,
          'Write a prefix of /31 or shorter.',
        )
      subnets.push({ prefix: link.ipv4, path: at })
      continue
    }
    for (const [side, address] of link.ipv4.entries()) {
      const end = ends[side]
      if (address && checkHost(address, [...at, side], report))
        checkOwner(
          address,
          end ? `${end.node}:${end.interface}` : 'another end',
          [...at, side],
          owners,
          report,
        )
    }
    const [first, second] = link.ipv4
    if (!first || !second) continue
    const [prefix, other] = [formatPrefix(network(first)), formatPrefix(network(second))]
    if (prefix === other) subnets.push({ prefix: network(first), path: at })
    else
      report(
        [...at, 1],
        `expected an address in ${prefix} like the first, found ${formatPrefix(second)} in ${other}`,
        'Give both ends addresses and a prefix length of one subnet.',
      )
  }
  for (const [outer, inner] of overlaps(subnets))
    report(
      inner.path,
      `expected addresses of this link alone, found ${formatPrefix(inner.prefix)} in ${formatPrefix(outer.prefix)} of ${outer.path.slice(0, 2).join('.')}`,
      'Give each link a prefix of its own.',
    )
}

const isPrefix = (given: Prefix | readonly unknown[]): given is Prefix => !Array.isArray(given)

/** Below /31 (RFC 3021) the first and the last address of a subnet are the subnet's own. */
function checkHost(address: InterfaceAddress, path: Path, report: Report): boolean {
  if (address.length >= 31) return true
  const subnet = network(address)
  const last = addressAt(subnet, sizeOf(subnet) - 1n)
  const kind = new Map([
    [subnet.address.value, 'network'],
    [last.value, 'broadcast'],
  ]).get(address.address.value)
  if (kind === undefined) return true
  report(
    path,
    `expected an address for an interface, found ${formatPrefix(address)}, the ${kind} address of ${formatPrefix(subnet)}`,
    `Write one from ${formatAddress(addressAt(subnet, 1n))} to ${formatAddress({ ...last, value: last.value - 1n })}.`,
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
