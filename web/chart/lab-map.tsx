// The lab drawn: ASes as boxes, nodes, links with what they carry in each direction, probes where they observe, exports on their way.

import { Fragment, type KeyboardEvent, memo, type RefObject, useRef } from 'react'
import type { LabMap as LabMapAnswer, MapLink, MapNode } from '../../src/server/api/map.ts'
import { keyColour } from '../parts/basics.tsx'
import { useText } from '../text/text.ts'
import { short } from '../units.ts'
import { useViewBox } from './view-box.ts'
import { useWidth } from './width.ts'

/** What is known of the lab now. */
export interface Condition {
  /** Bits a second out of an interface, `node:interface`. */
  readonly rates: ReadonlyMap<string, number>
  /** Interfaces that are down, `node:interface`. */
  readonly down: ReadonlySet<string>
  readonly nodes: ReadonlyMap<string, 'up' | 'degraded' | 'down'>
  /** Probes from which datagrams come now. */
  readonly exporting: ReadonlySet<string>
  /** Names of nodes between which a session should be up and is not. */
  readonly broken: readonly (readonly [string, string])[]
  readonly moving: boolean
}

export type Selected = { readonly node: string } | { readonly link: string } | undefined

interface Props {
  readonly map: LabMapAnswer
  readonly condition: Condition
  readonly selected: Selected
  readonly onSelect: (selected: Selected) => void
  readonly svg: RefObject<SVGSVGElement | null>
}

const margin = 70

/** Signs and letters are as large as elsewhere on the page, as far as there is room between nodes, which stand 120 apart. */
const mostScale = 2.4

/** Width of a line by its rate: a step for each power of ten. */
export const widthOf = (bits: number): number =>
  Math.min(10, Math.max(1.5, 1.5 + 1.5 * (Math.log10(Math.max(bits, 1)) - 3)))

const onEnter = (act: () => void) => (event: KeyboardEvent) => {
  if (event.key !== 'Enter' && event.key !== ' ') return
  event.preventDefault()
  event.stopPropagation()
  act()
}

export const systemColour = (map: LabMapAnswer, as: number | undefined): string =>
  as === undefined ? 'var(--line-strong)' : keyColour(map.systems.findIndex((system) => system.as === as))

export function LabMap({ map, condition, selected, onSelect, svg }: Props) {
  const t = useText()
  const view = useViewBox(svg, {
    x: -margin,
    y: -margin,
    width: map.width + 2 * margin,
    height: map.height + 2 * margin,
  })
  const placeOf = new Map(map.nodes.map((node) => [node.name, node]))
  const box = useRef<HTMLDivElement>(null)
  const scale = Math.min(mostScale, Math.max(1, (map.width + 2 * margin) / useWidth(box, 200)))
  return (
    <div ref={box} className="lab-map" style={{ '--scale': scale } as object}>
      <svg
        ref={svg}
        viewBox={view.viewBox}
        role="group"
        aria-label={t.map.title}
        tabIndex={0}
        {...view.handlers}
      >
        <Systems map={map} />
        {map.links.map((link) => {
          const [a, b] = link.ends.map(({ node }) => placeOf.get(node))
          if (!a || !b) return null
          const isDown = link.ends.some((end) => condition.down.has(`${end.node}:${end.interface}`))
          const [there, back] = link.ends.map(
            (end) => condition.rates.get(`${end.node}:${end.interface}`) ?? 0,
          )
          return (
            <LinkLine
              key={link.id}
              {...{ link, a, b, isDown, there: there!, back: back!, onSelect, scale }}
              moving={condition.moving}
              chosen={selected !== undefined && 'link' in selected && selected.link === link.id}
            />
          )
        })}
        {condition.broken.map(([one, other]) => {
          const [a, b] = [placeOf.get(one), placeOf.get(other)]
          if (!a || !b) return null
          return <line key={`${one} ${other}`} className="broken" x1={a.x} y1={a.y} x2={b.x} y2={b.y} />
        })}
        <Exports {...{ map, placeOf, scale, exporting: condition.exporting }} />
        {map.nodes.map((node) => (
          <Node
            key={node.name}
            node={node}
            colour={systemColour(map, node.as)}
            state={condition.nodes.get(node.name)}
            chosen={selected !== undefined && 'node' in selected && selected.node === node.name}
            scale={scale}
            onSelect={onSelect}
          />
        ))}
        <Probes {...{ map, placeOf, scale }} />
        <SystemNames map={map} />
      </svg>
      <span className="group map-tools">
        <button type="button" aria-label={t.map.zoomIn} onClick={() => view.zoom(0.8)}>
          +
        </button>
        <button type="button" aria-label={t.map.zoomOut} onClick={() => view.zoom(1.25)}>
          −
        </button>
        <button type="button" onClick={view.fit}>
          {t.map.fit}
        </button>
      </span>
    </div>
  )
}

const Systems = memo(function Systems({ map }: { readonly map: LabMapAnswer }) {
  return map.systems.map(({ as, x, y, width, height }) => (
    <g key={as} className="system" style={{ color: systemColour(map, as) }}>
      <rect {...{ x, y, width, height }} rx={14} />
    </g>
  ))
})

