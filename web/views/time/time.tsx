// Over time: the witnesses as curves with what lies between them shaded (compared.tsx), and the traffic of one witness by any key
// (stacked.tsx). Both have one span, which a brush across either narrows.

import type { Series } from '../../../src/server/api/flows.ts'
import type { Key as KeyName } from '../../../src/server/api/values.ts'
import { address, useApi } from '../../api.ts'
import type { RunView } from '../../app.tsx'
import { useBeat } from '../../live.ts'
import { useQuery } from '../../location.ts'
import { Answered, Choice, Switch } from '../../parts/basics.tsx'
import { FilterField } from '../../parts/filter.tsx'
import { useText } from '../../text/text.ts'
import { type Measure, measures } from '../../units.ts'
import { Compared } from './compared.tsx'
import { Stacked, stackable } from './stacked.tsx'

const among = <T extends string>(values: readonly T[], value: string | undefined): T =>
  values.find((each) => each === value) ?? values[0]!

/** The filter, of one observation point where one is chosen. */
const atPoint = (filter: string | undefined, point: string | undefined): string | undefined =>
  point ? [...(filter ? [`(${filter})`] : []), `point "${point}"`].join(' and ') : filter

export default function Time({ run, overview, live }: RunView) {
  const t = useText()
  const [query, setQuery] = useQuery()
  const measure = among<Measure>(measures, query['in'])
  const by = (query['by'] ?? 'protocol') as KeyName
  const witness = among(stackable, query['of'])
  const isLive = overview.live && !live.ended
  const beat = useBeat(isLive)
  const asked = {
    filter: query['filter'],
    from: query['from'],
    to: query['to'],
    point: query['point'],
    flows: measure === 'flows' ? '1' : undefined,
  } as const
  const words = useApi('/api/words')
  const all = useApi('/api/runs/:run/series', { run }, asked, { refresh: beat })
  // One after the other, so that the first curves need not wait for the second.
  const keyed = useApi(
    '/api/runs/:run/series',
    { run },
    { ...asked, by, top: '9', of: witness },
    { refresh: beat, wait: all.data === undefined && all.problem === undefined },
  )
  const onZoom = (from: number, to: number): void =>
    setQuery({ from: String(from), to: String(to) }, { push: true })

  return (
    <>
      <h1>{t.time.title}</h1>
      <div className="bar">
        <Switch
          label={t.time.measure}
          value={measure}
          options={measures.map((each) => [each, t.measures[each]])}
          onChange={(value) => setQuery({ in: value })}
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
          problem={all.problem}
        />
        {all.data && (
          <Span
            series={all.data}
            isWhole={query['from'] === undefined && query['to'] === undefined}
            onZoom={onZoom}
            onAll={() => setQuery({ from: '', to: '' })}
          />
        )}
      </div>
      <Answered asked={all}>
        {(series) => (
          <Compared {...{ series, measure, onZoom }} lab={overview.lab} directory={overview.quoted} />
        )}
      </Answered>
      <Answered asked={keyed}>
        {(series) => (
          <Stacked
            key={by}
            {...{ series, measure, onZoom, witness, by, isLive }}
            lab={overview.lab}
            parquet={address(
              '/api/runs/:run/records.parquet',
              { run },
              { witness, filter: atPoint(asked.filter, asked.point), from: asked.from, to: asked.to },
            )}
            tools={
              <>
                <Choice
                  label={t.time.by}
                  value={by}
                  options={(words.data?.keys.map(({ name }) => name as KeyName) ?? [by]).map((name) => [
                    name,
                    t.keys[name],
                  ])}
                  onChange={(value) => setQuery({ by: value })}
                />
                <Choice
                  label={t.time.witness}
                  value={witness}
                  options={stackable.map((each) => [each, t.stages[each]])}
                  onChange={(value) => setQuery({ of: value })}
                />
              </>
            }
          />
        )}
      </Answered>
    </>
  )
}

function Span({
  series: { from, step, count },
  isWhole,
  onZoom,
  onAll,
}: {
  readonly series: Series
  readonly isWhole: boolean
  readonly onZoom: (from: number, to: number) => void
  readonly onAll: () => void
}) {
  const t = useText()
  const to = from + step * count
  const moves = [
    [t.time.left, '←', -0.5, -0.5],
    [t.time.right, '→', 0.5, 0.5],
    [t.time.closer, '+', 0.25, -0.25],
    [t.time.farther, '−', -0.5, 0.5],
  ] as const
  return (
    <span className="group push" role="group" aria-label={t.time.zoom} title={t.time.zoom}>
      {moves.map(([text, sign, first, last]) => (
        <button
          key={text}
          type="button"
          aria-label={text}
          title={text}
          onClick={() => onZoom(Math.round(from + first * (to - from)), Math.round(to + last * (to - from)))}
        >
          {sign}
        </button>
      ))}
      <button type="button" disabled={isWhole} onClick={onAll}>
        {t.time.all}
      </button>
    </span>
  )
}
