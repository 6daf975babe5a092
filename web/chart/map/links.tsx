// Links: what they carry in each direction as width, movement and figure, and those that are down.

import { Fragment, memo } from 'react'
import type { LabMap, MapLink, MapNode } from '../../../src/server/api/map.ts'
import { useText } from '../../text/text.ts'
import { short } from '../../units.ts'
import { beside, type Condition, type Detail, onEnter, type Places, type Selected, widthOf } from './drawn.ts'

interface LinksProps {
  readonly map: LabMap
  readonly placeOf: Places
  readonly condition: Condition
  readonly selected: Selected
  readonly detail: Detail
  readonly onSelect: (selected: Selected) => void
}

export const Links = memo(function Links({
  map,
  placeOf,
  condition,
  selected,
  detail,
  onSelect,
}: LinksProps) {
  return (
    <>
      {map.links.map((link) => {
        const [a, b] = link.ends.map(({ node }) => placeOf.get(node))
        if (!a || !b) return null
        const isDown = link.ends.some((end) => condition.down.has(`${end.node}:${end.interface}`))
        const [there, back] = link.ends.map((end) => condition.rates.get(`${end.node}:${end.interface}`) ?? 0)
        return (
          <LinkLine
            key={link.id}
            {...{ link, a, b, isDown, there: there!, back: back!, detail, onSelect }}
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
    </>
  )
})

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
  readonly detail: Detail
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
  detail: { scale, pixels, named },
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
  const line = `M${a.x} ${a.y}L${b.x} ${b.y}`
  const lanes = isDown
    ? []
    : [
        { bits: there, from: a, to: b },
        { bits: back, from: b, to: a },
      ].filter(({ bits }) => bits > 0)
  const isLong = named && Math.hypot(b.x - a.x, b.y - a.y) * pixels > roomForFigures
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
      <path className="reach" d={line} />
      <path className="bare" d={line} />
      {lanes.map(({ bits, from, to }) => {
        const width = widthOf(bits) * scale
        const d = beside(from, to, -(width / 2 + 0.75 * scale))
        return (
          <Fragment key={from.name}>
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
      {isLong && lanes.map(({ bits, from, to }) => <Figure key={from.name} {...{ bits, from, to, scale }} />)}
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

/** Of a link with figures beside it, in pixels. */
const roomForFigures = 120

const speedOf = (bits: number): 1 | 2 | 3 => (bits < 1e5 ? 1 : bits < 1e7 ? 2 : 3)

const arrows = ['→', '↘', '↓', '↙', '←', '↖', '↑', '↗'] as const

/** The rate of one direction, on its side of the link. */
function Figure({
  bits,
  from,
  to,
  scale,
}: {
  readonly bits: number
  readonly from: MapNode
  readonly to: MapNode
  readonly scale: number
}) {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const length = Math.max(1, Math.hypot(dx, dy))
  const away = (widthOf(bits) + 9) * scale
  const [sideX, sideY] = [-dy / length, dx / length]
  const arrow = arrows[(Math.round(Math.atan2(dy, dx) / (Math.PI / 4)) + 8) % 8]
  return (
    <text
      className="figure"
      x={from.x + dx / 2 + sideX * away}
      y={from.y + dy / 2 + sideY * away}
      dy="0.32em"
      textAnchor={Math.abs(sideX) < 0.08 ? 'middle' : sideX > 0 ? 'start' : 'end'}
      aria-hidden="true"
    >
      {short(bits, 'bit/s')} {arrow}
    </text>
  )
}
