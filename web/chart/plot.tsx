// A frame for values over time: axes, marks of events, a crosshair that tells the numbers, a brush that zooms. What is drawn in it is
// the caller's.

import { type PointerEvent, type ReactNode, type Ref, useRef, useState } from 'react'
import { clock } from '../units.ts'
import { ticks, timeTicks } from './scale.ts'
import { useWidth } from './width.ts'

export interface Scales {
  /** From the begin of the n-th interval, to pixels. */
  readonly x: (index: number) => number
  readonly y: (value: number) => number
}

export interface Told {
  readonly colour?: string
  readonly name: string
  readonly value: string
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
  readonly marks: readonly { readonly at: number; readonly text: string }[]
  /** What the crosshair tells of an interval. */
  readonly told: (index: number) => readonly Told[]
  readonly onZoom: (from: number, to: number) => void
  readonly height?: number
  readonly svg: Ref<SVGSVGElement>
  readonly children: (scales: Scales) => ReactNode
}

const left = 64
const right = 12
const top = 18
const bottom = 24

export function Plot(props: PlotProps) {
  const { from, step, count, most, unit, marks, told, onZoom, height = 260, label, children } = props
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box, 280)
  const [at, setAt] = useState<number>()
  const [brush, setBrush] = useState<readonly [number, number]>()

  const levels = ticks(most, height < 200 ? 3 : 5)
  const highest = levels.at(-1)! || 1
  const x = (index: number): number => left + (index / count) * (width - left - right)
  const y = (value: number): number => height - bottom - (value / highest) * (height - top - bottom)
  const timeX = (time: number): number => x((time - from) / step)
  const to = from + step * count
  const times = timeTicks(from, to, (width - left - right) / 90)
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
        ref={props.svg}
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
          {times.at.map((time) => (
            <text key={time} x={timeX(time)} y={height - 7} textAnchor="middle">
              {clock(time)}
              {fraction && `.${Math.floor((time % 1000) / 100)}`}
            </text>
          ))}
        </g>
        {children({ x, y })}
        {marks
          .filter((mark) => mark.at >= from && mark.at <= to)
          .map((mark, index) => (
            <g key={index} className="mark">
              <title>{`${clock(mark.at)} ${mark.text}`}</title>
              <line x1={timeX(mark.at)} x2={timeX(mark.at)} y1={top - 6} y2={height - bottom} />
              <path d={`M${timeX(mark.at)} ${top - 4}l-4 -7h8z`} />
            </g>
          ))}
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
        <div className={`told ${atX > width / 2 ? 'before' : ''}`} style={{ left: atX }} role="status">
          <strong>{clockWith(from + at * step, step)}</strong>
          <table>
            <tbody>
              {told(at).map(({ name, value, colour }) => (
                <tr key={name}>
                  <th scope="row">
                    {colour !== undefined && (
                      <span className="swatch" style={{ '--swatch': colour } as object} />
                    )}
                    {name}
                  </th>
                  <td className="number">{value}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  )
}

/** With as many digits of the second as the intervals need. */
export const clockWith = (time: number, step: number): string =>
  step % 1000 === 0 ? clock(time) : `${clock(time)}.${String(Math.floor(time % 1000)).padStart(3, '0')}`
