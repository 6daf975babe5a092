// What a router does with an eBGP neighbour: what the lab file says of the link, and where it says what one AS is to the other,
// the rules by which ISPs live (Gao and Rexford, "Stable Internet Routing without Global Coordination", 2001). From whom
// a route came is remembered in a large community, as RFC 8195 does it, so that every router of the AS knows.

import type { Policies } from '../part.ts'
import type { Link, Relation } from '../topology/topology.ts'

export const noPolicies: Policies = { in: {}, out: { without: [], communities: [] } }

/** Of routes from a neighbour of this relation. */
const preference: Readonly<Record<Relation, number>> = { customer: 200, peer: 150, provider: 100 }

/** The third number of the large community; its second is 3, the function "relation" of RFC 8195. */
const number: Readonly<Record<Relation, number>> = { customer: 2, peer: 3, provider: 4 }

const tag = (as: number, relation: Relation): string => `${as}:3:${number[relation]}`

const opposite: Readonly<Record<Relation, Relation>> = {
  customer: 'provider',
  peer: 'peer',
  provider: 'customer',
}

/** @param node the router whose policies they are, at one of the link's ends. */
export function policiesOf(node: string, as: number, { endpoints, relation, bgp }: Link): Policies {
  const { prefer, communities = [], ...set } = bgp[node] ?? {}
  // The file says it from the first end's side.
  const neighbour = relation && (endpoints[0].node === node ? relation : opposite[relation])
  const value = prefer ?? (neighbour && preference[neighbour])
  return {
    in: {
      ...(value === undefined ? {} : { preference: value }),
      ...(neighbour ? { tag: tag(as, neighbour) } : {}),
    },
    out: {
      without:
        neighbour === undefined || neighbour === 'customer' ? [] : [tag(as, 'peer'), tag(as, 'provider')],
      ...set,
      communities,
    },
  }
}
