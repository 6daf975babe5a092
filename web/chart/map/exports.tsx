// Probes where they observe, and their exports on the way to the collectors.

import { memo } from 'react'
import type { LabMap } from '../../../src/server/api/map.ts'
import { beside, type Detail, type Places } from './drawn.ts'

export const Exports = memo(function Exports({
  map,
  placeOf,
  exporting,
  detail: { scale },
}: {
  readonly map: LabMap
  readonly placeOf: Places
  /** Probes from which datagrams come now. */
  readonly exporting: ReadonlySet<string>
  readonly detail: Detail
}) {
  return map.probes.flatMap((probe) =>
    probe.exports.map((way) => {
      const nodes = way.path.flatMap((name) => placeOf.get(name) ?? [])
      if (nodes.length < 2) return null
      return (
        <path
          key={`${probe.name} ${way.collector}`}
          className={exporting.has(probe.name) ? 'exports movement-slow' : 'exports'}
          d={nodes
            .slice(1)
            .map((node, index) => beside(nodes[index]!, node, 7 * scale))
            .join('')}
        >
          <title>{`${probe.name} → ${way.collector}: ${probe.protocol}`}</title>
        </path>
      )
    }),
  )
})

export const Probes = memo(function Probes({
  map,
  placeOf,
  detail: { scale, named },
}: {
  readonly map: LabMap
  readonly placeOf: Places
  readonly detail: Detail
}) {
  return map.probes.map((probe, index) => {
    const at = placeOf.get(probe.node)
    const link = map.links.find(({ ends }) =>
      ends.some((end) => end.node === probe.node && end.interface === probe.interface),
    )
    const other = link?.ends.find((end) => end.node !== probe.node || end.interface !== probe.interface)
    const to = other && placeOf.get(other.node)
    if (!at || !to) return null
    const length = Math.max(1, Math.hypot(to.x - at.x, to.y - at.y))
    // Two probes of one interface stand behind each other.
    const twins = map.probes.slice(0, index).filter((each) => each.point === probe.point).length
    const far = Math.min((30 + 18 * twins) * scale, length / 2)
    const [dx, dy] = [(to.x - at.x) / length, (to.y - at.y) / length]
    // The name stands beside the link, above it if it runs level.
    const side = dx >= 0 ? 1 : -1
    return (
      <g
        key={probe.name}
        className="probe"
        transform={`translate(${at.x + dx * far} ${at.y + dy * far}) scale(${scale})`}
      >
        <title>{`${probe.name}: ${probe.kind}, ${probe.point}`}</title>
        <path d="M0 -8L8 0L0 8L-8 0Z" />
        {named && (
          <text
            x={side * dy * 15}
            y={-side * dx * 15}
            dy="0.3em"
            textAnchor={Math.abs(dy) < 0.35 ? 'middle' : side * dy > 0 ? 'start' : 'end'}
          >
            {probe.name}
          </text>
        )}
      </g>
    )
  })
})
