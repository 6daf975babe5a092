// `flowlab validate FILE…`: the lab files alone, all their mistakes at once.
import { Option } from 'commander'
import type { Command } from 'commander'
import { exitCodes } from './exit.ts'
import type { Combination } from '../topology/composition/matrix.ts'
import type { Settings } from '../topology/compose.ts'
import type { Problem } from '../topology/problem.ts'
import { type Assignments, setOption, settingsOf } from './set.ts'
import type { Plan } from '../plan/plan.ts'
import type { Topology } from '../topology/topology.ts'

/** What is said of one file; the JSON form is a list of these. */
type Result =
  | {
      readonly file: string
      readonly ok: true
      /** Of the first lab, where the file is a matrix of several. */
      readonly counts: Readonly<Record<string, number>>
      /** Absent where it is no matrix. */
      readonly combinations?: readonly Combination[]
      readonly warnings: readonly Problem[]
    }
  | { readonly file: string; readonly ok: false; readonly problems: readonly Problem[] }

export function declare(program: Command): void {
  program
    .command('validate')
    .description('check lab files: every mistake with its position and remedy')
    .argument('<file...>', 'lab files')
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
    .addOption(setOption())
    .addHelpText(
      'after',
      '\nOf a matrix every combination is checked. Exits with 0 if all files are right, with 2 if any is not.',
    )
    .action(
      async (files: string[], { format, ...options }: { format: 'text' | 'json'; set?: Assignments }) => {
        const results: Result[] = []
        for (const file of files) results.push(await validate(file, settingsOf(options)))
        process.stdout.write(
          format === 'json' ? `${JSON.stringify(results, null, 2)}\n` : await text(results),
        )
        if (results.some(({ ok }) => !ok)) process.exitCode = exitCodes.input
      },
    )
}

async function validate(file: string, settings: Settings): Promise<Result> {
  const [{ loadVariants }, { LabFileError }, { compile }, { warningsOf }] = await Promise.all([
    import('../topology/load.ts'),
    import('../topology/problem.ts'),
    import('../plan/compile.ts'),
    import('./warnings.ts'),
  ])
  try {
    const labs = await loadVariants(file, settings)
    // What a configuration of the user's own contradicts shows only in the plan.
    const [plan] = labs.map(({ topology }) => compile(topology))
    const [first] = labs
    if (!first || !plan) throw new TypeError(`${file} stands for no lab`)
    const isMatrix = Object.keys(first.combination).length > 0
    return {
      file,
      ok: true,
      counts: countsOf(first.topology, plan),
      ...(isMatrix ? { combinations: labs.map(({ combination }) => combination) } : {}),
      warnings: once(labs.flatMap(warningsOf)),
    }
  } catch (error) {
    if (error instanceof LabFileError) return { file, ok: false, problems: error.problems }
    throw error
  }
}

/** What several labs of a file are warned of alike. */
const once = (problems: readonly Problem[]): Problem[] => [
  ...new Map<string, Problem>(problems.map((problem) => [JSON.stringify(problem), problem])).values(),
]

const countsOf = (topology: Topology, { traffic, matrices = [] }: Plan) => ({
  ases: topology.autonomousSystems.length,
  nodes: topology.nodes.length,
  links: topology.links.length,
  probes: topology.probes.length,
  collectors: topology.collectors.length,
  traffic: matrices.flatMap(({ senders }) => senders).reduce((sum, { flows }) => sum + flows, traffic.length),
  events: topology.events.length,
})

const runs = (combinations: readonly Combination[] | undefined): string =>
  combinations ? `; a matrix of ${combinations.length} runs` : ''

/** One and many of what is counted. */
const nouns: Readonly<Record<string, readonly [string, string]>> = {
  ases: ['AS', 'ASes'],
  nodes: ['node', 'nodes'],
  links: ['link', 'links'],
  probes: ['probe', 'probes'],
  collectors: ['collector', 'collectors'],
  traffic: ['flow', 'flows'],
  events: ['event', 'events'],
}

async function text(results: readonly Result[]): Promise<string> {
  const { formatProblem, formatWarning } = await import('../topology/problem.ts')
  const lines = results.flatMap((result) => {
    if (!result.ok) return result.problems.map(formatProblem)
    const counts = Object.entries(result.counts).flatMap(([what, count]) => {
      const noun = nouns[what]?.[count === 1 ? 0 : 1] ?? what
      return count > 0 ? [`${count} ${noun}`] : []
    })
    return [
      ...result.warnings.map(formatWarning),
      `${result.file}: ok, ${counts.join(', ')}${runs(result.combinations)}`,
    ]
  })
  return `${lines.join('\n')}\n`
}
