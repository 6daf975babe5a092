// What all verbs of charts have in common: where definitions and numbers are, and how what is wrong with them is told.

import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { MachineError } from '../backend.ts'
import type { Definitions } from '../chart/database.ts'
import { InputError } from './exit.ts'

export interface Place {
  /** Where numbers are, and the file of definitions. */
  readonly data: string
  readonly database?: string
}

const home = (): string => join(process.env['XDG_DATA_HOME'] || join(homedir(), '.local/share'), 'flowlab')

/** With what all verbs of charts take. */
export const chartVerb = (chart: Command, name: string): Command => chartOptions(chart.command(name))

export const chartOptions = (command: Command): Command =>
  command
    .option(
      '--database <database>',
      'of definitions: a file, or mysql://USER:PASSWORD@HOST/DATABASE (default: $FLOWLAB_DATABASE, else charts.duckdb of --data)',
    )
    .option(
      '--data <directory>',
      "of the charts' numbers (default: ~/.local/share/flowlab, as XDG_DATA_HOME has it)",
    )

export const placeOf = ({ data = home(), database }: Partial<Place>): Required<Place> => ({
  data,
  database: database ?? (process.env['FLOWLAB_DATABASE'] || join(data, 'charts.duckdb')),
})

/** What can be wrong with a question about charts, as errors of the command. */
export async function charting<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    const [{ ChartError }, { DefinitionError }, { FileError }, { RrdError }] = await Promise.all([
      import('../chart/database.ts'),
      import('../chart/definition.ts'),
      import('../chart/file.ts'),
      import('../chart/rrd.ts'),
    ])
    if (error instanceof DefinitionError) throw new InputError(error.message, 'docs/charts.md has all fields')
    if (error instanceof FileError)
      throw new InputError(error.message, 'it is YAML or JSON, as `flowlab chart export` writes it')
    if (error instanceof ChartError) throw new InputError(error.message, error.remedy)
    if (error instanceof RrdError)
      throw error.isMissing
        ? new MachineError(error.message, 'apt-get install rrdtool')
        : new InputError(
            error.message,
            /\btime\b|should be less/.test(error.message)
              ? 'times are as rrdfetch(1) has them, such as -1h, "noon yesterday" or seconds since 1970'
              : '`flowlab chart show` has the definition',
          )
    throw error
  }
}

export async function withCharts<T>(
  place: Partial<Place>,
  act: (definitions: Definitions) => Promise<T>,
): Promise<T> {
  const { withDefinitions } = await import('../chart/open.ts')
  return charting(() => withDefinitions(placeOf(place).database, act))
}
