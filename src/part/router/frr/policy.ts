// What is done to the routes of a neighbour, as route maps. Source: FRR's user guide, "Route Maps" and "BGP".

import type { Neighbor, RouterIntent } from '../../../part.ts'

/** Of the neighbour, in an address family. */
export const attached = ({ address, listener, policies }: Neighbor): string[] => [
  ...(listener
    ? [`  neighbor ${address} route-map nothing in`]
    : has(policies.in)
      ? [`  neighbor ${address} route-map ${nameOf('in', address)} in`]
      : []),
  ...(has(policies.out) ? [`  neighbor ${address} route-map ${nameOf('out', address)} out`] : []),
]

/** The maps and lists of all neighbours. */
export const routeMaps = ({ as, neighbors, internal }: RouterIntent): string[] => {
  const routers = neighbors.filter(({ listener }) => !listener)
  const tags = new Set(
    routers.flatMap(({ policies }) => [
      ...(policies.in.tag ? [policies.in.tag] : []),
      ...policies.out.without,
    ]),
  )
  const functions = new Set([...tags].map(functionOf))
  return [
    ...[...tags].map((tag) => `bgp large-community-list standard ${listOf(tag)} permit ${tag}`),
    ...[...functions].map((own) => `bgp large-community-list expanded ${listOf(own)} permit ^${own}:[0-9]+$`),
    ...routers.flatMap((neighbor) => [...inMap(neighbor), ...outMap(neighbor, as)]),
    ...(internal.length > 0 ? map('internal', 'permit', 10, ['set community no-export']) : []),
    ...map('nothing', 'deny', 10, []),
  ]
}

const nameOf = (way: 'in' | 'out', address: string): string => `${way}-${address}`
const listOf = (numbers: string): string => `is-${numbers.replaceAll(':', '-')}`
/** The first two of a large community's numbers. */
const functionOf = (tag: string): string => tag.slice(0, tag.lastIndexOf(':'))
/** Whether a policy does anything. */
const has = (policy: object): boolean =>
  Object.values(policy).some((each) => !Array.isArray(each) || each.length > 0)

const map = (name: string, act: 'permit' | 'deny', at: number, lines: readonly string[]): string[] => [
  `route-map ${name} ${act} ${at}`,
  ...lines.map((line) => ` ${line}`),
  'exit',
  '!',
]

function inMap({ address, policies }: Neighbor): string[] {
  const { preference, tag } = policies.in
  if (!has(policies.in)) return []
  const name = nameOf('in', address)
  return [
    ...(tag === undefined
      ? []
      : map(name, 'permit', 10, [`set large-comm-list ${listOf(functionOf(tag))} delete`, 'on-match next'])),
    ...map(name, 'permit', 20, [
      ...(preference === undefined ? [] : [`set local-preference ${preference}`]),
      ...(tag === undefined ? [] : [`set large-community ${tag} additive`]),
    ]),
  ]
}

function outMap({ address, policies }: Neighbor, as: number): string[] {
  const { without, prepend, med, communities } = policies.out
  if (!has(policies.out)) return []
  const name = nameOf('out', address)
  const of = (parts: number) => communities.filter((each) => each.split(':').length === parts).join(' ')
  return [
    ...without.flatMap((tag, index) =>
      map(name, 'deny', 1 + index, [`match large-community ${listOf(tag)}`]),
    ),
    ...map(name, 'permit', 20, [
      ...(prepend === undefined ? [] : [`set as-path prepend ${Array(prepend).fill(as).join(' ')}`]),
      ...(med === undefined ? [] : [`set metric ${med}`]),
      ...(of(2) === '' ? [] : [`set community ${of(2)} additive`]),
      ...(of(3) === '' ? [] : [`set large-community ${of(3)} additive`]),
    ]),
  ]
}
