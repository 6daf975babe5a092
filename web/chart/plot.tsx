// A frame for values over time: axes, marks of events, a crosshair that tells the numbers, a brush that zooms. What is drawn in it is
// the caller's, and is drawn once: crosshair and brush move over it.

import { type PointerEvent, type ReactNode, type Ref, useMemo, useRef, useState } from 'react'
import { useSay } from '../text/said.tsx'
import { clock } from '../units.ts'
import { ticks, timeTicks } from './scale.ts'
import { useLetterScale, useWidth } from './width.ts'

export interface Scales {
  /** From the begin of the n-th interval, to pixels. */
  readonly x: (index: number) => number
  readonly y: (value: number) => number
  /** The value at the upper edge. */
  readonly highest: number
}

export interface Told {
  readonly colour?: string
  readonly name: string
  readonly value: string
}

interface Mark {
  readonly at: number
  readonly text: string
}

interface PlotProps {
  readonly label: string
  /** ms since the epoch. */
  readonly from: number
  /** ms. */
  readonly step: number
  readonly count: number
  readonly most: number
  readonly unit: (value: number) => string
  readonly marks: readonly Mark[]
  /** What the crosshair tells of an interval. */
  readonly told: (index: number) => readonly Told[]
  readonly onZoom: (from: number, to: number) => void
  readonly height?: number
  readonly svg: Ref<SVGSVGElement>
  readonly draw: (scales: Scales) => ReactNode
}

/** In pixels of a laptop's letters. */
const edges = { left: 64, right: 12, top: 22, bottom: 24 }

export function Plot({
  label,
  from,
  step,
  count,
  most,
  unit,
  marks,
  told,
  onZoom,
  height: usual = 260,
  svg,
  draw,
}: PlotProps) {
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box, 280)
  const letters = useLetterScale()
  const [at, setAt] = useState<number>()
  const [brush, setBrush] = useState<readonly [number, number]>()

  const height = usual * letters
  const [left, right, top, bottom] = [edges.left, edges.right, edges.top, edges.bottom].map(
    (edge) => edge * letters,
  ) as [number, number, number, number]
  const levels = ticks(most, usual < 200 ? 3 : 5)
  const highest = levels.at(-1)! || 1
  const { x, y, timeX } = useMemo(() => {
    const across = (index: number): number => left + (index / count) * (width - left - right)
    return {
      x: across,
      y: (value: number): number => height - bottom - (value / highest) * (height - top - bottom),
      timeX: (time: number): number => across((time - from) / step),
    }
  }, [left, right, top, bottom, width, height, count, highest, from, step])
  const drawn = useMemo(() => draw({ x, y, highest }), [draw, x, y, highest])
  const to = from + step * count
  const times = timeTicks(from, to, (width - left - right) / (90 * letters))
  const fraction = times.step < 1000

  const indexOf = ({ clientX, currentTarget }: PointerEvent<SVGSVGElement>): number => {
    const share = (clientX - currentTarget.getBoundingClientRect().left - left) / (width - left - right)
    return Math.min(count - 1, Math.max(0, Math.floor(share * count)))
  }
  const zoomTo = ([one, other]: readonly [number, number]): void => {
    const [first, last] = one < other ? [one, other] : [other, one]
    if (last > first) onZoom(Math.round(from + first * step), Math.round(from + (last + 1) * step))
  }

  const atX = at === undefined ? 0 : x(at + 0.5)
  return (
    <div ref={box} className="plot">
      <svg
        ref={svg}
        role="img"
        aria-label={label}
        tabIndex={0}
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        onPointerMove={(event) => {
          const index = indexOf(event)
          setAt(index)
          if (brush) setBrush([brush[0], index])
        }}
        onPointerLeave={() => !brush && setAt(undefined)}
        onPointerDown={(event) => {
          if (event.button !== 0) return
          event.currentTarget.setPointerCapture(event.pointerId)
          setBrush([indexOf(event), indexOf(event)])
        }}
        onPointerUp={() => {
          if (brush) zoomTo(brush)
          setBrush(undefined)
        }}
        onPointerCancel={() => setBrush(undefined)}
        onBlur={() => setAt(undefined)}
        onKeyDown={({ key }) => {
          if (key === 'ArrowRight') setAt(Math.min(count - 1, (at ?? -1) + 1))
          if (key === 'ArrowLeft') setAt(Math.max(0, (at ?? count) - 1))
          if (key === 'Escape') setAt(undefined)
        }}
      >
        <g className="grid">
          {levels.map((level) => (
            <g key={level}>
              <line x1={left} x2={width - right} y1={y(level)} y2={y(level)} />
              <text x={left - 8} y={y(level)} dy="0.32em" textAnchor="end">
                {unit(level)}
              </text>
            </g>
          ))}
          {times.at
            .filter((time) => timeX(time) < width - 28 * letters)
            .map((time) => (
              <text key={time} x={timeX(time)} y={height - 7 * letters} textAnchor="middle">
                {clock(time)}
                {fraction && `.${Math.floor((time % 1000) / 100)}`}
              </text>
            ))}
        </g>
        {drawn}
        <Marks
          marks={marks.filter((mark) => mark.at >= from && mark.at <= to)}
          {...{ timeX, top, letters, width }}
          foot={height - bottom}
        />
        {brush && (
          <rect
            className="brush"
            x={x(Math.min(...brush))}
            width={x(Math.max(...brush) + 1) - x(Math.min(...brush))}
            y={top}
            height={height - top - bottom}
          />
        )}
        {at !== undefined && <line className="cross" x1={atX} x2={atX} y1={top} y2={height - bottom} />}
      </svg>
      {at !== undefined && (
        <Telling
          time={clockWith(from + at * step, step)}
          lines={told(at)}
          marks={marks.filter((mark) => mark.at >= from + at * step && mark.at < from + (at + 1) * step)}
          x={atX}
          isBefore={atX > width / 2}
        />
      )}
    </div>
  )
}

