// The API as a program of Hono's: the table of addresses joined with what answers them, behind the guard. It listens to nothing;
// listen.ts does.

import { Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { z } from 'zod'
import { booksOf, evidenceOf } from './answers/books.ts'
import { mapOf } from './answers/map.ts'
import { logTail, nodeFacts } from './answers/node.ts'
import { overviewOf } from './answers/overview.ts'
import { planOf } from './answers/plan.ts'
import { type Answer, endpoints, type Params, type Path, type Query } from './api/endpoints.ts'
import type { Problem } from './api/values.ts'
import { guard } from './guard.ts'
import { Refusal } from './refusal.ts'
import type { Runs } from './runs.ts'

export interface Serving {
  /** Absolute path of the directory with run directories. */
  readonly home: string
  readonly runs: Runs
  readonly token?: string
}

type Answers = {
  readonly [P in Path]?: (serving: Serving, params: Params<P>, query: Query<P>) => Promise<Answer<P>>
}

const answers: Answers = {
  '/api/runs': async ({ home, runs }) => {
    const { items, left } = await runs.list()
    return { runs: [...items], home, left }
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
      return context.json(await (answer as AnyAnswer)(serving, given, asked))
    })
  }
  return app
}

type AnyAnswer = (serving: Serving, params: unknown, query: unknown) => Promise<object>

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
  process.stderr.write(`flowlab: ${error.stack ?? error.message}\n`)
  return [500, { error: 'flowlab itself failed; its terminal says how' }]
}
