// Every address of the API: what is asked with it and what comes back. The server serves this table, the OpenAPI document is
// written from it, and the page has its types from it. All are GET, and nothing can be changed through any.

import { z } from 'zod'
import { books, evidence, evidenceQuery } from './books.ts'
import { chartNumbers, charts, ofChart, pictureQuery, spanQuery } from './charts.ts'
import { exportQuery, paths, pathsQuery, records, recordsQuery, series, seriesQuery, words } from './flows.ts'
import { logTail, map, nodeFacts } from './map.ts'
import { overview, runList } from './runs.ts'
import { ofRun, whole } from './values.ts'

const nothing = z.strictObject({})
const name = z.string().max(200)

export const endpoints = {
  '/api/runs': {
    about: 'Every lab that runs and every run directory there is',
    params: nothing,
    query: nothing,
    answer: runList,
  },
  '/api/words': {
    about: 'The words of filters and the keys by which flows are grouped',
    params: nothing,
    query: nothing,
    answer: words,
  },
  '/api/runs/:run': { about: 'A run at a glance', params: ofRun, query: nothing, answer: overview },
  '/api/runs/:run/map': {
    about: 'Nodes, links, probes and collectors, each with its place',
    params: ofRun,
    query: nothing,
    answer: map,
  },
  '/api/runs/:run/nodes/:node': {
    about: "A node's addresses, routes, configuration files and logs",
    params: ofRun.extend({ node: name }),
    query: nothing,
    answer: nodeFacts,
  },
  '/api/runs/:run/nodes/:node/logs/:log': {
    about: 'The end of a log',
    params: ofRun.extend({ node: name, log: name }),
    query: z.strictObject({ lines: whole(1, 2_000).optional().describe('200 if absent.') }),
    answer: logTail,
  },
  '/api/runs/:run/books': {
    about: 'The verdict: books, findings and their evidence',
    params: ofRun,
    query: nothing,
    answer: books,
  },
  '/api/runs/:run/evidence': {
    about: 'A piece of evidence: a datagram dissected with offsets, or a line of a log among its neighbours',
    params: ofRun,
    query: evidenceQuery,
    answer: evidence,
  },
  '/api/runs/:run/series': {
    about: 'Traffic over time on the wire, exported and collected, by any key',
    params: ofRun,
    query: seriesQuery,
    answer: series,
  },
  '/api/runs/:run/paths': {
    about: 'Traffic by AS path and between ASes, on the wire and at the collector',
    params: ofRun,
    query: pathsQuery,
    answer: paths,
  },
  '/api/runs/:run/records': {
    about: 'Flow records: filtered, grouped, sorted, a page at a time',
    params: ofRun,
    query: recordsQuery,
    answer: records,
  },
  '/api/charts': {
    about: 'The charts that `flowlab chart` defines',
    params: nothing,
    query: nothing,
    answer: charts,
  },
  '/api/charts/:chart': {
    about: 'The numbers of a chart over a span, the largest series by themselves',
    params: ofChart,
    query: spanQuery,
    answer: chartNumbers,
  },
} as const

/** Those that answer with something else than a JSON document. */
export const streams = {
  '/api/runs/:run/live': {
    about: 'Server-sent events of a live lab; resumes after Last-Event-ID',
    media: 'text/event-stream',
    params: ofRun,
    query: nothing,
  },
  '/api/runs/:run/records.csv': {
    about: 'Flow records as CSV, all pages',
    media: 'text/csv',
    params: ofRun,
    query: exportQuery,
  },
  '/api/runs/:run/records.parquet': {
    about: 'Flow records as Parquet, all pages',
    media: 'application/vnd.apache.parquet',
    params: ofRun,
    query: exportQuery,
  },
  '/api/charts/:chart/picture.png': {
    about: 'A chart as RRDtool draws it',
    media: 'image/png',
    params: ofChart,
    query: pictureQuery,
  },
  '/api/charts/:chart/picture.svg': {
    about: 'A chart as RRDtool draws it',
    media: 'image/svg+xml',
    params: ofChart,
    query: pictureQuery,
  },
  '/api/charts/:chart/numbers.csv': {
    about: 'The numbers of a chart, all series; what is not known is empty',
    media: 'text/csv',
    params: ofChart,
    query: spanQuery,
  },
} as const

export type Path = keyof typeof endpoints
export type StreamPath = keyof typeof streams
export type Params<P extends Path | StreamPath> = z.output<(typeof endpoints & typeof streams)[P]['params']>
/** As the server reads it. */
export type Query<P extends Path | StreamPath> = z.output<(typeof endpoints & typeof streams)[P]['query']>
/** As a client writes it: all texts. */
export type QueryTexts<P extends Path | StreamPath> = z.input<(typeof endpoints & typeof streams)[P]['query']>
export type Answer<P extends Path> = z.output<(typeof endpoints)[P]['answer']>
