// `flowlab chart`: charts of what a collector says, over time. Their definitions here; chart-numbers.ts has the verbs of their numbers.

import { type Command, Option } from 'commander'
import type { Definition } from '../chart/definition.ts'
import { declareNumbers } from './chart-numbers.ts'
import { charting, chartVerb, numbersOf, type Place, withCharts } from './chart-place.ts'
import { InputError } from './exit.ts'

type Fields = Readonly<Record<string, unknown>>

/** The fields of a definition as options. */
function fieldOptions(command: Command): Command {
  const several = (value: string, before: readonly string[] = []): string[] => [...before, value]
  return command
    .option('--title <text>', 'above the picture')
    .option('--lab <lab>', 'that is asked (default: the only one that is alive)')
    .option('--collector <name>', 'whose table is asked, or whose exports are looked at')
    .option('--table <name>', 'of the collector (default: its first)')
    .addOption(
      new Option('--witness <witness>', 'who is asked').choices(['collected', 'arrived', 'exported', 'wire']),
    )
    .option('--filter <words>', 'what is counted, in the words of `flowlab records`')
    .option('--key <key>', 'a series for each of its values: source, destinationAs, path, protocol …')
    .addOption(new Option('--unit <unit>', 'each a second').choices(['bits', 'packets', 'flows']))
    .option('--step <duration>', 'from one question to the next, such as 10s or 5m')
    .option(
      '--archive <archive>',
      'FUNCTION EVERY KEEP, such as "average 10s 8h"; may be given again',
      several,
    )
    .addOption(new Option('--style <style>', 'of the picture').choices(['stack', 'lines']))
    .option('--most <series>', 'drawn by themselves', Number)
    .option('--colour <colour>', 'of a series, the largest first; may be given again', several)
}

const fieldsOf = ({ archive, colour, data: _data, database: _database, ...fields }: Fields): Fields => ({
  ...fields,
  ...(archive === undefined ? {} : { archives: archive }),
  ...(colour === undefined ? {} : { colours: colour }),
})

export function declare(program: Command): void {
  const chart = program.command('chart').description('RRDtool charts of what collectors say, over time')
  fieldOptions(chartVerb(chart, 'add').argument('<name>'))
    .description('define a chart')
    .action(async (name: string, options: Partial<Place> & Fields) => {
      const { checked } = await import('../chart/definition.ts')
      await withCharts(options, async ({ add }) => add(checked({ name, ...fieldsOf(options) })))
    })
  fieldOptions(chartVerb(chart, 'change').argument('<name>'))
    .description('change what is given; one that counts something else begins new numbers')
    .action(async (name: string, options: Partial<Place> & Fields) => {
      const { checked } = await import('../chart/definition.ts')
      await withCharts(options, async ({ find, change }) =>
        change(checked({ ...(await find(name)), ...fieldsOf(options) })),
      )
    })
  chartVerb(chart, 'list')
    .description('all charts')
    .addOption(new Option('--format <format>', 'output format').choices(['text', 'json']).default('text'))
    .action(async (options: Partial<Place> & { format: 'text' | 'json' }) => {
      const all = await withCharts(options, async ({ list }) => list())
      if (options.format === 'json') process.stdout.write(`${JSON.stringify(all, null, 2)}\n`)
      else if (all.length === 0) process.stdout.write('no charts: `flowlab chart add` defines one\n')
      else {
        const { table } = await import('../report/table.ts')
        const head = ['NAME', 'WITNESS', 'COLLECTOR', 'KEY', 'UNIT', 'STEP', 'FILTER', 'TITLE']
        process.stdout.write(
          table(
            { head },
            all.map((each) => [
              ...[
                each.name,
                each.witness,
                each.table ? `${each.collector}/${each.table}` : (each.collector ?? ''),
              ],
              ...[each.key, each.unit, each.step, each.filter, each.title],
            ]),
            '',
          ),
        )
      }
    })
  chartVerb(chart, 'show')
    .description('the definition of a chart, as YAML')
    .argument('<name>')
    .action(async (name: string, options: Partial<Place>) =>
      print(await withCharts(options, async ({ find }) => find(name))),
    )
  chartVerb(chart, 'remove')
    .description('take a chart away, and its numbers')
    .argument('<name>')
    .action(async (name: string, options: Partial<Place>) => {
      const { rm } = await import('node:fs/promises')
      const numbers = await withCharts(options, async ({ find, remove }) => {
        const definition = await find(name)
        await remove(name)
        return numbersOf(options, definition)
      })
      await rm(numbers, { recursive: true, force: true })
    })
  chartVerb(chart, 'export')
    .description('definitions as one file, which `chart import` reads')
    .argument('[names...]', '(default: all)')
    .addOption(new Option('--format <format>', 'of the file').choices(['yaml', 'json']).default('yaml'))
    .action(async (names: string[], options: Partial<Place> & { format: 'yaml' | 'json' }) => {
      const charts = await withCharts(options, async ({ find, list }) =>
        names.length === 0 ? list() : Promise.all(names.map(find)),
      )
      if (options.format === 'json') process.stdout.write(`${JSON.stringify({ charts }, null, 2)}\n`)
      else await print({ charts })
    })
  chartVerb(chart, 'import')
    .description('define the charts of a file; those of the same name are changed. All of them, or none')
    .argument('<file>', 'YAML or JSON: `charts:` and a list of definitions')
    .action(async (file: string, options: Partial<Place>) => {
      const definitions = await charting(() => readDefinitions(file))
      await withCharts(options, async ({ list, add, change }) => {
        const known = new Set((await list()).map(({ name }) => name))
        for (const each of definitions) await (known.has(each.name) ? change(each) : add(each))
      })
    })
  declareNumbers(chart)
  for (const command of chart.commands)
    command.exitOverride().showHelpAfterError('(add --help for what it takes)')
}

async function print(value: unknown): Promise<void> {
  const { stringify } = await import('yaml')
  process.stdout.write(stringify(value))
}

/** Octets of a file of definitions. */
const largest = 1024 * 1024

/** Throws DefinitionError with all that is wrong with all of them. */
async function readDefinitions(file: string): Promise<Definition[]> {
  const [{ readFile, stat }, { parse }, { checked, DefinitionError }] = await Promise.all([
    import('node:fs/promises'),
    import('yaml'),
    import('../chart/definition.ts'),
  ])
  if ((await stat(file)).size > largest)
    throw new InputError(`${file} is larger than 1 MB`, 'no definitions are')
  let given: unknown
  try {
    given = parse(await readFile(file, 'utf8'), { maxAliasCount: 0 })
  } catch (error) {
    throw new InputError(
      `${file}: ${(error as Error).message}`,
      'it is YAML or JSON, as `flowlab chart export` writes it',
    )
  }
  const charts = (given as { charts?: unknown } | null)?.charts
  if (!Array.isArray(charts))
    throw new InputError(
      `${file}: expected charts: and a list of definitions`,
      'as `flowlab chart export` writes it',
    )
  const problems: string[] = []
  const definitions = charts.flatMap((each: unknown, index) => {
    try {
      return [checked(each)]
    } catch (error) {
      if (!(error instanceof DefinitionError)) throw error
      problems.push(...error.problems.map((problem) => `charts.${index}: ${problem}`))
      return []
    }
  })
  const names = definitions.map(({ name }) => name)
  for (const name of new Set(names.filter((each, index) => names.indexOf(each) !== index)))
    problems.push(`${name}: there are two of this name`)
  if (problems.length > 0) throw new DefinitionError(`file ${file}`, problems)
  return definitions
}
