// The map as a table, for those who read rather than look.

import type { LabMap } from '../../../src/server/api/map.ts'
import type { Condition, Selected } from '../../chart/map/drawn.ts'
import { Scroll } from '../../parts/basics.tsx'
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
          <thead>
            <tr>
              <th scope="col">{t.map.node}</th>
              <th scope="col">{t.map.kind}</th>
              <th scope="col">{t.map.as}</th>
              <th scope="col">{t.map.state}</th>
              <th scope="col">{t.map.addresses}</th>
              <th scope="col">{t.map.links}</th>
            </tr>
          </thead>
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
