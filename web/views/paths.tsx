// Paths: from source AS over the hops to destination AS, and AS by AS; what the routers' tables make of the wire beside what the
// collector says.

import { useRef } from 'react'
import type { FlowOfPath, Paths as PathsAnswer } from '../../src/server/api/flows.ts'
import { useApi } from '../api.ts'
import type { RunView } from '../app.tsx'
import type { Sheet } from '../chart/picture.ts'
import { boxWidth, sankey } from '../chart/sankey.ts'
import { useQuery } from '../location.ts'
import {
  Answered,
  Choice,
  colourOf,
  keyColour,
  Panel,
  SameCommand,
  Stage,
  Switch,
  Scroll,
} from '../parts/basics.tsx'
import { AsTable, Downloads } from '../parts/downloads.tsx'
import { FilterField } from '../parts/filter.tsx'
import { useText } from '../text/text.ts'
import { exact, short } from '../units.ts'

type What = 'bytes' | 'packets'
type Shown = 'wire' | 'exported' | 'collected'

export default function Paths({ run, overview }: RunView) {
  const t = useText()
  const [query, setQuery] = useQuery()
  const what: What = query['in'] === 'packets' ? 'packets' : 'bytes'
  const beside: Shown = query['beside'] === 'exported' ? 'exported' : 'collected'
  const asked = useApi('/api/runs/:run/paths', { run }, { filter: query['filter'], point: query['point'] })
  return (
    <>
      <h1>{t.paths.title}</h1>
      <div className="bar">
        <Switch
          label={t.time.measure}
          value={what}
          options={[
            ['bytes', t.bytes],
            ['packets', t.packets],
          ]}
          onChange={(value) => setQuery({ in: value })}
        />
        <Switch
          label={t.paths.beside}
          value={beside}
          options={[
            ['collected', t.stages.collected],
            ['exported', t.stages.exported],
          ]}
          onChange={(value) => setQuery({ beside: value })}
        />
        {overview.points.length > 1 && (
          <Choice
            label={t.books.point}
            value={query['point'] ?? ''}
            options={[['', t.time.everyPoint], ...overview.points.map((each) => [each, each] as const)]}
            onChange={(point) => setQuery({ point })}
          />
        )}
        <FilterField
          value={query['filter'] ?? ''}
          onApply={(filter) => setQuery({ filter })}
          problem={asked.problem}
        />
      </div>
      <Answered asked={asked}>
        {(paths) => {
          const both = [paths.wire, paths[beside]]
          const most = Math.max(...both.map((ways) => ways.reduce((sum, way) => sum + way[what], 0)))
          return (
            <>
              <div className="columns">
                <Flow witness="wire" {...{ paths, what, most }} lab={overview.lab} />
                <Flow witness={beside} {...{ paths, what, most }} lab={overview.lab} />
              </div>
              <Matrix {...{ paths, what, beside }} lab={overview.lab} />
              <SameCommand>{paths.command}</SameCommand>
            </>
          )
        }}
      </Answered>
    </>
  )
}

const size = { width: 620, height: 300 }
const margin = 8

