// Holds a probe's flow records against the packets recorded at its observation point, attribute by attribute. Where the point
// has no recording, times are held against those of the books (books.ts), and of the rest it is said that nothing knows it.

import type { InterfaceIndex } from '../../evidence.ts'
import { exportName } from '../../plan/exporters.ts'
import type { ProbePlan } from '../../plan/plan.ts'
import { addressText, literal, type Store } from '../../store.ts'
import { fieldsOf } from '../granularity.ts'
import type { AttributeCheck } from '../verdict.ts'
import { type RecordAttribute, recordAttributes } from './attributes.ts'
import { type RecordTimes, recordTimes } from './books.ts'
import { type Held, unheld } from './held.ts'
import { holdRoutes, type Routing } from './routes.ts'
import { diagnose, type Diagnosis } from './times.ts'
import { type Coverage, joinRecords } from './witness.ts'

/** What a probe's records say beside key and counters. */
export interface RecordsHeld {
  readonly held: readonly Held[]
  /** Of times that are wrong: in which way. */
  readonly diagnosis?: Diagnosis
  /** Against the books alone, where nothing was recorded. */
  readonly times?: RecordTimes
}

type Row = Readonly<Record<string, bigint | number | string | null>>

const mostExamples = 3

export async function holdRecords(
  store: Store,
  probe: ProbePlan,
  opened: { readonly opened: number; readonly closed: number },
  interfaces: readonly InterfaceIndex[],
  isSampled: boolean,
  routing: Routing,
): Promise<RecordsHeld> {
  const fields = fieldsOf(probe.export.aggregate)
  const own = `FROM exported WHERE probe = ${literal(exportName(probe))}`
  const attributes = recordAttributes(probe, interfaces)
  const coverage = await joinRecords(store, probe, fields, isSampled)
  const others = [
    ...(fields.includes('destinationPort') ? [await icmpHeld(store, probe)] : []),
    ...(await holdRoutes(store, probe, routing)),
  ]
  if (!coverage) {
    const times = await recordTimes(store, probe, opened)
    const [row] = await store.ask<Row>(
      `SELECT ${attributes.map(({ id, told }) => `count(*) FILTER (${onRecords(told)}) AS ${id}`).join(', ')} ${own}`,
    )
    return {
      times,
      held: [
        ...attributes
          .filter(({ id }) => id === 'times' || Number(row?.[id] ?? 0) > 0)
          .map(
            ({ id, name }): Held =>
              id === 'times'
                ? {
                    ...{ id, attribute: name, against: 'the times of the books', examples: [], empty: 0 },
                    checked: times.checked,
                    wrong: Math.max(times.reversed, times.outside),
                  }
                : unheld(id, name, 'no packets were recorded at the point'),
          ),
        ...others,
      ].flatMap((each) => each ?? []),
    }
  }
  const held = []
  for (const each of attributes) held.push(await holdOne(store, probe, each, coverage))
  const isWrong = held.some((each) => each?.id === 'times' && each.wrong > 0)
  return {
    held: [...held, ...others].flatMap((each) => each ?? []),
    ...(isWrong ? { diagnosis: await diagnose(store) } : {}),
  }
}

/** Whether records have the field, without the witness beside them. */
const onRecords = (told: string): string =>
  told.replaceAll('begun', 'flowStart').replaceAll('ended', 'flowEnd').replace(' AND directions = 1', '')

/** undefined where no record has it. */
async function holdOne(
  store: Store,
  probe: ProbePlan,
  { id, name, against, told, wrong, says, primitive, aside, text }: RecordAttribute,
  { records, covered }: Coverage,
): Promise<Held | undefined> {
  const set = aside?.holds ?? 'false'
  const isWrong = `${told} AND ${wrong} AND NOT (${set})`
  const [row] = await store.ask<Row>(`
    SELECT count(*) FILTER (${told}) AS told, count(*) FILTER (${told} AND ${says}) AS says,
      count(*) FILTER (${isWrong}) AS wrong, count(*) FILTER (${isWrong} AND NOT (${says})) AS empty,
      count(*) FILTER (${told} AND ${wrong} AND ${set}) AS aside FROM said`)
  const count = (column: string): number => Number(row?.[column] ?? 0)
  const checked = count('told')
  const missed = records - covered
  if (checked === 0)
    return missed === 0
      ? undefined
      : unheld(id, name, `the packets of ${missed} records were not all recorded`)
  const isAsked = primitive === undefined || isAskedFor(probe, primitive)
  if (count('says') === 0 && !isAsked)
    return unheld(id, name, `0 in all records, and ${probe.name} was not asked for it`)
  const examples =
    count('wrong') === 0
      ? []
      : await store.ask<Row>(
          `SELECT packet, octet, seen, source, destination, ${text} AS text FROM said WHERE ${isWrong} ORDER BY packet, octet LIMIT ${mostExamples}`,
        )
  return {
    ...{ id, attribute: name, against, checked, wrong: count('wrong'), empty: count('empty') },
    ...(count('aside') > 0 && aside ? { aside: { records: count('aside'), why: aside.why } } : {}),
    ...(missed > 0 ? { missed } : {}),
    examples: examples.map((each) => ({
      frame: Number(each['packet']),
      offset: Number(each['octet']),
      at: Number(each['seen']),
      text: `${addressText(each['source'] as bigint | null)} → ${addressText(each['destination'] as bigint | null)}: ${String(each['text'])}`,
    })),
  }
}

/** Programs that have no choice of fields fill in those of their format. */
const isAskedFor = ({ kind, export: { aggregate } }: ProbePlan, primitive: string): boolean =>
  kind === 'pmacctd' ? aggregate.includes(primitive) : !primitive.endsWith('_iface')

/** The key has type and code, and the books account for them; here it is counted how many records have one that did not cross. */
async function icmpHeld(store: Store, probe: ProbePlan): Promise<Held | undefined> {
  const [row] = await store.ask<Row>(`
    SELECT count(*) AS checked, count(*) FILTER (NOT EXISTS (SELECT 1 FROM wire WHERE point = ${literal(probe.point)}
      AND wire.source = record.source AND wire.destination = record.destination AND wire.protocol = record.protocol
      AND wire.destinationPort = record.destinationPort)) AS wrong
    FROM exported AS record WHERE probe = ${literal(exportName(probe))} AND record.protocol IN (1, 58)`)
  const checked = Number(row?.['checked'] ?? 0)
  if (checked === 0) return undefined
  return {
    ...{ id: 'icmp', attribute: 'ICMP type and code', against: 'the kernel’s count', examples: [], empty: 0 },
    ...{ checked, wrong: Number(row?.['wrong'] ?? 0) },
  }
}

/** For the verdict. */
export const checksOf = (probe: ProbePlan, { held }: RecordsHeld): AttributeCheck[] =>
  held.map(({ attribute, against, checked, wrong, unchecked, aside, missed }) => ({
    ...{ of: exportName(probe), attribute, against, checked, wrong },
    ...(unchecked === undefined ? {} : { unchecked }),
    ...(aside ? { aside } : {}),
    ...(missed === undefined ? {} : { missed }),
  }))
