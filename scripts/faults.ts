// `npm run faults -- [--only ID] [--lab NAME] [--seeds N] [--jobs N] [--keep DIR]`: makes every fault of test/faults/table.ts, and none, in several labs
// with several seeds; prints what the verdicts say of them, and, where it was asked for all, writes it to docs/faults.md. What could not be
// made stands there too. With --keep it goes on where it was interrupted: a run of the same lab file that DIR has is judged anew, not made anew.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { release, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { stringify } from 'yaml'
import type { Fault } from '../test/faults/fault.ts'
import { anyLabs, type LabName, labs } from '../test/faults/labs.ts'
import { faults } from '../test/faults/table.ts'
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
  /** Causes that were named in its place. */
  readonly named: readonly string[]
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

const placeOf = ({ fault, lab, seed }: Task): string => `${fault.id}-${lab}-${seed}`

/** What labs bring with them beside their file: a run that was made with others is made anew. */
const beside = createHash('sha256')
const folder = new URL('../test/faults/', import.meta.url)
for (const name of readdirSync(folder).toSorted())
  if (/\.(mjs|sh|agents)$/.test(name)) beside.update(readFileSync(new URL(name, folder)))
const digest = beside.digest('hex').slice(0, 16)

const holds = (file: string, text: string): boolean => existsSync(file) && readFileSync(file, 'utf8') === text

async function outcome(task: Task): Promise<Outcome> {
  const { fault, lab, seed } = task
  const draft = labs[lab]()
  draft.seed = seed
  fault.edit(draft)
  const run = join(directory, placeOf(task))
  const text = `${stringify(draft)}# ${digest}\n`
  const isMade = holds(`${run}.yaml`, text) && existsSync(join(run, 'verdict.json'))
  if (!isMade) {
    rmSync(run, { recursive: true, force: true })
    writeFileSync(`${run}.yaml`, text)
  }
  const began = Date.now()
  const ended = await flowlab(
    isMade ? ['verify', run, '--format', 'json'] : ['run', `${run}.yaml`, '--dir', run, '--format', 'json'],
  )
  const { findings, run: told } = verdictOf(ended)
  const traffic = told.stages.findIndex(({ name }) => name === 'traffic')
  const took = (stages: typeof told.stages): number => stages.reduce((sum, { ms }) => sum + ms, 0)
  const judging = Date.now() - began - (isMade ? 0 : took(told.stages))
  if (values.keep === undefined) rmSync(run, { recursive: true, force: true })
  const expected = [fault.cause, ...(fault.also ?? [])]
  return {
    ...{ fault: fault.id, lab, seed },
    seconds: (took(told.stages.slice(traffic + 1)) + judging) / 1000,
    detected: findings.length > 0,
    stage: findings.some(({ stage }) => stage === fault.stage),
    cause: findings.some(({ cause }) => cause === fault.cause),
    named: [...new Set(findings.map(({ cause }) => cause))],
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
const tasks: Task[] = Array.from({ length: Number(values.seeds) }, (_, index) => index + 1).flatMap((seed) =>
  chosen.flatMap((fault) =>
    (fault.labs ?? anyLabs)
      .filter((lab) => values.lab === '' || lab === values.lab)
      .map((lab) => ({ fault, lab, seed })),
  ),
)
if (tasks.length === 0) throw new Error(`no fault ${values.only} in lab ${values.lab || 'of any name'}`)
const outcomes: Outcome[] = []
/** By fault: what could not be made, and why. */
const broken: { readonly fault: string; readonly why: string }[] = []

/** A machine that is busy with other things may fail a run: once more before it counts. */
async function made(task: Task, tries = 2): Promise<void> {
  try {
    const one = await outcome(task)
    outcomes.push(one)
    process.stdout.write(`${JSON.stringify(one)}\n`)
  } catch (error) {
    const why = `${task.lab}, seed ${task.seed}: ${String(error).replaceAll(/\s+/g, ' ').slice(0, 300)}`
    process.stderr.write(`${placeOf(task)}: ${String(error)}\n`)
    if (tries > 1) await made(task, tries - 1)
    else broken.push({ fault: task.fault.id, why })
  }
}
/** Told to end, it goes no further, and says what was not made. */
let left = 0
process.once('SIGINT', () => {
  left = tasks.length
  tasks.length = 0
})
async function work(): Promise<void> {
  for (let task = tasks.shift(); task; task = tasks.shift()) await made(task)
}
await Promise.all(Array.from({ length: Number(values.jobs) }, work))
if (values.keep === undefined) rmSync(directory, { recursive: true, force: true })
const text = documentOf(chosen, outcomes, { broken, left }, Number(values.seeds), versions())
if (isAll) writeFileSync(new URL('../docs/faults.md', import.meta.url), text)
else process.stdout.write(`${text}\n`)
process.exitCode = broken.length + left > 0 ? 4 : 0
