// The API as a program of Hono's: the table of addresses joined with what answers them, behind the guard. It listens to nothing;
// listen.ts does.

import { Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { z } from 'zod'
import { booksOf, evidenceOf } from './answers/books.ts'
import { chartCsv, chartNumbersOf, type ChartPlace, chartPicture, chartsOf } from './answers/charts.ts'
import { mapOf } from './answers/map.ts'
import { logTail, nodeFacts } from './answers/node.ts'
import { overviewOf } from './answers/overview.ts'
import { pathsOf } from './answers/paths.ts'
import { planOf } from './answers/plan.ts'
import { recordsFile, recordsOf, wordList } from './answers/records.ts'
import { seriesOf } from './answers/series.ts'
import { type Answer, endpoints, type Params, type Path, type Query, streams } from './api/endpoints.ts'
import type { Problem } from './api/values.ts'
import type { Archives } from './archives.ts'
import { LabError } from '../backend.ts'
import { ChartError } from '../chart/database.ts'
import { DefinitionError } from '../chart/definition.ts'
import { RrdError } from '../chart/rrd.ts'
import { FilterError } from '../query/filter.ts'
import { ListingError } from '../query/records.ts'
import { PatienceError } from '../store.ts'
import { guard } from './guard.ts'
import type { Live } from './live.ts'
import { document, openApi } from './openapi.ts'
import { page } from './page.ts'
import { Refusal } from './refusal.ts'
import type { Runs } from './runs.ts'

export interface Serving {
  /** Absolute paths of the directories with run directories. */
  readonly homes: readonly string[]
  readonly runs: Runs
  readonly archives: Archives
  readonly live: Live
  readonly charts: ChartPlace
  readonly token?: string
}

type Answers = {
  readonly [P in Path]: (
    serving: Serving,
    params: Params<P>,
    query: Query<P>,
    signal: AbortSignal,
  ) => Promise<Answer<P>>
}

const answers: Answers = {
  '/api/runs': async ({ homes, runs }) => {
    const { items, left } = await runs.list()
    return { runs: [...items], home: homes.join(', '), left }
  },
  '/api/runs/:run': async ({ runs }, params) => {
    const run = await runs.find(params.run)
    return overviewOf(run, await runs.item(run))
  },
  '/api/runs/:run/map': async ({ runs }, { run }) => mapOf(await planOf(await runs.find(run))),
  '/api/runs/:run/nodes/:node': async ({ runs }, { run, node }) => nodeFacts(await runs.find(run), node),
  '/api/runs/:run/nodes/:node/logs/:log': async ({ runs }, { run, node, log }, { lines }) =>
    logTail(await runs.find(run), node, log, lines),
  '/api/runs/:run/books': async ({ runs }, { run }) => booksOf(await runs.find(run)),
  '/api/runs/:run/evidence': async ({ runs }, { run }, query) => evidenceOf(await runs.find(run), query),
  '/api/words': async () => wordList(),
  '/api/runs/:run/series': async ({ runs, archives }, { run }, query, signal) =>
    seriesOf(archives, await runs.find(run), query, signal),
  '/api/runs/:run/paths': async ({ runs, archives }, { run }, query, signal) =>
    pathsOf(archives, await runs.find(run), query, signal),
  '/api/runs/:run/records': async ({ runs, archives }, { run }, query, signal) =>
    recordsOf(archives, await runs.find(run), query, signal),
  '/api/charts': async ({ charts }) => chartsOf(charts),
  '/api/charts/:chart': async ({ charts }, { chart }, query) => chartNumbersOf(charts, chart, query),
}

export function createApp(serving: Serving): Hono {
  const app = new Hono()
  app.use(guard(serving.token))
  app.onError((error, context) => {
    const [status, problem] = told(error)
    return context.json(problem, status)
  })
  app.notFound((context) => context.json({ error: `${context.req.path} is no address of this server` }, 404))
  for (const [path, answer] of Object.entries(answers)) {
    const { params, query } = endpoints[path as Path]
    app.get(path, async (context) => {
      const given = read(params, context.req.param())
      const asked = read(query, context.req.query())
      context.header('Cache-Control', 'no-store')
      return context.json(await (answer as AnyAnswer)(serving, given, asked, context.req.raw.signal))
    })
  }
  for (const format of ['csv', 'parquet'] as const) {
    const path = `/api/runs/:run/records.${format}` as const
    const { params, query, media } = streams[path]
    app.get(path, async (context) => {
      const run = await serving.runs.find(read(params, context.req.param()).run)
      const asked = read(query, context.req.query())
      const { body, size } = await recordsFile(serving.archives, run, asked, format, context.req.raw.signal)
      return context.body(body, 200, {
        'Content-Type': media,
        'Content-Length': String(size),
        'Content-Disposition': `attachment; filename="${run.id}.${format}"`,
        'Cache-Control': 'no-store',
      })
    })
  }
  for (const format of ['png', 'svg'] as const) {
    const path = `/api/charts/:chart/picture.${format}` as const
    const { params, query, media } = streams[path]
    app.get(path, async (context) => {
      const { chart } = read(params, context.req.param())
      const picture = await chartPicture(serving.charts, chart, read(query, context.req.query()), format)
      return context.body(picture, 200, { 'Content-Type': media, 'Cache-Control': 'no-store' })
    })
  }
  const file = streams['/api/charts/:chart/numbers.csv']
  app.get('/api/charts/:chart/numbers.csv', async (context) => {
    const { chart } = read(file.params, context.req.param())
    const text = await chartCsv(serving.charts, chart, read(file.query, context.req.query()))
    return context.body(text, 200, {
      'Content-Type': file.media,
      'Content-Disposition': `attachment; filename="${chart}.csv"`,
      'Cache-Control': 'no-store',
    })
  })
  app.get('/api/openapi.json', (context) => {
    read(document['/api/openapi.json'].query, context.req.query())
    return context.json(openApi())
  })
  app.use(page())
  const live = streams['/api/runs/:run/live']
  app.get('/api/runs/:run/live', async (context) => {
    read(live.query, context.req.query())
    const run = await serving.runs.find(read(live.params, context.req.param()).run)
    const last = context.req.header('last-event-id')
    // A client that has been told the end comes back: 204 tells it to stay away.
    if (!run.living && last?.startsWith('past-')) return context.body(null, 204)
    return context.body(await serving.live.stream(run, last, context.req.raw.signal), 200, {
      'Content-Type': live.media,
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    })
  })
  return app
}

type AnyAnswer = (serving: Serving, params: unknown, query: unknown, signal: AbortSignal) => Promise<object>

/** Throws Refusal with all that is wrong at once. */
export function read<Schema extends z.ZodType>(schema: Schema, given: object): z.output<Schema> {
  const result = schema.safeParse(given)
  if (result.success) return result.data
  throw new Refusal(400, {
    error: result.error.issues
      .map(({ path, message }) => `${path.join('.') || 'query'}: ${message}`)
      .join('; '),
  })
}

function told(error: Error): [ContentfulStatusCode, Problem] {
  if (error instanceof Refusal) return [error.status, error.problem]
  if (error instanceof FilterError) return [400, { error: error.message, at: error.at }]
  if (error instanceof ListingError) return [400, { error: error.message }]
  if (error instanceof LabError) return [409, { error: error.message, remedy: error.remedy }]
  if (error instanceof ChartError) return [409, { error: error.message, remedy: error.remedy }]
  if (error instanceof DefinitionError) return [409, { error: error.message }]
  if (error instanceof RrdError)
    return [409, { error: error.message, ...(error.isMissing ? { remedy: 'apt-get install rrdtool' } : {}) }]
  if (error instanceof PatienceError)
    return [503, { error: error.message, remedy: 'narrow the filter, or the time' }]
  process.stderr.write(`flowlab: ${error.stack ?? error.message}\n`)
  return [500, { error: 'flowlab itself failed; its terminal says how' }]
}
