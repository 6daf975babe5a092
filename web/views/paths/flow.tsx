// The paths of one witness, drawn: a box an AS and hop, bands between them as wide as what they carry.

import { useRef } from 'react'
import type { Paths } from '../../../src/server/api/flows.ts'
import type { Sheet } from '../../chart/picture.ts'
import { boxWidth, sankey, type Way } from '../../chart/sankey.ts'
import { useLetterScale, useWidth } from '../../chart/width.ts'
import { keyColour, Panel, Scroll, Stage } from '../../parts/basics.tsx'
import { AsTable, Downloads } from '../../parts/downloads.tsx'
import { useText } from '../../text/text.ts'
import { exact, short } from '../../units.ts'

export type What = 'bytes' | 'packets'
export type Shown = 'wire' | 'exported' | 'collected'

interface Props {
  readonly witness: Shown
  readonly ways: readonly Way[]
  readonly paths: Paths
  readonly what: What
  readonly scale: { readonly most: number; readonly first: readonly string[]; readonly fullest: number }
  readonly lab: string
}

export function Flow({ witness, ways, paths, what, scale, lab }: Props) {
  const t = useText()
  const svg = useRef<SVGSVGElement>(null)
  const sheet = (): Sheet => ({
    columns: [t.paths.path, t.packets, t.bytes],
    rows: paths[witness].map(({ path, packets, bytes }) => [path.join(' '), packets, bytes]),
  })
  const [drawn, all] = [ways.length, paths[witness].length + paths.left[witness]]
  return (
    <Panel
      title={<Stage of={witness} />}
      note={t.paths.meaning[witness]}
      tools={
        <Downloads
          name={`${lab}-paths-${witness}`}
          {...(drawn > 0 && { svg })}
          {...(drawn > 0 && { sheet })}
        />
      }
    >
      {drawn === 0 ? (
        <p className="soft">{t.paths.none}</p>
      ) : (
        <>
          <Drawing {...{ witness, ways, paths, what, scale, svg }} />
          {drawn < all && <p className="soft small">{t.paths.largest(exact(drawn), exact(all))}</p>}
          <AsTable sheet={sheet} />
        </>
      )}
    </Panel>
  )
}

/** In pixels of a laptop's letters: behind a column there must be room for a name, and for its amount. */
const room = { name: 104, amount: 156, line: 8 }

function Drawing({
  witness,
  ways,
  paths,
  what,
  scale,
  svg,
}: Omit<Props, 'lab'> & { readonly svg: React.RefObject<SVGSVGElement | null> }) {
  const t = useText()
  const box = useRef<HTMLDivElement>(null)
  const letters = useLetterScale()
  const columns = Math.max(...ways.map(({ path }) => path.length))
  const width = useWidth(box, columns * room.name * letters)
  const height = Math.max(280, scale.fullest * 26) * letters
  const hasRoom = width / columns > room.amount * letters
  const behind = (hasRoom ? room.amount : room.name) * letters
  const { boxes, bands } = sankey(ways, { width: width - behind, height }, scale)
  const name = (as: string): string => (as === '?' ? t.paths.noAs : `AS ${as}`)
  const colour = (as: string): string =>
    as === '?' ? 'var(--key-others)' : keyColour(Math.max(0, paths.matrix.systems.indexOf(as)))
  const amount = (value: number): string => short(value, what === 'bytes' ? 'B' : '')
  return (
    <Scroll>
      <div ref={box}>
        <svg
          ref={svg}
          role="img"
          aria-label={`${t.paths.sankey}, ${t.stages[witness]}`}
          className="sankey"
          width={width}
          height={height + 2 * room.line}
          viewBox={`0 ${-room.line} ${width} ${height + 2 * room.line}`}
        >
          {bands.map(({ id, d, from, to, value }) => (
            <path key={id} className="band" d={d} style={{ fill: colour(from) }}>
              <title>{`${name(from)} → ${name(to)}: ${exact(value)} ${t[what]}`}</title>
            </path>
          ))}
          {boxes.map(({ id, name: as, x, y, height: tall, value }) => (
            <g key={id}>
              <title>{`${name(as)}: ${exact(value)} ${t[what]}`}</title>
              <rect x={x} y={y} width={boxWidth} height={tall} rx={2} style={{ fill: colour(as) }} />
              <text x={x + boxWidth + 6} y={y + tall / 2} dy="0.32em">
                {name(as)}
                {hasRoom && <tspan className="soft"> {amount(value)}</tspan>}
              </text>
            </g>
          ))}
        </svg>
      </div>
    </Scroll>
  )
}
