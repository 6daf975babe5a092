// The tree is the pipeline, and this table its law: what each layer of src may import. Witnesses stay independent because truth,
// decode and capture cannot reach each other; siblings stay apart because no row names a sibling. To add a layer is to add a row.

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'

/** Registries: one literal map each, all that the rest of the program knows of single parts. */
const registries = [
  'part/router/routers.ts',
  'part/probe/probes.ts',
  'part/collector/collectors.ts',
  'part/traffic/generators.ts',
]

/** What every part is made from. */
const partPorts = [
  'kernel',
  'type part.ts',
  'type plan/plan.ts',
  'plan/exporters.ts',
  'type evidence.ts',
  'type topology/topology.ts',
  'type topology/problem.ts',
]

/**
 * Layer → what it may import of src beside itself. A name covers what lies below it; `*` is one name, the same on both sides;
 * `type` allows `import type` only. The first row that covers a file is the file's.
 */
const layers: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  expect: ['kernel', 'type verify/verdict.ts'],
  // The names of findings, which expectations may use.
  topology: ['kernel', 'expect', 'verify/causes/causes.ts'],
  'evidence.ts': ['kernel'],
  'part.ts': [
    'kernel',
    'type topology/topology.ts',
    'type topology/problem.ts',
    'type plan/plan.ts',
    'type evidence.ts',
  ],
  'backend.ts': ['kernel', 'type plan/plan.ts'],

  plan: ['kernel', 'topology', 'type part.ts', ...registries],
  'part/pmacct': [...partPorts, 'topology/columns.ts', 'topology/own/pmacct-file.ts'],
  'part/nfdump': partPorts,
  'part/router/*/': [...partPorts, 'part/pmacct'],
  'part/probe/*/': [...partPorts, 'part/pmacct', 'topology/own/pmacct-file.ts'],
  'part/collector/*/': [...partPorts, 'part/pmacct', 'part/nfdump'],
  'part/traffic/*/': [...partPorts, 'part/pmacct'],
  'part/*': [],
  'backend/common': ['type plan/plan.ts', 'backend.ts'],
  'backend/backends.ts': [
    'backend.ts',
    'backend/sandbox/sandbox.ts',
    'backend/docker/docker.ts',
    'type topology/topology.ts',
  ],
  'backend/*': ['kernel', 'type plan/plan.ts', 'backend.ts', 'backend/common'],
  'import/*/': ['kernel', 'topology'],
  'export/*': [
    'kernel',
    'type plan/plan.ts',
    'plan/sendings.ts',
    'type export/exported.ts',
    'backend/common',
    // The kernel's counters, as a run loads them.
    'truth/wire/ruleset.ts',
  ],
  'export/exported.ts': [],
  machine: [
    'kernel/units.ts',
    'type part.ts',
    'type plan/plan.ts',
    'backend.ts',
    'backend/common/shell.ts',
    'backend/sandbox/namespace.ts',
    ...registries,
    // Rulesets, to be tried on the kernel as a run loads them.
    'plan/bridge.ts',
    'plan/impairment.ts',
    'truth/gate.ts',
    'truth/wire/ruleset.ts',
  ],
  image: [
    'type plan/plan.ts',
    'backend.ts',
    'backend/docker/containers.ts',
    'backend/docker/engine.ts',
    'machine/programs.ts',
    'type machine/check.ts',
  ],
  run: [
    'kernel',
    'type topology/topology.ts',
    'type plan/plan.ts',
    'plan/exporters.ts',
    'plan/sendings.ts',
    // What a wire is told, at its beginning and later.
    'plan/impairment.ts',
    'type part.ts',
    ...registries,
    'backend.ts',
    'truth',
    'evidence.ts',
    'replay',
    'store.ts',
    'store/duckdb/open.ts',
    'store/duckdb/archive.ts',
    'verify/granularity.ts',
    'verify/ledgers.ts',
    'verify/shown.ts',
    'verify/time/curve.ts',
    'type verify/verify.ts',
  ],

  truth: ['kernel', 'type evidence.ts', 'type plan/plan.ts', 'plan/exporters.ts', 'store.ts'],
  decode: ['kernel'],
  capture: ['kernel'],
  'store.ts': ['kernel'],
  'store/*/': ['kernel', 'store.ts'],
  query: ['kernel', 'store.ts'],
  chart: ['kernel', 'query', 'store/duckdb/answer.ts'],
  poller: ['chart', 'query', 'run/live-records.ts'],
  replay: ['kernel', 'capture', 'decode', 'store.ts'],
  verify: [
    'kernel',
    'evidence.ts',
    'type plan/plan.ts',
    'plan/exporters.ts',
    'type topology/topology.ts',
    'truth/filter.ts',
    'store.ts',
    'type replay/exports.ts',
    'expect',
    'type replay/moments.ts',
  ],
  link: [
    'kernel',
    'type evidence.ts',
    'type decode/report.ts',
    'truth/packets',
    'replay',
    'store.ts',
    'store/duckdb/open.ts',
    'verify',
  ],
  compare: ['expect', 'type verify/verdict.ts', 'verify/sampling/probability.ts'],
  report: [
    'type compare',
    'expect/judge.ts',
    'kernel',
    'type link/verdict.ts',
    'type evidence.ts',
    'type plan/plan.ts',
    'type verify',
    'type run/inspect.ts',
    'type server/api/map.ts',
  ],
  // Who watches a lab that is alive: the page and the terminal are told the same.
  live: [
    'type backend.ts',
    'type evidence.ts',
    'type plan/plan.ts',
    'run/inspect.ts',
    'run/remarks.ts',
    'run/turn.ts',
    'run/tail.ts',
    'type run/directory.ts',
    'type server/api/live.ts',
  ],
  // The terminal's view; news are told in the types of the page's live events.
  top: [
    'kernel',
    'type backend.ts',
    'type evidence.ts',
    'type plan/plan.ts',
    'type verify/verdict.ts',
    'store.ts',
    'query',
    'run',
    'live',
    'type server/api/live.ts',
  ],
  // What is asked and answered: the page has its types from here.
  'server/api': ['verify/verdict.ts', 'query/columns.ts'],
  layout: [],
  server: [
    'kernel',
    'layout',
    'backend.ts',
    'type evidence.ts',
    'type plan/plan.ts',
    'plan/exporters.ts',
    'run',
    'live',
    'replay',
    'query',
    'chart',
    'store.ts',
    'verify',
  ],
  cli: ['*'],
}

