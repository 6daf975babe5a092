// From what lab files say to the labs that they mean: variables, and a lab for each combination of the matrix. What each part
// does is composition/'s; which files there are is load.ts's.
import { combinations } from './composition/matrix.ts'
import type { Combination, Matrix } from './composition/matrix.ts'
import { isScalar, type Scalar } from './composition/scalar.ts'
import { substitute } from './composition/variables.ts'
import type { LabDocument } from './document.ts'
import type { Path } from './problem.ts'
import { isMapping, readDraft } from './read.ts'
import { collectProblems } from './report.ts'
import type { Report } from './report.ts'
import { Axes, Exclude, Vars } from './composition/schema.ts'
import { listing, show, suggestion } from './suggest.ts'

/** What a lab takes from outside its files. */
export interface Settings {
  /** In place of the files' own values. */
  readonly set: Readonly<Record<string, Scalar>>
  readonly environment: Readonly<Record<string, string | undefined>>
}

export const noSettings: Settings = { set: {}, environment: {} }

/** One of the labs that a file stands for. */
export interface Variant {
  /** Of the matrix; empty where the file has none. */
  readonly combination: Combination
  /** The lab with its variables replaced; what cannot be replaced is reported, and stays. */
  readonly value: (report: Report) => unknown
}

/** @throws LabFileError where variables or matrix cannot be read: then it is not known which labs there are. */
export function variants({ value, positionOf }: LabDocument, settings: Settings): readonly Variant[] {
  if (!isMapping(value)) return [{ combination: {}, value: () => value }]
  const { extends: _, vars: writtenVars = {}, matrix: writtenMatrix = {}, ...lab } = value
  const { report, throwIfAny } = collectProblems(positionOf, [])
  const { set, environment } = settings
  const plain = substitute(
    { vars: writtenVars, matrix: writtenMatrix },
    { values: {}, environment, of: 'the environment', remedy: 'Write ${env:NAME}, or the value itself.' },
    report,
  ) as { vars: unknown; matrix: unknown }
  const vars = readDraft(Vars, plain.vars, within(['vars'], report)) ?? {}
  const { axes, exclude } = readMatrix(plain.matrix, within(['matrix'], report))
  for (const name of Object.keys(set)) checkSet(name, [...Object.keys(vars), ...Object.keys(axes)], report)
  const all = combinations({ axes, exclude }, set, report)
  throwIfAny()
  return all.map((combination) => ({
    combination,
    value: (reportOf) =>
      substitute(
        lab,
        {
          values: { ...vars, ...set, ...combination },
          environment,
          of: 'the lab',
          remedy: 'Write vars: { NAME: value }.',
        },
        reportOf,
      ),
  }))
}

function readMatrix(found: unknown, report: Report): Matrix {
  if (!isMapping(found)) {
    report([], `expected a mapping, found ${show(found)}`, 'Write NAME: [value, …] for each axis.')
    return { axes: {}, exclude: [] }
  }
  const { exclude: written = [], ...writtenAxes } = found
  const axes = readDraft(Axes, writtenAxes, report) ?? {}
  const exclude = readDraft(Exclude, written, within(['exclude'], report)) ?? []
  // What could not be read is left out, so that the rest can be judged.
  return {
    axes: Object.fromEntries(
      Object.entries(axes).flatMap(([name, values]) => (values ? [[name, values.filter(isScalar)]] : [])),
    ),
    exclude: exclude.flatMap((entry) => (entry ? [entry as Combination] : [])),
  }
}

function checkSet(name: string, names: readonly string[], report: Report): void {
  if (names.includes(name)) return
  report(
    [],
    `expected a variable of the lab to set, found ${show(name)}`,
    suggestion(name, names, names.length > 0 ? `There is ${listing(names, 'and')}.` : 'It has none.'),
  )
}

const within =
  (outer: Path, report: Report): Report =>
  (path, message, remedy, part) =>
    report([...outer, ...path], message, remedy, part)