/** Above the links. */
const SystemNames = memo(function SystemNames({ map }: { readonly map: LabMapAnswer }) {
  return map.systems.map(({ as, x, y }) => (
    <text key={as} className="system-name" x={x + 12} y={y + 12} dy="0.9em">
      AS {as}
    </text>
  ))
})

type Places = ReadonlyMap<string, MapNode>

/** The line from a to b, moved to its left by so much. */
function beside(a: MapNode, b: MapNode, by: number): string {
  const length = Math.max(1, Math.hypot(b.x - a.x, b.y - a.y))
  const [x, y] = [((b.y - a.y) / length) * by, (-(b.x - a.x) / length) * by]
  return `M${a.x + x} ${a.y + y}L${b.x + x} ${b.y + y}`
}

interface LinkProps {
  readonly link: MapLink
  readonly a: MapNode
  readonly b: MapNode
  readonly isDown: boolean
  /** Bits a second, from a to b and from b to a. */
  readonly there: number
  readonly back: number
  readonly moving: boolean
  readonly chosen: boolean
  readonly scale: number
  readonly onSelect: (selected: Selected) => void
}

const LinkLine = memo(function LinkLine({
  link,
  a,
  b,
  isDown,
  there,
  back,
  moving,
  chosen,
  scale,
  onSelect,
}: LinkProps) {
  const t = useText()
  const name = link.ends.map((end) => `${end.node}:${end.interface}`).join(' – ')
  const said = isDown
    ? t.map.down
    : there + back > 0
      ? `${short(there, 'bit/s')} →, ${short(back, 'bit/s')} ←`
      : t.map.up
  const choose = (): void => onSelect({ link: link.id })
  const [x, y] = [(a.x + b.x) / 2, (a.y + b.y) / 2]
  return (
    <g
      className={`link${isDown ? ' down' : ''}${chosen ? ' chosen' : ''}${link.impaired ? ' impaired' : ''}`}
      data-link={link.id}
      role="button"
      tabIndex={0}
      aria-label={`${t.map.link} ${name}: ${said}`}
      onClick={choose}
      onKeyDown={onEnter(choose)}
    >
      <title>{`${name}\n${said}`}</title>
      <path className="reach" d={`M${a.x} ${a.y}L${b.x} ${b.y}`} />
      <path className="bare" d={`M${a.x} ${a.y}L${b.x} ${b.y}`} />
      {!isDown &&
        [[there, a, b] as const, [back, b, a] as const].map(([bits, from, to], index) => {
          if (bits <= 0) return null
          const width = widthOf(bits) * scale
          const d = beside(from, to, -(width / 2 + 0.75))
          return (
            <Fragment key={index}>
              <path className="carried" d={d} strokeWidth={width} />
              {moving && (
                <path
                  className={`movement speed-${speedOf(bits)}`}
                  d={d}
                  strokeWidth={Math.max(1, width * 0.3)}
                />
              )}
            </Fragment>
          )
        })}
      {isDown && (
        <path
          className="cut"
          transform={`translate(${x} ${y}) scale(${scale})`}
          d="M-7 -7l14 14m0 -14l-14 14"
        />
      )}
    </g>
  )
})

const speedOf = (bits: number): 1 | 2 | 3 => (bits < 1e5 ? 1 : bits < 1e7 ? 2 : 3)

function Exports({
  map,
  placeOf,
  scale,
  exporting,
}: {
  readonly map: LabMapAnswer
  readonly placeOf: Places
  readonly scale: number
  readonly exporting: ReadonlySet<string>
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
}

function Probes({
  map,
  placeOf,
  scale,
}: {
  readonly map: LabMapAnswer
  readonly placeOf: Places
  readonly scale: number
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
        <text
          x={side * dy * 15}
          y={-side * dx * 15}
          dy="0.3em"
          textAnchor={Math.abs(dy) < 0.35 ? 'middle' : side * dy > 0 ? 'start' : 'end'}
        >
          {probe.name}
        </text>
      </g>
    )
  })
}

const Node = memo(function Node({
  node,
  colour,
  state,
  chosen,
  scale,
  onSelect,
}: {
  readonly node: MapNode
  readonly colour: string
  readonly state: 'up' | 'degraded' | 'down' | undefined
  readonly chosen: boolean
  readonly scale: number
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
        <text className="name" y={29}>
          {node.name}
        </text>
      </g>
      <text className="sign" dy="0.35em" aria-hidden="true">
        {state === 'down' ? '✕' : state === 'degraded' ? '!' : signOf[node.kind]}
      </text>
      {node.collectors.map((collector, index) => (
        <g
          key={collector}
          className="collector"
          transform={`translate(16 ${-14 - 16 * index})`}
          aria-hidden="true"
        >
          <path d="M-6 -4v8a6 2.5 0 0 0 12 0v-8a6 2.5 0 0 0 -12 0a6 2.5 0 0 0 12 0" />
          <text x={10} y={4}>
            {collector}
          </text>
        </g>
      ))}
    </g>
  )
})

const signOf: Readonly<Record<MapNode['kind'], string>> = { frr: 'R', bird: 'B', host: '', bridge: '' }
