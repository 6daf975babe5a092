// The levels at which people look at traffic, for the table of errors: all of it, by AS, by peer, by host. AS and peer are what
// the routing table of a router says of source and destination.

import type { Route } from '../../evidence.ts'
import { covers, parseAddress, parsePrefix } from '../../kernel/address.ts'
import type { Level } from './table.ts'

/** Pairs of source and destination; `routes` are those of the router that the traffic crossed. */
export function levelsOf(routes: readonly Route[]): Level[] {
  const find = longestMatch(routes)
  const pair = (name: (route: Route | undefined) => string): Level['keyOf'] => {
    return ({ source, destination }) => `${name(find(source))} ${name(find(destination))}`
  }
  return [
    { name: 'all', keyOf: () => '' },
    { name: 'peer', keyOf: pair((route) => String(route?.path[0] ?? 'own')) },
    { name: 'AS', keyOf: pair((route) => String(route?.path.at(-1) ?? 'own')) },
    { name: 'host', keyOf: ({ source, destination }) => `${source} ${destination}` },
  ]
}

/** Answers are kept: there are far fewer addresses than flows. */
function longestMatch(routes: readonly Route[]): (address: string) => Route | undefined {
  const prefixes = routes
    .flatMap((route) => {
      const prefix = parsePrefix(route.prefix)
      return prefix ? [{ prefix, route }] : []
    })
    .toSorted((a, b) => b.prefix.length - a.prefix.length)
  const known = new Map<string, Route | undefined>()
  return (text) => {
    if (known.has(text)) return known.get(text)
    const address = parseAddress(text)
    const found = address && prefixes.find(({ prefix }) => covers(prefix, address))?.route
    known.set(text, found)
    return found
  }
}
