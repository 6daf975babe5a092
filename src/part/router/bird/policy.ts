// What is done to the routes of a neighbour, as filters, each on one line. Source: BIRD 2's user guide, "Filters".

import type { InPolicy, OutPolicy } from '../../../part.ts'

export function importLine(listener: boolean, { preference, tag }: InPolicy): string {
  if (listener) return '    import none;'
  const steps = [
    ...(tag === undefined
      ? []
      : [
          `bgp_large_community.delete([(${tag.split(':').slice(0, 2).join(', ')}, *)])`,
          `bgp_large_community.add(${tuple(tag)})`,
        ]),
    ...(preference === undefined ? [] : [`bgp_local_pref = ${preference}`]),
  ]
  return steps.length === 0 ? '    import all;' : `    import filter { ${statements(steps)}accept; };`
}

/** @param where which routes are told at all. */
export function exportLine(
  where: string,
  as: number,
  { without, prepend = 0, med, communities }: OutPolicy,
): string {
  const wanted =
    without.length === 0 ? where : `(${where}) && bgp_large_community !~ [${without.map(tuple).join(', ')}]`
  const steps = [
    ...Array.from({ length: prepend }, () => `bgp_path.prepend(${as})`),
    ...(med === undefined ? [] : [`bgp_med = ${med}`]),
    ...communities.map(
      (each) =>
        `${each.split(':').length === 3 ? 'bgp_large_community' : 'bgp_community'}.add(${tuple(each)})`,
    ),
  ]
  return steps.length === 0
    ? `    export where ${wanted};`
    : `    export filter { if !(${wanted}) then reject; ${statements(steps)}accept; };`
}

export const tuple = (community: string): string => `(${community.replaceAll(':', ', ')})`

const statements = (steps: readonly string[]): string => steps.map((step) => `${step}; `).join('')