/** Events, by name where the name has room before the next one. */
function Marks({
  marks,
  timeX,
  top,
  foot,
  letters,
  width,
}: {
  readonly marks: readonly Mark[]
  readonly timeX: (time: number) => number
  readonly top: number
  readonly foot: number
  readonly letters: number
  readonly width: number
}) {
  const say = useSay()
  return marks.map((mark, index) => {
    const [x, text] = [timeX(mark.at), say(mark.text)]
    const next = marks[index + 1]
    const room = (next ? timeX(next.at) : width) - x - 10 * letters
    return (
      <g key={index} className="mark">
        <title>{`${clock(mark.at)} ${text}`}</title>
        <line x1={x} x2={x} y1={top - 4} y2={foot} />
        <path d={`M${x} ${top - 3}l-4 -7h8z`} />
        {widthOf(text) * letters < room && (
          <text x={x + 7 * letters} y={top - 4 * letters}>
            {text}
          </text>
        )}
      </g>
    )
  })
}

/** Of a text in the letters of a drawing, in pixels, rather too much than too little. */
const widthOf = (text: string): number =>
  Array.from(text).reduce((sum, each) => sum + (each.charCodeAt(0) > 0x2e7f ? 12 : 6.8), 0)

function Telling({
  time,
  lines,
  marks,
  x,
  isBefore,
}: {
  readonly time: string
  readonly lines: readonly Told[]
  readonly marks: readonly Mark[]
  readonly x: number
  readonly isBefore: boolean
}) {
  const say = useSay()
  return (
    <div className={isBefore ? 'told before' : 'told'} style={{ left: x }} role="status">
      <strong>{time}</strong>
      <table>
        <tbody>
          {lines.map(({ name, value, colour }) => (
            <tr key={name}>
              <th scope="row">
                {colour !== undefined && <span className="swatch" style={{ '--swatch': colour } as object} />}
                {name}
              </th>
              <td className="number">{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {marks.map((mark, index) => (
        <div key={index} className="soft">
          ▼ {say(mark.text)}
        </div>
      ))}
    </div>
  )
}

/** With as many digits of the second as the intervals need. */
export const clockWith = (time: number, step: number): string =>
  step % 1000 === 0 ? clock(time) : `${clock(time)}.${String(Math.floor(time % 1000)).padStart(3, '0')}`
