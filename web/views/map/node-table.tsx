// The map as a table, for those who read rather than look.

import type { LabMap } from '../../../src/server/api/map.ts'
import type { Condition, Selected } from '../../chart/map/drawn.ts'
import { Scroll } from '../../parts/basics.tsx'
import { Head } from '../../parts/head.tsx'
import { useText } from '../../text/text.ts'

export function NodeTable({
  map,
  condition,
  select,
}: {
  readonly map: LabMap
  readonly condition: Condition
  readonly select: (to: Selected) => void
}) {
  const t = useText()
  return (
    <details className="panel as-table">
      <summary>{t.map.nodes}</summary>
      <Scroll>
        <table>
          <Head texts={[t.map.node, t.map.kind, t.map.as, t.map.state, t.map.addresses, t.map.links]} />
          <tbody>
            {map.nodes.map((node) => (
              <tr key={node.name}>
                <th scope="row">
                  <button type="button" className="plain" onClick={() => select({ node: node.name })}>
                    {node.name}
                  </button>
                </th>
                <td>{node.kind}</td>
                <td>{node.as ?? '–'}</td>
                <td>{t.map.states[condition.nodes.get(node.name) ?? 'unknown']}</td>
                <td className="mono">{node.addresses.join(' ')}</td>
                <td>
                  {map.links
                    .filter(({ ends }) => ends.some((end) => end.node === node.name))
                    .map((link) => {
                      const other = link.ends.find((end) => end.node !== node.name) ?? link.ends[0]
                      const isDown = link.ends.some((end) =>
                        condition.down.has(`${end.node}:${end.interface}`),
                      )
                      return `${other.node}${isDown ? ` (${t.map.down})` : ''}`
                    })
                    .join(', ')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </details>
  )
}
