// The picture of a lab in the words of those who draw it: Graphviz's dot, and Mermaid, which GitHub and GitLab show in Markdown.

import type { Plan } from '../../plan/plan.ts'
import type { LabMap, MapLink, MapNode } from '../../server/api/map.ts'
import { addressesOf } from './drawn.ts'
import type { Detail } from './ends.ts'

const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`

/** Each AS with its nodes, then the nodes without one. */
function grouped({ nodes }: LabMap): { readonly as?: number; readonly members: MapNode[] }[] {
  const systems = [...new Set(nodes.flatMap(({ as }) => as ?? []))].sort((a, b) => a - b)
  return [
    ...systems.map((as) => ({ as, members: nodes.filter((node) => node.as === as) })),
    { members: nodes.filter(({ as }) => as === undefined) },
  ]
}

const collectorsAt = ({ collectors }: MapNode): string =>
  collectors.length > 0 ? `, ${collectors.join(', ')}` : ''

/** What is written at an end of a link. */
const endText = (plan: Plan, labels: Detail, { node, interface: name }: MapLink['ends'][number]): string[] =>
  labels === 'none' ? [] : [name, ...(labels === 'addresses' ? addressesOf(plan, node, name) : [])]

export function dot(map: LabMap, plan: Plan, labels: Detail = 'interfaces'): string {
  const end = (name: string, of: MapLink['ends'][number]): string[] => {
    const words = endText(plan, labels, of)
    return words.length === 0 ? [] : [`${name}=${words.map(quoted).join('').replaceAll('""', '\\n')}`]
  }
  const node = (each: MapNode): string =>
    `${quoted(each.name)} [label=${quoted(`${each.name} (${each.kind}${collectorsAt(each)})`)}, shape=${each.kind === 'host' ? 'box' : 'ellipse'}];`
  return [
    `graph ${quoted(plan.lab)} {`,
    '  node [fontname="sans-serif", fontsize=11]; edge [fontname="sans-serif", fontsize=9];',
    ...grouped(map).flatMap(({ as, members }) =>
      as === undefined
        ? members.map((each) => `  ${node(each)}`)
        : [
            `  subgraph ${quoted(`cluster_as${as}`)} {`,
            `    label=${quoted(`AS ${as}`)};`,
            ...members.map((each) => `    ${node(each)}`),
            '  }',
          ],
    ),
    ...map.links.map(({ ends: [a, b], impaired }) => {
      const attributes = [
        ...end('taillabel', a),
        ...end('headlabel', b),
        ...(impaired ? ['style=dashed'] : []),
      ]
      return `  ${quoted(a.node)} -- ${quoted(b.node)}${attributes.length > 0 ? ` [${attributes.join(', ')}]` : ''};`
    }),
    ...map.probes.flatMap((probe) =>
      probe.exports.map(
        (way) =>
          `  ${quoted(probe.node)} -- ${quoted(way.node)} [label=${quoted(`${probe.name} (${probe.kind}) at ${probe.point}, ${probe.protocol} to ${way.collector}`)}, dir=forward, style=dotted, constraint=false];`,
      ),
    ),
    '}\n',
  ].join('\n')
}

export function mermaid(map: LabMap, plan: Plan, labels: Detail = 'interfaces'): string {
  const id = new Map(map.nodes.map(({ name }, index) => [name, `n${index}`]))
  const safe = (text: string): string => `"${text.replaceAll('"', '#quot;')}"`
  const node = (each: MapNode): string => {
    const label = safe(`${each.name} (${each.kind}${collectorsAt(each)})`)
    return `${id.get(each.name)}${each.kind === 'host' ? `[${label}]` : `([${label}])`}`
  }
  return [
    'graph LR',
    ...grouped(map).flatMap(({ as, members }) =>
      as === undefined
        ? members.map((each) => `  ${node(each)}`)
        : [`  subgraph as${as} ["AS ${as}"]`, ...members.map((each) => `    ${node(each)}`), '  end'],
    ),
    ...map.links.map(({ ends: [a, b], impaired }) => {
      const words = [a, b].map((each) => endText(plan, labels, each).join(' '))
      const label = labels === 'none' ? '' : `|${safe(words.join(' · '))}|`
      return `  ${id.get(a.node)} ${impaired ? '-.-' : '---'}${label} ${id.get(b.node)}`
    }),
    ...map.probes.flatMap((probe) =>
      probe.exports
        .filter((way) => way.node !== probe.node)
        .map(
          (way) =>
            `  ${id.get(probe.node)} -.->|${safe(`${probe.name} at ${probe.interface}, ${probe.protocol}`)}| ${id.get(way.node)}`,
        ),
    ),
    '',
  ].join('\n')
}
