// Who can answer a question at all: a witness may not know the filter's words, and its table or records may keep nothing of what is
// asked about.

import { keyOf, type Shape, shapeOf, type Witness, witnesses } from '../query/columns.ts'
import { condition } from '../query/condition.ts'
import { type Filter, FilterError, parseFilter } from '../query/filter.ts'
import { source } from '../query/source.ts'
import { Values } from '../query/statement.ts'
import { words } from '../query/words.ts'
import type { Archive, Patience } from '../store.ts'
import type { Question } from './look.ts'

export interface Knowing {
  readonly asked: readonly Witness[]
  readonly lacking: Readonly<Partial<Record<Witness, string>>>
}

/** Those that know the filter's words, and of the others why they do not. Throws FilterError. */
function witnessesOf(filter: string): Knowing {
  const parsed = parseFilter(filter)
  const wrong = new Map<Witness, FilterError>()
  for (const witness of witnesses)
    try {
      condition(parsed, shapeOf(witness), witness, new Values())
    } catch (error) {
      if (!(error instanceof FilterError)) throw error
      wrong.set(witness, error)
    }
  const [first] = wrong.values()
  if (first && wrong.size === witnesses.length) throw first
  return {
    asked: witnesses.filter((witness) => !wrong.has(witness)),
    lacking: Object.fromEntries([...wrong].map(([witness]) => [witness, 'does not know these words'])),
  }
}

/** Columns that key and filter look at, of one shape of rows. */
function columnsOf({ by, filter }: Pick<Question, 'by' | 'filter'>, shape: Shape): ReadonlySet<string> {
  const terms = (of: Filter | undefined): string[] =>
    of === undefined
      ? []
      : of.kind === 'term'
        ? [...(words[of.word]?.columns ?? [])]
        : of.kind === 'not'
          ? terms(of.of)
          : of.of.flatMap(terms)
  const all = [...keyOf(by).sql[shape], ...terms(parseFilter(filter))].join(' ')
  return new Set([...all.matchAll(/\br\.(\w+)/g)].map(([, column = '']) => column))
}

/** A table may not keep what is asked about, and records may not say it: then a witness has no numbers, rather than none to speak of. */
export async function knowing(
  records: Pick<Archive, 'ask'>,
  question: Pick<Question, 'by' | 'filter'>,
  patience: Patience,
): Promise<Knowing> {
  const { asked, lacking } = witnessesOf(question.filter)
  const unsaid: [Witness, string][] = []
  for (const witness of asked) {
    const shape = shapeOf(witness)
    const columns = [...columnsOf(question, shape)].filter((column) => optional[shape].has(column))
    if (columns.length === 0) continue
    const counts = columns.map((column) => `count(r.${column}) AS ${column}`).join(', ')
    const [row] = await records.ask(
      {
        sql: `SELECT count(*) AS "rows", ${counts} FROM ${source(witness, new Set())}${shape === 'collected' ? ' WHERE r.main' : ''}`,
        values: [],
      },
      patience,
    )
    const never = columns.filter(
      (column) => Number(row?.['rows'] ?? 0) > 0 && Number(row?.[column] ?? 0) === 0,
    )
    if (never.length > 0)
      unsaid.push([
        witness,
        `${shape === 'collected' ? 'its table keeps' : 'its records have'} no ${never.map((column) => column.replace('System', 'As')).join(', ')}`,
      ])
  }
  return {
    asked: asked.filter((witness) => !unsaid.some(([other]) => other === witness)),
    lacking: { ...lacking, ...Object.fromEntries(unsaid) },
  }
}

/** Columns that may be empty in all rows. */
const optional: Readonly<Record<Shape, ReadonlySet<string>>> = {
  wire: new Set(),
  record: new Set([
    'direction',
    'sourceAs',
    'destinationAs',
    'nextHop',
    'ingress',
    'egress',
    'tos',
    'tcpFlags',
    'samplingRate',
  ]),
  collected: new Set([
    'protocol',
    'sourcePort',
    'destinationPort',
    'sourceSystem',
    'destinationSystem',
    'sourceAs',
    'destinationAs',
    'path',
    'peer',
  ]),
}
