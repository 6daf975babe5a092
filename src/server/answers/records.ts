// Flow records as a table: pages of it, and all of it as a file. The statements are those of `flowlab records`.

import { createReadStream } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { columns, keys, shapeOf, witnesses } from '../../query/columns.ts'
import { type Listing, prepare } from '../../query/records.ts'
import { words } from '../../query/words.ts'
import type { Query } from '../api/endpoints.ts'
import type { CellValue, Records, Words } from '../api/flows.ts'
import type { Archives } from '../archives.ts'
import type { Run } from '../runs.ts'
import { command } from './command.ts'

/** What a page and a file take, in ms. */
const patience = { page: 10_000, file: 120_000 }

type Asked = Query<'/api/runs/:run/records.csv'>

const listingOf = ({ witness = 'exported', group, ...rest }: Asked): Listing => ({
  ...rest,
  witness,
  group: group?.split(',').filter(Boolean),
})

export async function recordsOf(
  archives: Archives,
  run: Run,
  { limit = 100, offset = 0, ...asked }: Query<'/api/runs/:run/records'>,
  signal: AbortSignal,
): Promise<Records> {
  const listing = prepare(listingOf(asked))
  return archives.use(run, async (archive) => {
    const given = { ms: patience.page, signal }
    if (listing.needsRoutes) await archive.routes(given)
    const rows = await archive.ask(listing.page(limit, offset), given)
    const [sum] = await archive.ask(listing.sum, given)
    return {
      columns: [...listing.columns],
      rows: rows.map((row) => listing.columns.map(({ name }) => cell(row[name]))),
      total: Number(sum?.['total'] ?? 0),
      sum: {
        records: Number(sum?.['records'] ?? 0),
        packets: Number(sum?.['packets'] ?? 0),
        bytes: Number(sum?.['bytes'] ?? 0),
      },
      command: command(run, 'records', { ...asked, limit, ...(offset === 0 ? {} : { offset }) }),
    }
  })
}

const cell = (value: unknown): CellValue =>
  value === null || value === undefined ? null : typeof value === 'string' ? value : Number(value)

/** All rows as a file, which is gone when it has been read. */
export async function recordsFile(
  archives: Archives,
  run: Run,
  asked: Asked,
  format: 'csv' | 'parquet',
  signal: AbortSignal,
): Promise<{ readonly body: ReadableStream; readonly size: number }> {
  const listing = prepare(listingOf(asked))
  return archives.use(run, async (archive) => {
    if (listing.needsRoutes) await archive.routes({ ms: patience.file, signal })
    const path = await archive.write(listing.whole, format, { ms: patience.file, signal })
    const file = await open(path, 'r')
    const { size } = await file.stat()
    await file.close()
    const stream = createReadStream(path)
    // Open, it needs no name any more.
    stream.once('open', () => void rm(path, { force: true }))
    return { body: Readable.toWeb(stream) as ReadableStream, size }
  })
}

/** The words of filters and the keys, for those who write them. */
export const wordList = (): Words => ({
  fields: Object.entries(words).map(([word, { about, example }]) => ({ word, about, example })),
  keys: Object.entries(keys).map(([name, { about }]) => ({ name, about, witnesses: [...witnesses] })),
  columns: Object.entries(columns).map(([name, { about, of }]) => ({
    name,
    about,
    witnesses: witnesses.filter((witness) => of.includes(shapeOf(witness))),
  })),
})
