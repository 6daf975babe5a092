// Whether routing can bring every AS what it must reach: routers of one AS joined inside it, hosts beside a router of their AS, no
// AS of several routers without an IGP, and every AS joined to the others. What never converges is refused here.
import { listing } from '../suggest.ts'
import { isRouter } from './scene.ts'
import type { Scene } from './scene.ts'

export function checkRouting(scene: Scene): void {
  const { draft, report, nodes, links, wired } = scene
  const asOf = (node: string): number | undefined => draft.nodes?.[node]?.as
  // Where something could not be read, what is missing may be just that.
  if (!wired || links.some(({ ends }) => !ends[0] || !ends[1])) return
  if (
    [...nodes].some(
      ([name, kind]) =>
        kind === undefined || ('as' in (draft.nodes?.[name] ?? {}) && asOf(name) === undefined),
    )
  )
    return
  const pairs = scene.pairs.map(({ ends }) => ends)
  const routers = [...nodes].flatMap(([name, kind]) =>
    isRouter(kind) && asOf(name) !== undefined ? [name] : [],
  )
  const between = pairs.filter(([a, b]) => routers.includes(a.node) && routers.includes(b.node))
  const numbers = [...new Set(routers.map(asOf))]

  for (const asn of numbers) {
    const own = routers.filter((name) => asOf(name) === asn)
    const inside = between.filter(([a, b]) => asOf(a.node) === asn && asOf(b.node) === asn)
    const [first = '', ...others] = parts(own, inside)
    for (const [apart = ''] of others)
      report(
        ['nodes', apart, 'as'],
        `expected links inside AS ${asn} that join all its routers, found ${apart} apart from ${first[0]}`,
        `Link them with each other, or give ${apart} an AS of its own.`,
      )
    const igp = draft.ases?.[String(asn)]?.igp
    const strangers = own
      .flatMap((a, index) => own.slice(index + 1).map((b): [string, string] => [a, b]))
      .find((two) => !inside.some((ends) => ends.every(({ node }) => two.includes(node))))
    if (igp === 'none' && strangers)
      report(
        ['ases', String(asn), 'igp'],
        `expected ospf or isis in an AS of ${own.length} routers (${listing(own, 'and')}), found none, by which ${listing(strangers, 'and')}, which no link joins, know nothing of each other`,
        'Write igp: ospf, or link each router to each other one.',
      )
    const birds = own.filter((name) => nodes.get(name) === 'bird')
    if (igp === 'isis' && birds.length > 0)
      report(
        ['ases', String(asn), 'igp'],
        `expected ospf in an AS with routers of kind bird (${listing(birds, 'and')}), found isis, which BIRD does not speak`,
        'Write igp: ospf, or take kind: frr for all its routers.',
      )
  }
  for (const [name, kind] of nodes) {
    const as = asOf(name)
    const beside = pairs.flatMap(([a, b]) => (a.node === name ? [b.node] : b.node === name ? [a.node] : []))
    const near = beside.filter((each) => routers.includes(each))
    if (kind !== 'host' || as === undefined || near.length === 0 || near.some((each) => asOf(each) === as))
      continue
    report(
      ['nodes', name, 'as'],
      `expected a router of AS ${as} next to ${name}, found ${listing(
        near.map((each) => `${each} of AS ${asOf(each)}`),
        'and',
      )}`,
      `Write as: ${asOf(near[0] ?? '')}, or link it to a router of AS ${as}: nobody else announces its addresses.`,
    )
  }
  // Routers of one AS count as joined here: where they are not it has been said.
  const joined = between.map(([a, b]): [string, string] => [String(asOf(a.node)), String(asOf(b.node))])
  const [main = [], ...islands] = parts(
    numbers.map(String),
    joined.map(([a, b]) => [{ node: a }, { node: b }]),
  )
  for (const island of islands) {
    const router = routers.find((name) => String(asOf(name)) === island[0]) ?? ''
    report(
      ['nodes', router, 'as'],
      `expected links that join all ASes, found none between ${named(island)} and ${named(main)}`,
      'Link a router of one to a router of the other: every AS announces its prefixes to all.',
    )
  }
}

const named = (numbers: readonly string[]): string =>
  `${numbers.length === 1 ? 'AS' : 'ASes'} ${listing(numbers, 'and')}`

/** The sets of names that the pairs join, in the order of their first names. */
function parts(
  names: readonly string[],
  pairs: readonly (readonly [{ readonly node: string }, { readonly node: string }])[],
): string[][] {
  const neighbours = new Map(names.map((name) => [name, new Set<string>()]))
  for (const [a, b] of pairs) {
    neighbours.get(a.node)?.add(b.node)
    neighbours.get(b.node)?.add(a.node)
  }
  const seen = new Set<string>()
  return names.flatMap((name) => {
    if (seen.has(name)) return []
    const part = [name]
    seen.add(name)
    for (const each of part)
      for (const next of neighbours.get(each) ?? [])
        if (!seen.has(next)) {
          seen.add(next)
          part.push(next)
        }
    return [part]
  })
}