function Flow({
  witness,
  paths,
  what,
  most,
  lab,
}: {
  readonly witness: Shown
  readonly paths: PathsAnswer
  readonly what: What
  readonly most: number
  readonly lab: string
}) {
  const t = useText()
  const svg = useRef<SVGSVGElement>(null)
  const ways: readonly FlowOfPath[] = paths[witness]
  const { boxes, bands } = sankey(
    ways.map((way) => ({ path: way.path, value: way[what] })),
    { width: size.width, height: size.height - 20 },
    most,
  )
  const columns = Math.max(0, ...boxes.map(({ column }) => column))
  const name = (as: string): string => (as === '?' ? t.paths.noAs : `AS ${as}`)
  const colour = (as: string): string =>
    as === '?' ? 'var(--key-others)' : keyColour(Math.max(0, paths.matrix.systems.indexOf(as)))
  const sheet = (): Sheet => ({
    columns: [t.paths.path, t.packets, t.bytes],
    rows: ways.map(({ path, packets, bytes }) => [path.join(' '), packets, bytes]),
  })
  return (
    <Panel
      title={t.stages[witness]}
      note={t.paths.meaning[witness]}
      tools={<Downloads name={`${lab}-paths-${witness}`} svg={svg} sheet={sheet} />}
    >
      <Scroll>
        <svg
          ref={svg}
          role="img"
          aria-label={`${t.paths.sankey}, ${t.stages[witness]}`}
          className="sankey"
          viewBox={`${-margin} ${-margin} ${size.width + 2 * margin} ${size.height + 2 * margin}`}
        >
          <rect x={0} y={size.height + 2} width={size.width} height={3} style={{ fill: colourOf(witness) }} />
          {bands.map(({ id, d, from, to, value }) => (
            <path key={id} className="band" d={d} style={{ fill: colour(from) }}>
              <title>{`${name(from)} → ${name(to)}: ${exact(value)} ${t[what]}`}</title>
            </path>
          ))}
          {boxes.map(({ id, name: as, x, y, height, value, column }) => (
            <g key={id}>
              <rect x={x} y={y} width={boxWidth} height={height} rx={2} style={{ fill: colour(as) }} />
              <text
                x={column === columns ? x - 6 : x + boxWidth + 6}
                y={y + height / 2}
                dy="0.32em"
                textAnchor={column === columns ? 'end' : 'start'}
              >
                {name(as)} <tspan className="soft">{short(value, what === 'bytes' ? 'B' : '')}</tspan>
              </text>
            </g>
          ))}
        </svg>
      </Scroll>
      {ways.length === 0 && <p className="soft">{t.paths.none}</p>}
      <AsTable sheet={sheet} />
    </Panel>
  )
}

function Matrix({
  paths: { matrix },
  what,
  beside,
  lab,
}: {
  readonly paths: PathsAnswer
  readonly what: What
  readonly beside: Shown
  readonly lab: string
}) {
  const t = useText()
  const amount = (witness: Shown, source: string, destination: string): number =>
    matrix[witness]
      .filter((cell) => cell.source === source && cell.destination === destination)
      .reduce((sum, cell) => sum + cell[what], 0)
  const largest = Math.max(1, ...matrix.wire.map((cell) => cell[what]))
  const name = (as: string): string => (as === '?' ? t.paths.noAs : `AS ${as}`)
  const sheet = (): Sheet => ({
    columns: [t.paths.from, t.paths.to, t.stages.wire, t.stages[beside]],
    rows: matrix.systems.flatMap((source) =>
      matrix.systems.map((destination) => [
        source,
        destination,
        amount('wire', source, destination),
        amount(beside, source, destination),
      ]),
    ),
  })
  return (
    <Panel
      title={t.paths.matrix}
      note={
        <>
          {t.paths.matrixNote} <Stage of="wire" /> / <Stage of={beside} />, {t[what]}
        </>
      }
      tools={<Downloads name={`${lab}-matrix`} sheet={sheet} />}
      bare
    >
      <table className="matrix">
        <thead>
          <tr>
            <th scope="col">{`${t.paths.from} ↓ ${t.paths.to} →`}</th>
            {matrix.systems.map((as) => (
              <th key={as} scope="col" className="number">
                {name(as)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {matrix.systems.map((source) => (
            <tr key={source}>
              <th scope="row">{name(source)}</th>
              {matrix.systems.map((destination) => {
                const [wire, other] = [
                  amount('wire', source, destination),
                  amount(beside, source, destination),
                ]
                if (wire === 0 && other === 0)
                  return (
                    <td key={destination} className="number soft">
                      ·
                    </td>
                  )
                return (
                  <td
                    key={destination}
                    className={wire === other ? 'number cell' : 'number cell differs'}
                    style={{ '--share': `${Math.round((wire / largest) * 40)}%` } as object}
                  >
                    <div>{exact(wire)}</div>
                    <div className={wire === other ? 'soft' : 'wrong-text'}>
                      {wire === other ? '=' : exact(other)}
                    </div>
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}
