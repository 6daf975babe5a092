// Nodes with their state, collectors where they sit, and the ASes around them.

import { memo } from 'react'
import type { LabMap, MapNode } from '../../../src/server/api/map.ts'
import { useText } from '../../text/text.ts'
import { type Condition, type Detail, onEnter, type Selected, systemColour } from './drawn.ts'

export const Systems = memo(function Systems({ map }: { readonly map: LabMap }) {
  return map.systems.map(({ as, x, y, width, height }) => (
    <g key={as} className="system" style={{ color: systemColour(map, as) }}>
      <rect {...{ x, y, width, height }} rx={14} />
    </g>
  ))
})

/** Above the links, where the box is wide enough. */
export const SystemNames = memo(function SystemNames({
  map,
  detail: { scale, named },
}: {
  readonly map: LabMap
  readonly detail: Detail
}) {
  return map.systems
    .filter(({ as, width }) => named && width > 6.6 * `AS ${as}`.length * scale)
    .map(({ as, x, y }) => (
      <text key={as} className="system-name" x={x + 9 * scale} y={y + 7 * scale} dy="0.9em">
        AS {as}
      </text>
    ))
})

export const Nodes = memo(function Nodes({
  map,
  condition,
  selected,
  detail,
  onSelect,
}: {
  readonly map: LabMap
  readonly condition: Condition
  readonly selected: Selected
  readonly detail: Detail
  readonly onSelect: (selected: Selected) => void
}) {
  return map.nodes.map((node) => (
    <Node
      key={node.name}
      node={node}
      colour={systemColour(map, node.as)}
      state={condition.nodes.get(node.name)}
      chosen={selected !== undefined && 'node' in selected && selected.node === node.name}
      detail={detail}
      onSelect={onSelect}
    />
  ))
})

const Node = memo(function Node({
  node,
  colour,
  state,
  chosen,
  detail: { scale, named },
  onSelect,
}: {
  readonly node: MapNode
  readonly colour: string
  readonly state: 'up' | 'degraded' | 'down' | undefined
  readonly chosen: boolean
  readonly detail: Detail
  readonly onSelect: (selected: Selected) => void
}) {
  const t = useText()
  const choose = (): void => onSelect({ node: node.name })
  const said = [
    node.kind,
    node.as === undefined ? t.map.noAs : `AS ${node.as}`,
    ...(state ? [t.map.states[state]] : []),
    ...node.collectors.map((collector) => `${t.map.collector} ${collector}`),
  ]
  return (
    <g
      className={`node ${state ?? ''}${chosen ? ' chosen' : ''}`}
      style={{ color: colour }}
      transform={`translate(${node.x} ${node.y}) scale(${scale})`}
    >
      <g
        className="body"
        role="button"
        tabIndex={0}
        data-node={node.name}
        aria-label={`${t.map.node} ${node.name}: ${said.join(', ')}`}
        onClick={choose}
        onKeyDown={onEnter(choose)}
      >
        <title>{[node.name, ...said, ...node.addresses].join('\n')}</title>
        {node.kind === 'host' ? (
          <rect x={-11} y={-11} width={22} height={22} rx={4} />
        ) : node.kind === 'bridge' ? (
          <rect x={-18} y={-7} width={36} height={14} rx={3} />
        ) : (
          <circle r={14} />
        )}
        {named && (
          <text className="name" y={29}>
            {node.name}
          </text>
        )}
      </g>
      {(named || state === 'down' || state === 'degraded') && (
        <text className="sign" dy="0.35em" aria-hidden="true">
          {state === 'down' ? '✕' : state === 'degraded' ? '!' : signOf[node.kind]}
        </text>
      )}
      {node.collectors.map((collector, index) => (
        <g
          key={collector}
          className="collector"
          transform={`translate(16 ${-14 - 16 * index})`}
          aria-hidden="true"
        >
          <path d="M-6 -4v8a6 2.5 0 0 0 12 0v-8a6 2.5 0 0 0 -12 0a6 2.5 0 0 0 12 0" />
          {named && (
            <text x={10} y={4}>
              {collector}
            </text>
          )}
        </g>
      ))}
    </g>
  )
})

const signOf: Readonly<Record<MapNode['kind'], string>> = { frr: 'R', bird: 'B', host: '', bridge: '' }
