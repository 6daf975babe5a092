// Definitions as one file, YAML or JSON: `charts:` and a list of them.

import { parse, stringify } from 'yaml'
import { checked, type Definition, DefinitionError } from './definition.ts'

/** A file is none of definitions at all. */
export class FileError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'FileError'
  }
}

export const definitionText = (value: Definition | { readonly charts: readonly Definition[] }): string =>
  stringify(value)

/** Throws FileError, or DefinitionError with all that is wrong with all of them. `file` is its name in these. */
export function readDefinitionFile(text: string, file: string): Definition[] {
  let given: unknown
  try {
    given = parse(text, { maxAliasCount: 0 })
  } catch (error) {
    throw new FileError(`${file}: ${(error as Error).message}`)
  }
  const charts = (given as { charts?: unknown } | null)?.charts
  if (!Array.isArray(charts)) throw new FileError(`${file}: expected charts: and a list of definitions`)
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
