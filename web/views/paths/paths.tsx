// Paths: from source AS over the hops to destination AS (flow.tsx), and AS by AS (matrix.tsx); what the routers' tables make of the wire
// beside what the collector says.

import { useApi } from '../../api.ts'
import type { RunView } from '../../app.tsx'
import { hops, sankey } from '../../chart/sankey.ts'
import { useBeat } from '../../live.ts'
import { useQuery } from '../../location.ts'
import { Answered, Choice, SameCommand, Switch } from '../../parts/basics.tsx'
import { FilterField } from '../../parts/filter.tsx'
import { useText } from '../../text/text.ts'
import { Flow, type Shown, type What } from './flow.tsx'
import { Matrix } from './matrix.tsx'

/** Paths that are drawn, the largest; the table has all. */
const mostDrawn = 60

export default function Paths({ run, overview, live }: RunView) {
  const t = useText()
  const [query, setQuery] = useQuery()
  const what: What = query['in'] === 'packets' ? 'packets' : 'bytes'
  const beside: Shown = query['beside'] === 'exported' ? 'exported' : 'collected'
  const isLive = overview.live && !live.ended
  const beat = useBeat(isLive)
  const asked = useApi(
    '/api/runs/:run/paths',
    { run },
    { filter: query['filter'], point: query['point'] },
    { refresh: beat },
  )
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
          const shown = (witness: Shown) =>
            paths[witness]
              .map((way) => ({ path: hops(way.path), value: way[what] }))
              .sort((a, b) => b.value - a.value)
              .slice(0, mostDrawn)
          const both = [shown('wire'), shown(beside)] as const
          const most = Math.max(...both.map((ways) => ways.reduce((sum, { value }) => sum + value, 0)))
          const columns = both.map((ways) => sankey(ways, { width: 1, height: 1 }).boxes)
          const first = (columns[0]!.length > 0 ? columns[0]! : columns[1]!)
            .filter(({ column }) => column === 0)
            .sort((a, b) => b.value - a.value)
            .map(({ name }) => name)
          const fullest = Math.max(
            1,
            ...columns.flatMap((boxes) =>
              [...new Set(boxes.map(({ column }) => column))].map(
                (each) => boxes.filter(({ column }) => column === each).length,
              ),
            ),
          )
          const scale = { most, first, fullest }
          return (
            <>
              <div className="columns">
                <Flow witness="wire" ways={both[0]} {...{ paths, what, scale }} lab={overview.lab} />
                <Flow witness={beside} ways={both[1]} {...{ paths, what, scale }} lab={overview.lab} />
              </div>
              <Matrix {...{ paths, what, beside, isLive }} lab={overview.lab} />
              <SameCommand>{paths.command}</SameCommand>
            </>
          )
        }}
      </Answered>
    </>
  )
}