/** Tables of data, not written by hand. */
const generated = ['decode/elements/table.ts']
const longest = 400

const src = join(import.meta.dirname, '../src')
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
const textOf = (file: string): string => readFileSync(join(src, file), 'utf8')

interface Import {
  readonly line: number
  /** Path from src. */
  readonly target: string
  readonly typeOnly: boolean
}

/** `import … from`, `export … from`, `import '…'` and `import('…')`, of files of src. */
function importsOf(file: string): Import[] {
  const text = textOf(file)
  const statements = /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?['"](\.[^'"]+)['"]/gm
  const calls = /\bimport\(\s*()['"](\.[^'"]+)['"]/g
  return [statements, calls].flatMap((pattern) =>
    [...text.matchAll(pattern)].map(({ index, 0: statement, 1: type, 2: path = '' }) => ({
      line: text.slice(0, index + statement.length).split('\n').length,
      target: relative(src, join(src, dirname(file), path)),
      typeOnly: type !== undefined && type !== '',
    })),
  )
}

/** The part of the file's path that the pattern covers; undefined where it covers none. */
const covered = (file: string, pattern: string): string | undefined =>
  new RegExp(`^${pattern.replaceAll('.', String.raw`\.`).replaceAll('*', '[^/]+')}(?=/|$|(?<=/))`).exec(
    file,
  )?.[0]

function layerOf(file: string): { layer: string; may: readonly string[] } | undefined {
  for (const [pattern, may] of Object.entries(layers)) {
    const layer = covered(file, pattern)
    if (layer !== undefined) return { layer, may }
  }
  return undefined
}

/** A registry's own parts: the folders beside it. */
const joins = (file: string, target: string): boolean =>
  registries.includes(file) && dirname(dirname(target)) === dirname(file)

function allowed(file: string, { target, typeOnly }: Import): boolean {
  const { layer, may } = layerOf(file) ?? { layer: file, may: [] }
  if (covered(target, layer) !== undefined || joins(file, target)) return true
  return may.some((rule) => {
    const [, type, pattern = ''] = /^(type )?(.*)$/.exec(rule) ?? []
    return covered(target, pattern) !== undefined && (type === undefined || typeOnly)
  })
}

test('every file of src belongs to a layer', () => {
  expect(files.length).toBeGreaterThan(100)
  expect(files.filter((file) => !layerOf(file))).toEqual([])
})

test('the table tells right from wrong', () => {
  const asked = (file: string, target: string, typeOnly = false) =>
    allowed(file, { line: 1, target, typeOnly })
  expect(asked('truth/wire/read.ts', 'decode/value.ts', true)).toBe(false)
  expect(asked('decode/value.ts', 'truth/filter.ts')).toBe(false)
  expect(asked('part/router/frr/config.ts', 'part/router/bird/config.ts')).toBe(false)
  expect(asked('part/router/frr/config.ts', 'part/router/frr/tables.ts')).toBe(true)
  expect(asked('part/router/routers.ts', 'part/router/frr/index.ts')).toBe(true)
  expect(asked('part/router/routers.ts', 'part/probe/pmacctd/index.ts')).toBe(false)
  expect(asked('plan/compile.ts', 'part.ts')).toBe(false)
  expect(asked('plan/compile.ts', 'part.ts', true)).toBe(true)
  expect(asked('kernel/flow.ts', 'evidence.ts', true)).toBe(false)
  expect(asked('run/conduct.ts', 'cli/exit.ts')).toBe(false)
})

test('nothing is imported that the table forbids', () => {
  const forbidden = files.flatMap((file) =>
    importsOf(file)
      .filter(({ target }) => !(file.endsWith('.test.ts') && target.startsWith('../test/support/')))
      .filter((each) => !allowed(file, each))
      .map(({ line, target, typeOnly }) => `${file}:${line} imports ${typeOnly ? 'type ' : ''}${target}`),
  )
  expect(forbidden).toEqual([])
})

test('the page takes types from src and nothing else, and says in every file what it is for', () => {
  const web = join(src, '../web')
  const scripts = readdirSync(web, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.tsx?$/.test(file),
  )
  expect(scripts.length).toBeGreaterThan(20)
  const wrong = scripts.filter((file) => {
    const text = readFileSync(join(web, file), 'utf8')
    return (
      /^import (?!type )[^'"]*from '(\.\.\/)+src\//m.test(text) ||
      (!file.endsWith('.test.ts') && !text.startsWith('//')) ||
      text.split('\n').length > longest
    )
  })
  expect(wrong).toEqual([])
})

test('every file says in its first line what it is for', () => {
  expect(files.filter((file) => !file.endsWith('.test.ts') && !/^\/[/*]/.test(textOf(file)))).toEqual([])
})

test(`no file written by hand is longer than ${longest} lines`, () => {
  const long = files.filter((file) => !generated.includes(file) && textOf(file).split('\n').length > longest)
  expect(long).toEqual([])
})
