// The door of the stage: a lab file's text → Topology, or all that is wrong with it. The order of the stage is here:
// document (YAML) → variants (variables, matrix) → draft (fields, by the schema) → check (across the file) → resolve (defaults).
import { dirname, isAbsolute, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { stringify } from 'yaml'
import { check } from './check.ts'
import { noSettings, variants } from './compose.ts'
import type { Settings, Variant } from './compose.ts'
import { titleOf } from './composition/matrix.ts'
import type { Combination } from './composition/matrix.ts'
import type { LabDocument } from './document.ts'
import { readDocument } from './document.ts'
import { withOwn } from './own.ts'
import type { ReadFile } from './own.ts'
import type { PositionOf } from './positions.ts'
import { LabFileError } from './problem.ts'
import type { Path, Problem } from './problem.ts'
import { readDraft } from './read.ts'
import { collectProblems, inFileOrder, mostProblems } from './report.ts'
import { resolve } from './resolve.ts'
import type { Files } from './resolve.ts'
import { LabFile } from './schema.ts'
import type { Topology } from './topology.ts'

export interface Parsed {
  readonly topology: Topology
  /** Where the file says something, for later stages that find it impossible; never throws, whatever the path. */
  readonly positionOf: PositionOf
  /** What is allowed and probably not meant. */
  readonly warnings: readonly Problem[]
}

/** One of the labs of a file. */
export interface ParsedVariant extends Parsed {
  /** Of the matrix; empty where the file has none. */
  readonly combination: Combination
  /** The lab file as it is; with variables, or where it extends others, one that says the same without. */
  readonly text: string
}

/** A combination that no lab can be made of, and why. */
export interface Impossible {
  readonly combination: Combination
  readonly problems: readonly Problem[]
}

/**
 * Reads each of the labs that `document` stands for by itself.
 * @throws LabFileError where it is not known which they are.
 */
export function tryVariants(
  document: LabDocument,
  settings: Settings,
  read: ReadFile,
): readonly (ParsedVariant | Impossible)[] {
  return variants(document, settings).map((variant) => {
    try {
      return parseVariant(document, variant, read)
    } catch (error) {
      if (!(error instanceof LabFileError)) throw error
      return { combination: variant.combination, problems: error.problems }
    }
  })
}

export const isPossible = (lab: ParsedVariant | Impossible): lab is ParsedVariant => 'topology' in lab

/**
 * Reads the labs that `document` stands for, at least one.
 * @throws LabFileError with every mistake of the file, in its order; of what is wrong in some combinations alone, the first.
 */
export function parseVariants(
  document: LabDocument,
  settings: Settings,
  read: ReadFile,
): readonly ParsedVariant[] {
  const all = tryVariants(document, settings, read)
  throwIfImpossible(all)
  return all.filter(isPossible)
}

/** @throws LabFileError where any is impossible. */
function throwIfImpossible(all: readonly (ParsedVariant | Impossible)[]): void {
  const mistakes = new Map<string, { readonly problem: Problem; readonly in: Combination[] }>()
  for (const lab of all) {
    if (isPossible(lab)) continue
    for (const problem of lab.problems) {
      const id = JSON.stringify([problem.position, problem.message])
      const known = mistakes.get(id) ?? { problem, in: [] }
      known.in.push(lab.combination)
      mistakes.set(id, known)
    }
  }
  if (mistakes.size === 0) return
  throw new LabFileError(
    inFileOrder(
      [...mistakes.values()].map(({ problem, in: [first, ...others] }) =>
        first && others.length + 1 < all.length
          ? { ...problem, message: `${problem.message} (${titleOf(first)})` }
          : problem,
      ),
    ).slice(0, mostProblems),
  )
}

function parseVariant(
  document: LabDocument,
  { combination, value: valueOf }: Variant,
  read: ReadFile,
): ParsedVariant {
  const unreplaced: Problem[] = []
  const value = valueOf((path, message, remedy, part) => {
    unreplaced.push({ position: document.positionOf(path, part), path, message, remedy })
  })
  const place = (path: Path, named: string): string => {
    const directory = dirname(document.positionOf(path).file)
    return isAbsolute(named) ? named : join(directory, named)
  }
  const { document: whole, warnings: remarks } = withOwn({ ...document, value }, place, read)
  const { positionOf } = whole
  const { report, warn, warnings, throwIfAny } = collectProblems(positionOf, [
    ...unreplaced,
    ...whole.problems,
  ])
  // A value whose variable is unknown is not wrong a second time.
  const unknown = new Set(unreplaced.map(({ path }) => path.join('\n')))
  const draft = readDraft(LabFile, whole.value, (path, ...said) => {
    if (!unknown.has(path.join('\n'))) report(path, ...said)
  })
  if (draft) check(draft, report, warn)
  throwIfAny()
  const files: Files = {
    directoryOf: (path) => dirname(document.positionOf(path).file),
    file: (path, named) => {
      const file = place(path, named)
      const found = read(file)
      return { file, text: 'text' in found ? found.text : '' }
    },
  }
  const topology = resolve(LabFile.parse(whole.value), files, positionOf)
  const text = isDeepStrictEqual(value, document.value)
    ? document.text
    : stringify(value).replaceAll('${', () => '$${')
  return { topology, positionOf, warnings: inFileOrder([...warnings(), ...remarks]), combination, text }
}

/** Files that a text alone names cannot be found. */
const noFiles: ReadFile = () => ({ found: 'none', remedy: 'Read the lab file from its place.' })

/**
 * Reads a lab file that is one lab and extends none.
 * @param file its name, for positions.
 * @throws LabFileError with every mistake of the file, in its order.
 */
export function parseWithPositions(text: string, file: string): Parsed {
  const document = readDocument(text, file)
  const [first, second] = parseVariants(document, noSettings, noFiles)
  if (!first || second) throw new TypeError(`${file} is a matrix`)
  return first
}

/** @throws LabFileError with every mistake of the file, in its order. */
export const parse = (text: string, file: string): Topology => parseWithPositions(text, file).topology
