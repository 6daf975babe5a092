// The picture of a lab in the words of those who draw it: Graphviz's dot, and Mermaid, which GitHub and GitLab show in Markdown.

import type { LabMap, MapNode } from '../../server/api/map.ts'

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

export function dot(map: LabMap, lab: string): string {
  const node = (each: MapNode): string =>
    `${quoted(each.name)} [label=${quoted(`${each.name} (${each.kind}${collectorsAt(each)})`)}, shape=${each.kind === 'host' ? 'box' : 'ellipse'}];`
  return [
    `graph ${quoted(lab)} {`,
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
    ...map.links.map(
      ({ ends: [a, b], impaired }) =>
        `  ${quoted(a.node)} -- ${quoted(b.node)} [taillabel=${quoted(a.interface)}, headlabel=${quoted(b.interface)}${impaired ? ', style=dashed' : ''}];`,
    ),
    ...map.probes.flatMap((probe) =>
      probe.exports.map(
        (way) =>
          `  ${quoted(probe.node)} -- ${quoted(way.node)} [label=${quoted(`${probe.name} (${probe.kind}) at ${probe.point}, ${probe.protocol} to ${way.collector}`)}, dir=forward, style=dotted, constraint=false];`,
      ),
    ),
    '}\n',
  ].join('\n')
}

export function mermaid(map: LabMap): string {
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
    ...map.links.map(
      ({ ends: [a, b] }) =>
        `  ${id.get(a.node)} ---|${safe(`${a.interface} · ${b.interface}`)}| ${id.get(b.node)}`,
    ),
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
