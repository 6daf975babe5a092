// `flowlab validate FILE…`: the lab files alone, all their mistakes at once.
import { Option } from 'commander'
import type { Command } from 'commander'
import { exitCodes } from './exit.ts'
import type { Problem } from '../topology/problem.ts'
import type { Topology } from '../topology/topology.ts'

/** What is said of one file; the JSON form is a list of these. */
type Result =
  | {
      readonly file: string
      readonly ok: true
      readonly counts: Readonly<Record<string, number>>
      readonly warnings: readonly Problem[]
    }
  | { readonly file: string; readonly ok: false; readonly problems: readonly Problem[] }

export function declare(program: Command): void {
  program
    .command('validate')
    .description('check lab files: every mistake with its position and remedy')
    .argument('<file...>', 'lab files')
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
    .addHelpText('after', '\nExits with 0 if all files are right, with 2 if any is not.')
    .action(async (files: string[], { format }: { format: 'text' | 'json' }) => {
      const results: Result[] = []
      for (const file of files) results.push(await validate(file))
      process.stdout.write(format === 'json' ? `${JSON.stringify(results, null, 2)}\n` : await text(results))
      if (results.some(({ ok }) => !ok)) process.exitCode = exitCodes.input
    })
}

async function validate(file: string): Promise<Result> {
  const [{ load }, { LabFileError }] = await Promise.all([
    import('../topology/load.ts'),
    import('../topology/problem.ts'),
  ])
  try {
    const { topology, warnings } = await load(file)
    return { file, ok: true, counts: countsOf(topology), warnings }
  } catch (error) {
    if (error instanceof LabFileError) return { file, ok: false, problems: error.problems }
    throw error
  }
}

const countsOf = (topology: Topology) => ({
  ases: topology.autonomousSystems.length,
  nodes: topology.nodes.length,
  links: topology.links.length,
  probes: topology.probes.length,
  collectors: topology.collectors.length,
  traffic: topology.traffic.length,
  events: topology.events.length,
})

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
    return [...result.warnings.map(formatWarning), `${result.file}: ok, ${counts.join(', ')}`]
  })
  return `${lines.join('\n')}\n`
}
