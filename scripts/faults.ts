// `npm run faults [SEEDS]`: makes every fault of test/faults/table.ts, and none, in a lab with several seeds; prints what the verdicts
// say of them, and writes it to docs/faults.md.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cannotBeMade, type Fault, faults } from '../test/faults/table.ts'
import { flowlab, labFile } from '../test/support/labs.ts'
import { verdictOf } from '../test/support/verdicts.ts'

interface Outcome {
  readonly fault: string
  readonly seed: number
  readonly detected: boolean
  readonly stage: boolean
  readonly cause: boolean
  /** Findings that the fault does not explain. */
  readonly alarms: readonly string[]
  /** From the end of the traffic to the verdict, in seconds. */
  readonly seconds: number
}

const healthy: Fault = { id: 'none', title: 'a healthy lab', edit: () => {}, stage: 'metering', cause: '' }

async function outcome(fault: Fault, seed: number, directory: string): Promise<Outcome> {
  const file = labFile(directory, `${fault.id}-${seed}`, (draft) => {
    draft.seed = seed
    fault.edit(draft)
  })
  const run = join(directory, `${fault.id}-${seed}`)
  const began = Date.now()
  const ended = await flowlab(['run', file, '--dir', run, '--format', 'json'])
  const { findings, run: told } = verdictOf(ended)
  const before = told.stages.slice(0, told.stages.findIndex(({ name }) => name === 'traffic') + 1)
  const seconds = (Date.now() - began - before.reduce((sum, { ms }) => sum + ms, 0)) / 1000
  rmSync(run, { recursive: true, force: true })
  const expected = [fault.cause, ...(fault.also ?? [])]
  return {
    ...{ fault: fault.id, seed, seconds },
    detected: findings.length > 0,
    stage: findings.some(({ stage }) => stage === fault.stage),
    cause: findings.some(({ cause }) => cause === fault.cause),
    alarms: findings.flatMap(({ cause, id }) => (expected.includes(cause) ? [] : id)),
  }
}

const seeds = Array.from({ length: Number(process.argv[2] ?? 3) }, (_, index) => index + 1)
const directory = mkdtempSync(join(tmpdir(), 'flowlab-faults-'))
mkdirSync(directory, { recursive: true })
const outcomes: Outcome[] = []
for (const fault of [healthy, ...faults])
  for (const seed of seeds) {
    const one = await outcome(fault, seed, directory)
    outcomes.push(one)
    process.stdout.write(`${JSON.stringify(one)}\n`)
  }
rmSync(directory, { recursive: true, force: true })

const row = ({ id, title, stage, cause }: Fault): string => {
  const own = outcomes.filter((each) => each.fault === id)
  const of = (holds: (each: Outcome) => boolean): string => `${own.filter(holds).length}/${own.length}`
  const alarms = [...new Set(own.flatMap((each) => each.alarms))].join(', ') || '–'
  const times = own.map(({ seconds }) => seconds).toSorted((a, b) => a - b)
  const median = (times[times.length >> 1] ?? 0).toFixed(1)
  return id === 'none'
    ? `| ${title} | – | – | – | – | – | ${alarms} | ${median} s |`
    : `| ${title} | ${stage} | \`${cause}\` | ${of((each) => each.detected)} | ${of((each) => each.stage)} | ${of((each) => each.cause)} | ${alarms} | ${median} s |`
}
writeFileSync(
  new URL('../docs/faults.md', import.meta.url),
  [
    '<!-- Written by `npm run faults`. -->',
    '# Faults, made and found',
    '',
    `Each fault was made in the talk's lab with ${seeds.length} seed${seeds.length === 1 ? '' : 's'}, and the verdict held against it. False alarms are findings that do not follow from the fault;`,
    'the time is from the end of the traffic to the verdict, of which most is the probe handing over what it holds.',
    '',
    '| fault | stage | cause | detected | stage named | cause named | false alarms | time |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...[healthy, ...faults].map(row),
    '',
    'Not made here:',
    '',
    ...Object.entries(cannotBeMade).map(([what, why]) => `- ${what}: ${why}.`),
    '',
  ].join('\n'),
)
