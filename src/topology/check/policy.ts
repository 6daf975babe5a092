// What a lab file says of BGP beyond AS numbers: relations and policies stand where two ASes meet, a route reflector has others of
// its AS, a route server stands on a segment.
import { listing, suggestion } from '../suggest.ts'
import { isRouter } from './scene.ts'
import type { LinkEnds, Scene } from './scene.ts'

export function checkPolicy(scene: Scene): void {
  for (const each of scene.links) checkLink(scene, each)
  for (const [name, node] of Object.entries(scene.draft.nodes ?? {})) {
    if (!node) continue
    checkWords(scene, name, node)
    checkReflector(scene, name, node)
    if (node['route-server'] && isRouter(node.kind) && scene.wired) checkRouteServer(scene, name)
  }
}

/** Where each of these keys has a meaning. */
function checkWords(
  { report }: Scene,
  name: string,
  node: NonNullable<NonNullable<Scene['draft']['nodes']>[string]>,
): void {
  if (node.kind === undefined) return
  for (const key of ['rr', 'route-server'] as const)
    if (node[key] && !isRouter(node.kind))
      report(['nodes', name, key], `expected ${key} of a router, found a ${node.kind}`, 'Leave it out.')
  if (node.feed !== undefined && node.kind !== 'bird')
    report(
      ['nodes', name, 'feed'],
      `expected feed of a router of kind bird, found kind ${node.kind}`,
      'Write kind: bird.',
    )
  for (const key of ['ipv4', 'ipv6'] as const)
    if (node[key] !== undefined && node.kind !== 'bridge')
      report(
        ['nodes', name, key],
        `expected the prefix of a bridge's segment, found a ${node.kind}`,
        'Write the addresses at its links.',
      )
}

/** One without others in its AS reflects nothing: probably an AS number is wrong. */
function checkReflector(
  { draft, warn }: Scene,
  name: string,
  { rr, kind, as }: NonNullable<NonNullable<Scene['draft']['nodes']>[string]>,
): void {
  if (!rr || !isRouter(kind) || as === undefined) return
  const hasClient = Object.entries(draft.nodes ?? {}).some(
    ([other, node]) => other !== name && node?.as === as && isRouter(node.kind),
  )
  if (!hasClient)
    warn(
      ['nodes', name, 'rr'],
      `expected other routers of AS ${as} for ${name} to reflect routes to, found none`,
      'It has no iBGP session.',
    )
}

function checkLink(scene: Scene, { path, link, ends }: LinkEnds): void {
  const { report, nodes, draft, wired, pairs } = scene
  const [a, b] = ends
  if (!wired || !a || !b) return
  const asOf = (node: string) => draft.nodes?.[node]?.as
  const bridge = [a, b].find(({ node }) => nodes.get(node) === 'bridge')
  const neighbours = pairs.filter((pair) =>
    pair.ends.some((end) => [a, b].some((own) => end.node === own.node && end.interface === own.interface)),
  )
  const isBetweenASes = neighbours.some((pair) => {
    const [one, other] = pair.ends.map(({ node }) => (isRouter(nodes.get(node)) ? asOf(node) : undefined))
    return one !== undefined && other !== undefined && one !== other
  })
  if (link.relation !== undefined && !isBetweenASes)
    report(
      [...path, 'relation'],
      'expected a relation between routers of two ASes, found none of them here',
      'Leave it out.',
    )
  else if (link.relation !== undefined && bridge && link.relation !== 'peer')
    report(
      [...path, 'relation'],
      `expected peer on a segment, found ${link.relation}`,
      'Write relation: peer, or link the two ASes with each other.',
    )
  for (const router of Object.keys(link.bgp ?? {})) {
    const at = [...path, 'bgp', router]
    const routers = [a, b].map(({ node }) => node).filter((node) => isRouter(nodes.get(node)))
    if (!routers.includes(router)) {
      report(
        at,
        `expected a router of this link, found ${router}`,
        suggestion(
          router,
          routers,
          `Write such as bgp: { ${routers[0] ?? 'r1'}: { prefer: 200 } }: its routers are ${listing(routers, 'and')}.`,
        ),
      )
      continue
    }
    if (!isBetweenASes)
      report(
        at,
        `expected a neighbour of another AS, found none on the link of ${router}`,
        'Leave it out.',
        'key',
      )
  }
}

/** It needs a segment with addresses, and members of other ASes. */
function checkRouteServer({ report, pairs, nodes }: Scene, name: string): void {
  const members = pairs
    .filter(({ bridge, ends }) => bridge !== undefined && ends.some(({ node }) => node === name))
    .flatMap(({ ends }) => ends.map(({ node }) => node))
    .filter((node) => node !== name && isRouter(nodes.get(node)))
  if (members.length > 0) return
  const bridges = [...nodes].flatMap(([each, kind]) => (kind === 'bridge' ? [each] : []))
  report(
    ['nodes', name, 'route-server'],
    `expected a route server on a bridge's segment with other routers, found ${name} on none`,
    bridges.length > 0
      ? `Link it to ${listing(bridges)}, which needs ipv4 or ipv6 of its own.`
      : 'Add a node of kind: bridge with ipv4 or ipv6, and link the route server and its members to it.',
  )
}
