// `npm run backends [-- --only NAME]`: runs every example in the sandbox and in containers, and says where the verdicts differ; the
// table is docs/backends-examples.md where all were run. Figures of two runs of one lab are never the same: compared is what a verdict says.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { release, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Verdict } from '../src/verify/verdict.ts'
import { flowlab, root } from '../test/support/labs.ts'
import { verdictOf } from '../test/support/verdicts.ts'

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } })
const backends = ['sandbox', 'docker'] as const

/** What a verdict says, without its figures: a line for each thing that is judged. */
const judged = (verdict: Verdict): string[] => [
  verdict.pass ? 'true' : 'not true',
  ...verdict.findings.map(({ id }) => `finding ${id}`),
  ...verdict.expectations.map(({ text, holds }) => `${holds ? 'holds' : 'does not hold'}: ${text}`),
  ...verdict.books.map(
    ({ point, probe, collector, table, direction, wire, collected }) =>
      `${probe} → ${collector}/${table}, ${direction} at ${point}: ${wire.packets === 0 ? 'no traffic' : collected.packets === wire.packets && collected.bytes === wire.bytes ? 'all' : 'not all'}`,
  ),
  ...verdict.tables.map(
    ({ probe, table, checked }) => `${probe}, table ${table}: ${checked ? '' : 'not '}checked`,
  ),
  // Whether there is any ICMP to compare, say, is the traffic's business.
  ...verdict.attributes.each
    .filter(({ wrong, unchecked }) => wrong > 0 || unchecked !== undefined)
    .map(
      ({ of, attribute, against, unchecked }) =>
        `${attribute} of ${of} against ${against}: ${unchecked ?? 'wrong'}`,
    ),
  ...verdict.events.map(
    ({ name, action, target, expected, booked }, index) =>
      `event ${index + 1}, ${name}, ${action} ${target}, ${expected ? 'expected' : 'not expected'}: booked in ${[...new Set(booked.map(({ stage }) => stage))].toSorted().join(', ') || 'no stage'}`,
  ),
]

interface Row {
  readonly example: string
  readonly says: string
  readonly judged: number
  /** Seconds from the first step to the last. */
  readonly took: readonly number[]
  /** What one verdict says and the other does not. */
  readonly differs: readonly string[]
}

/** Throws where a run has no verdict. */
async function compare(example: string): Promise<Row> {
  const directory = mkdtempSync(join(tmpdir(), 'flowlab-backends-'))
  const file = join(root, 'examples', example, 'lab.yaml')
  const verdicts: Verdict[] = []
  for (const backend of backends) {
    const to = ['--backend', backend, '--dir', join(directory, backend), '--format', 'json']
    verdicts.push(verdictOf(await flowlab(['run', file, ...to])))
  }
  rmSync(directory, { recursive: true, force: true })
  const [one = [], other = []] = verdicts.map(judged)
  return {
    example,
    says: verdicts.map(({ pass }) => (pass ? 'true' : 'not true')).join(' / '),
    judged: one.length,
    took: verdicts.map(({ run }) => run.stages.reduce((sum, { ms }) => sum + ms, 0) / 1000),
    differs: [
      ...one.filter((line) => !other.includes(line)).map((line) => `sandbox: ${line}`),
      ...other.filter((line) => !one.includes(line)).map((line) => `docker: ${line}`),
    ],
  }
}

const line = ({ example, says, judged: count, took, differs }: Row): string =>
  `| ${[
    `[${example}](../examples/${example}/README.md)`,
    says,
    count,
    differs.length === 0 ? 'none' : differs.join('; '),
    ...took.map((seconds) => `${seconds.toFixed(0)} s`),
  ].join(' | ')} |`

// The interop lab is a matrix of dozens of runs, with a report of its own.
const examples = readdirSync(join(root, 'examples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'interop' && entry.name.includes(values.only))
  .map(({ name }) => name)
// With the parts that only some examples need.
const image = await flowlab(['image', 'build', '--databases'])
if (image.code !== 0) throw new Error(image.stderr)
const rows: Row[] = []
for (const example of examples) {
  rows.push(await compare(example))
  console.log(line(rows.at(-1) as Row))
}
const text = `<!-- Written by \`npm run backends\`. -->

# Every example in both backends

The same lab file, in the sandbox and in containers, one after the other; made on ${new Date().toISOString().slice(0, 10)}, Linux ${release()}. No figure of
two runs is the same, since traffic is not. What is compared is what the verdict says: whether it is true, each finding, each
expectation, each account (whether all of it was collected), each table, each attribute that is wrong or could not be compared, each event
and the stages in which its cost was booked. [Where nodes live](backends.md) has what the two promise.

| example | verdict, sandbox / docker | things judged | differences | sandbox | docker |
| --- | --- | --: | --- | --: | --: |
${rows.map(line).join('\n')}
`
if (values.only === '') writeFileSync(join(root, 'docs/backends-examples.md'), text)
process.exitCode = rows.some(({ differs }) => differs.length > 0) ? 1 : 0
