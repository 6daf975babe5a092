// `npm run faults -- [--only ID] [--lab NAME] [--seeds N] [--jobs N] [--keep DIR]`: makes every fault of test/faults/table.ts, and none, in several labs
// with several seeds; prints what the verdicts say of them, and, where all were made, writes it to docs/faults.md.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { release, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { stringify } from 'yaml'
import { type LabName, labs } from '../test/faults/labs.ts'
import { type Fault, faults } from '../test/faults/table.ts'
import { flowlab } from '../test/support/labs.ts'
import { verdictOf } from '../test/support/verdicts.ts'
import { documentOf } from './docs/faults.ts'

export interface Outcome {
  readonly fault: string
  readonly lab: LabName
  readonly seed: number
  readonly detected: boolean
  readonly stage: boolean
  readonly cause: boolean
  /** Findings that the fault does not explain. */
  readonly alarms: readonly string[]
  /** From the end of the traffic to the verdict, in seconds. */
  readonly seconds: number
}

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    lab: { type: 'string', default: '' },
    seeds: { type: 'string', default: '3' },
    jobs: { type: 'string', default: '1' },
    keep: { type: 'string' },
  },
})
const directory = values.keep ?? mkdtempSync(join(tmpdir(), 'flowlab-faults-'))
mkdirSync(directory, { recursive: true })

interface Task {
  readonly fault: Fault
  readonly lab: LabName
  readonly seed: number
}

async function outcome({ fault, lab, seed }: Task): Promise<Outcome> {
  const draft = labs[lab]()
  draft.seed = seed
  fault.edit(draft)
  const run = join(directory, `${fault.id}-${lab}-${seed}`)
  writeFileSync(`${run}.yaml`, stringify(draft))
  const began = Date.now()
  const ended = await flowlab(['run', `${run}.yaml`, '--dir', run, '--format', 'json'])
  const { findings, run: told } = verdictOf(ended)
  const before = told.stages.slice(0, told.stages.findIndex(({ name }) => name === 'traffic') + 1)
  const seconds = (Date.now() - began - before.reduce((sum, { ms }) => sum + ms, 0)) / 1000
  if (values.keep === undefined) rmSync(run, { recursive: true, force: true })
  const expected = [fault.cause, ...(fault.also ?? [])]
  return {
    ...{ fault: fault.id, lab, seed, seconds },
    detected: findings.length > 0,
    stage: findings.some(({ stage }) => stage === fault.stage),
    cause: findings.some(({ cause }) => cause === fault.cause),
    alarms: findings.flatMap(({ cause, id }) => (expected.includes(cause) ? [] : id)),
  }
}

const versionOf = (program: string, option: string): string =>
  /\d+(\.\d+)+/.exec(spawnSync(program, [option], { encoding: 'utf8' }).stdout)?.[0] ?? 'unknown'
const versions = (): string =>
  `Made on ${new Date().toISOString().slice(0, 10)} with pmacct ${versionOf('pmacctd', '-V')}, FRR ${versionOf('/usr/lib/frr/bgpd', '--version')}, Linux ${release()}.`

const healthy: Fault = { id: 'none', title: 'a healthy lab', edit: () => {}, stage: 'metering', cause: '' }
const isAll = values.only === '' && values.lab === ''
const chosen = [healthy, ...faults].filter(({ id }) => new RegExp(`^(${values.only || '.*'})$`).test(id))
const tasks: Task[] = chosen.flatMap((fault) =>
  (fault.labs ?? (Object.keys(labs) as LabName[]))
    .filter((lab) => values.lab === '' || lab === values.lab)
    .flatMap((lab) =>
      Array.from({ length: Number(values.seeds) }, (_, index) => ({ fault, lab, seed: index + 1 })),
    ),
)
const outcomes: Outcome[] = []
const broken: string[] = []
async function work(): Promise<void> {
  for (let task = tasks.shift(); task; task = tasks.shift())
    try {
      const one = await outcome(task)
      outcomes.push(one)
      process.stdout.write(`${JSON.stringify(one)}\n`)
    } catch (error) {
      broken.push(`${task.fault.id} in ${task.lab}, seed ${task.seed}: ${String(error)}`)
      process.stderr.write(`${broken.at(-1)}\n`)
    }
}
await Promise.all(Array.from({ length: Number(values.jobs) }, work))
if (values.keep === undefined) rmSync(directory, { recursive: true, force: true })
const text = documentOf(chosen, outcomes, Number(values.seeds), versions())
if (isAll && broken.length === 0) writeFileSync(new URL('../docs/faults.md', import.meta.url), text)
else process.stdout.write(`${text}\n`)
process.exitCode = broken.length > 0 ? 4 : 0
