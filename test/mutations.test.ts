// A true run, falsified at one witness after the other: every lie is found, in its stage and no other, and all of it is booked.
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { CollectedTable, Row } from '../src/evidence.ts'
import { runDirectory } from '../src/run/directory.ts'
import { readEvidence } from '../src/run/evidence.ts'
import type { Verdict } from '../src/verify/verdict.ts'
import { type Evidence, judge } from '../src/verify/verify.ts'
import { said, saidRows } from './mutations/attributes.ts'
import { records, rows, type RecordLie, type RowLie } from './mutations/table.ts'
import { addressText } from '../src/store.ts'

const kept = (name: string) => runDirectory(join(import.meta.dirname, 'runs', name))

async function told(
  lie: (evidence: Evidence) => Promise<Evidence> | Evidence,
  run = 'green',
): Promise<Verdict> {
  const evidence = await readEvidence(kept(run))
  try {
    return await judge(await lie(evidence))
  } finally {
    evidence.store.close()
  }
}

function check({ findings, books }: Verdict, { stages, cause }: RecordLie | RowLie): void {
  expect(findings.length).toBeGreaterThan(0)
  for (const { stage } of findings) expect(stages).toContain(stage)
  expect(findings[0]?.stage).toBe(stages[0])
  if (cause !== undefined) expect(findings.map((each) => each.cause)).toContain(cause)
  for (const { packets, bytes, summary } of findings) {
    expect(Number.isFinite(packets) && Number.isFinite(bytes)).toBe(true)
    expect(summary).not.toMatch(/NaN|undefined|Infinity/)
  }
  expect(books.length).toBe(2)
}

/** The collector's rows, with what arrived of each pair of hosts. */
async function collectedAnew({ collected, store }: Evidence): Promise<Evidence['collected']> {
  const sums = await store.ask<{ source: bigint; destination: bigint; packets: bigint; bytes: bigint }>(
    'SELECT source, destination, sum(packets)::HUGEINT AS packets, sum(bytes)::HUGEINT AS bytes FROM arrived GROUP BY source, destination',
  )
  return onRows(collected, (before) =>
    sums.map(({ source, destination, packets, bytes }) => {
      const [ip_src, ip_dst] = [addressText(source), addressText(destination)]
      const same = before.find((row) => row['ip_src'] === ip_src && row['ip_dst'] === ip_dst)
      const like = before.find((row) => row['ip_dst'] === ip_dst && near(row['ip_src'], ip_src)) ?? {}
      return { ...(same ?? like), ip_src, ip_dst, packets: Number(packets), bytes: Number(bytes) }
    }),
  )
}

const near = (a: unknown, b: string): boolean => String(a).replace(/\d+$/, '') === b.replace(/\d+$/, '')

const onRows = (
  collected: Evidence['collected'],
  edit: (rows: Row[]) => readonly Row[],
): Evidence['collected'] => ({
  ...collected,
  collectors: collected.collectors.map(({ daemon, tables }) => ({
    daemon,
    tables: tables.map((table): CollectedTable => ({ ...table, rows: edit([...table.rows]) })),
  })),
})

describe('lies', () => {
  test.each(records.map((lie) => [lie.name, lie] as const))('%s', async (_, lie) => {
    const verdict = await told(async (evidence) => {
      const tables = lie.at === 'exported' ? ['exported', 'arrived'] : ['arrived']
      for (const table of tables) await evidence.store.ask(lie.sql.replaceAll('$', table))
      return { ...evidence, collected: await collectedAnew(evidence) }
    })
    if (process.env['SHOW'])
      console.log(
        lie.name,
        '\n  ',
        verdict.findings.map(({ id, score, summary }) => `${id} ${score}: ${summary}`).join('\n   '),
      )
    check(verdict, lie)
  })
  test.each(rows.map((lie) => [lie.name, lie] as const))('%s', async (_, lie) => {
    const verdict = await told((evidence) => ({
      ...evidence,
      updates: { edge: 5, main: 5 },
      collected: onRows(evidence.collected, lie.edit),
    }))
    if (process.env['SHOW'])
      console.log(
        lie.name,
        '\n  ',
        verdict.findings.map(({ id, score, summary }) => `${id} ${score}: ${summary}`).join('\n   '),
      )
    check(verdict, lie)
  })

  test.each(said.map((lie) => [lie.name, lie] as const))('records: %s', async (_, { sql, stages, cause }) => {
    const { findings } = await told(async (evidence) => {
      for (const table of ['exported', 'arrived']) await evidence.store.ask(sql.replaceAll('$', table))
      return evidence
    }, 'green-attributes')
    expect(findings.map((each) => each.cause)).toContain(cause)
    expect(findings[0]).toMatchObject({ stage: stages[0], cause })
    expect(findings.filter(({ stage }) => !stages.includes(stage))).toEqual([])
    expect(findings[0]?.evidence.length).toBeGreaterThan(0)
  })

  test.each(saidRows.map((lie) => [lie.name, lie] as const))(
    'rows: %s',
    async (_, { edit, stages, cause }) => {
      const { findings } = await told(
        (evidence) => ({ ...evidence, collected: onRows(evidence.collected, edit) }),
        'green-attributes',
      )
      expect(findings.map((each) => each.cause)).toEqual([cause])
      expect(findings[0]?.stage).toBe(stages[0])
    },
  )

  test('a capture keeps the last packets for itself', async () => {
    const last = (table: string) => `${table} WHERE packets = (SELECT max(packets) FROM ${table})`
    const { findings } = await told(async (evidence) => {
      const [{ packets } = { packets: 0 }] = await evidence.store.ask<{ packets: bigint | number }>(
        `SELECT sum(packets)::HUGEINT AS packets FROM ${last('exported')}`,
      )
      for (const table of ['arrived', 'exported']) await evidence.store.ask(`DELETE FROM ${last(table)}`)
      const capture = { probe: 'edge', received: 20_000, processed: 20_000 - Number(packets), dropped: 0 }
      return { ...evidence, captures: [capture], collected: await collectedAnew(evidence) }
    })
    expect(findings.map(({ cause }) => cause)).toEqual(['probe-capture-held'])
  })
})
