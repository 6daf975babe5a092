// Explore: flow records as a table. Filtering, grouping, sorting and paging are the database's; the page shows a page of them.

import type { CellValue, Records } from '../../src/server/api/flows.ts'
import { address, useApi } from '../api.ts'
import type { RunView } from '../app.tsx'
import { type Query, useQuery } from '../location.ts'
import { Answered, Choice, Panel, SameCommand, Stage, witnesses } from '../parts/basics.tsx'
import { Downloads } from '../parts/downloads.tsx'
import { FilterField, FilterWords } from '../parts/filter.tsx'
import { useSettings } from '../settings.ts'
import { useSay } from '../text/said.tsx'
import { useText } from '../text/text.ts'
import { clock, exact } from '../units.ts'

const pageLength = 100

export default function Explore({ run, overview }: RunView) {
  const t = useText()
  const say = useSay()
  const [query, setQuery] = useQuery()
  const witness = witnesses.find((each) => each === query['of']) ?? 'exported'
  const group = (query['group'] ?? '').split(',').filter(Boolean)
  const offset = Number(query['offset'] ?? 0)
  const selected = {
    witness,
    filter: query['filter'],
    group: query['group'],
    sort: query['sort'],
    from: query['from'],
    to: query['to'],
  }
  const words = useApi('/api/words')
  const asked = useApi(
    '/api/runs/:run/records',
    { run },
    { ...selected, limit: String(pageLength), offset: query['offset'] },
  )
  const set = (changes: Query): void => setQuery({ offset: '', ...changes }, { push: true })
  const keys = (words.data?.keys ?? []).filter(({ witnesses: told }) => told.includes(witness))
  return (
    <>
      <h1>{t.explore.title}</h1>
      <div className="bar">
        <Choice
          label={t.explore.from}
          value={witness}
          options={witnesses.map((each) => [each, t.stages[each]])}
          onChange={(of) => set({ of, sort: '', group: '' })}
        />
        <FilterField
          wide
          value={query['filter'] ?? ''}
          onApply={(filter) => set({ filter })}
          problem={asked.problem}
        />
      </div>
      <div className="bar" role="group" aria-label={t.explore.group}>
        <span className="soft">{t.explore.group}</span>
        {keys.map(({ name, about }) => (
          <button
            key={name}
            type="button"
            className="chip"
            title={say(about)}
            aria-pressed={group.includes(name)}
            onClick={() =>
              set({
                group: (group.includes(name) ? group.filter((each) => each !== name) : [...group, name]).join(
                  ',',
                ),
                sort: '',
              })
            }
          >
            {t.keys[name as keyof typeof t.keys] ?? name}
          </button>
        ))}
      </div>
      <FilterWords />
      <Answered asked={asked}>
        {(records) => (
          <Panel
            title={t.stages[witness]}
            note={
              <>
                {exact(records.sum.records)} {t.explore.records}, {exact(records.sum.packets)} {t.packets},{' '}
                {exact(records.sum.bytes)} {t.bytes}
              </>
            }
            tools={
              <>
                <Pages
                  offset={offset}
                  total={records.total}
                  onTurn={(to) => setQuery({ offset: to === 0 ? '' : String(to) }, { push: true })}
                />
                <Downloads
                  name={`${overview.lab}-${witness}`}
                  links={{
                    CSV: address('/api/runs/:run/records.csv', { run }, selected),
                    Parquet: address('/api/runs/:run/records.parquet', { run }, selected),
                  }}
                />
              </>
            }
            bare
          >
            <Table records={records} sort={query['sort'] ?? '-bytes'} onSort={(sort) => set({ sort })} />
            {records.rows.length === 0 && <p className="body soft">{t.explore.noRows}</p>}
          </Panel>
        )}
      </Answered>
      {asked.data && <SameCommand>{asked.data.command}</SameCommand>}
      <p className="soft small">
        <Stage of={witness} />: {t.stageMeaning[witness]}
      </p>
    </>
  )
}

function Pages({
  offset,
  total,
  onTurn,
}: {
  readonly offset: number
  readonly total: number
  readonly onTurn: (offset: number) => void
}) {
  const t = useText()
  const last = Math.min(total, offset + pageLength)
  return (
    <nav className="bar" aria-label={t.explore.pages}>
      <span aria-live="polite">
        {t.explore.rows(exact(total === 0 ? 0 : offset + 1), exact(last), exact(total))}
      </span>
      <span className="group">
        <button
          type="button"
          aria-label={t.explore.previous}
          aria-disabled={offset === 0}
          onClick={() => offset > 0 && onTurn(Math.max(0, offset - pageLength))}
        >
          ‹
        </button>
        <button
          type="button"
          aria-label={t.explore.next}
          aria-disabled={last >= total}
          onClick={() => last < total && onTurn(offset + pageLength)}
        >
          ›
        </button>
      </span>
    </nav>
  )
}

type Kind = Records['columns'][number]['kind']

/** Other numbers are names: ports, ASes, indexes. */
const amounts = new Set(['records', 'packets', 'bytes'])

function show(value: CellValue, kind: Kind, name: string): string {
  if (value === null) return '–'
  if (typeof value === 'string') return value
  if (kind === 'time') return `${clock(value)}.${String(Math.floor(value % 1000)).padStart(3, '0')}`
  return amounts.has(name) ? exact(value) : String(value)
}

function Table({
  records: { columns, rows },
  sort,
  onSort,
}: {
  readonly records: Records
  readonly sort: string
  readonly onSort: (sort: string) => void
}) {
  const t = useText()
  const say = useSay()
  const { language } = useSettings()
  /** In English as filters, files and the command have it. */
  const heading = (name: string, about: string): string =>
    language === 'en' ? name : (t.keys[name as keyof typeof t.keys] ?? say(about))
  const right = (kind: Kind): boolean => kind === 'number' || kind === 'time'
  return (
    <table className="records">
      <thead>
        <tr>
          {columns.map(({ name, kind, about }) => {
            const order = sort === name ? 'ascending' : sort === `-${name}` ? 'descending' : 'none'
            return (
              <th
                key={name}
                scope="col"
                aria-sort={order}
                className={right(kind) ? 'number' : ''}
                title={language === 'en' ? about : name}
              >
                <button
                  type="button"
                  className="plain"
                  aria-label={t.explore.sortBy(heading(name, about))}
                  onClick={() => onSort(order === 'descending' ? name : `-${name}`)}
                >
                  {heading(name, about)}
                  <span aria-hidden="true">
                    {order === 'ascending' ? ' ▲' : order === 'descending' ? ' ▼' : ''}
                  </span>
                </button>
              </th>
            )
          })}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            {columns.map(({ name, kind }, column) => (
              <td key={name} className={`${right(kind) ? 'number' : ''} ${kind === 'address' ? 'mono' : ''}`}>
                {show(row[column] ?? null, kind, name)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
