// Configuration files of the user's own, which a lab file names by `config` and `maps`: read, and what they say that the lab
// must know laid under the lab file, so that from here on it makes no difference who said it.
import type { LabDocument } from './document.ts'
import { override } from './composition/extend.ts'
import { adoptLetters, adoptPmacct, tablePlugins } from './own/adopt.ts'
import type { Said } from './own/adopt.ts'
import { directiveOf, pluginsOf, statementsOf } from './own/pmacct-file.ts'
import { pmacctDirectives } from './pmacct-directives.ts'
import type { PositionOf } from './positions.ts'
import type { Path, Problem } from './problem.ts'
import { isMapping } from './read.ts'
import { listing, show, suggestion } from './suggest.ts'

/** The text of a file that a lab file names, or why there is none. */
export type ReadFile = (
  path: string,
) => { readonly text: string } | { readonly found: string; readonly remedy: string }

export interface Owned {
  readonly document: LabDocument
  readonly warnings: readonly Problem[]
}

/** Every file of the user's own that a lab file names, with where it does. */
export function ownFiles(value: unknown): { readonly path: Path; readonly named: string }[] {
  const named = (path: Path, found: unknown): { path: Path; named: string }[] =>
    typeof found === 'string' ? [{ path, named: found }] : isMapping(found) ? under(path, found) : []
  const under = (path: Path, found: object): { path: Path; named: string }[] =>
    Object.entries(found).flatMap(([key, each]) =>
      typeof each === 'string' ? named([...path, key], each) : [],
    )
  return ['nodes', ...roles].flatMap((section) => {
    const all = isMapping(value) ? value[section] : undefined
    return Object.entries(isMapping(all) ? all : {}).flatMap(([name, each]) =>
      isMapping(each)
        ? [
            ...named([section, name, 'config'], each['config']),
            ...(isMapping(each['maps']) ? under([section, name, 'maps'], each['maps']) : []),
          ]
        : [],
    )
  })
}

const roles = ['probes', 'collectors'] as const
const pmacctKinds = new Set(['pmacctd', 'nfacctd', 'sfacctd'])

/**
 * @param place the path of a file that the value at a path of the lab file names
 */
export function withOwn(
  document: LabDocument,
  place: (path: Path, named: string) => string,
  read: ReadFile,
): Owned {
  const problems: Problem[] = []
  const warnings: Problem[] = []
  let whole = document
  for (const { path, named } of ownFiles(document.value)) {
    const file = place(path, named)
    const found = read(file)
    if (!('text' in found))
      problems.push({
        position: document.positionOf(path),
        path,
        message: `expected a file at ${file}, found ${found.found}`,
        remedy: found.remedy,
      })
  }
  for (const role of roles) {
    const daemons = isMapping(document.value) ? document.value[role] : undefined
    for (const [name, daemon] of Object.entries(isMapping(daemons) ? daemons : {})) {
      if (!isMapping(daemon) || typeof daemon['config'] !== 'string') continue
      const file = place([role, name, 'config'], daemon['config'])
      const found = read(file)
      if (!('text' in found)) continue
      const report = (line: number, column: number, message: string, remedy: string): void => {
        problems.push({ position: { file, line, column }, path: [role, name], message, remedy })
      }
      const kind = String(daemon['kind'])
      const said = pmacctKinds.has(kind)
        ? adoptDirectives(role, found.text, report, (line, column, message, remedy) =>
            warnings.push({ position: { file, line, column }, path: [role, name], message, remedy }),
          )
        : adoptOptions(kind, found.text, report)
      problems.push(...saidTwice(role, name, daemon, said, document.positionOf, daemon['config']))
      whole = override(layer(role, name, said, file), whole)
    }
  }
  return { document: { ...whole, problems: [...document.problems, ...problems] }, warnings }
}

type Say = (line: number, column: number, message: string, remedy: string) => void

function adoptDirectives(role: (typeof roles)[number], text: string, report: Say, warn: Say): Said[] {
  const { statements, refused } = statementsOf(text)
  for (const { line, text: found } of refused)
    report(
      line,
      1,
      `expected a directive of pmacct, key: value, found ${show(found)}`,
      'Write each on one line; begin comments with !.',
    )
  for (const { key, line, column } of statements)
    if (!pmacctDirectives.has(key) && !formerNames.has(key))
      warn(
        line,
        column,
        `expected a directive of pmacct 1.7.7, found ${key}`,
        Object.hasOwn(renamed, key)
          ? `It is called ${renamed[key]} there, which flowlab adds.`
          : suggestion(key, pmacctDirectives, 'pmacct passes over what it does not know.'),
      )
  const plugins = directiveOf(statements, 'plugins')
  const wanted = role === 'probes' ? ['nfprobe', 'sfprobe'] : tablePlugins
  if (!pluginsOf(plugins).some(({ type }) => wanted.includes(type)))
    report(
      plugins?.line ?? 1,
      plugins?.valueColumn ?? 1,
      `expected a plugin ${listing(wanted)}, found ${plugins?.value || 'none'}`,
      role === 'probes'
        ? 'Write such as plugins: nfprobe[collect]: its exports are what is judged.'
        : 'Write such as plugins: memory[display]: its table is what is judged.',
    )
  return adoptPmacct(role, statements)
}

function adoptOptions(kind: string, text: string, report: Say): Said[] {
  const { said, refused } = adoptLetters(kind, text)
  for (const { line, text: found } of refused)
    report(
      line,
      1,
      `expected options with a letter, each once, found ${show(found)}`,
      `Write the options of ${kind} as on its command line, without the collector to export to.`,
    )
  return said
}

/** Names that pmacct 1.7.7 has no more. */
const renamed: Readonly<Record<string, string>> = { interface: 'pcap_interface', daemon: 'daemonize' }
/** Names that CONFIG-KEYS no longer has and pmacct 1.7.7 still takes. */
const formerNames = new Set(['nfacctd_as_new', 'sfacctd_as_new', 'classifiers'])

/** What the file says, as a lab file that says no more. */
function layer(role: string, name: string, said: readonly Said[], file: string): LabDocument {
  const value: Record<string, unknown> = {}
  for (const { path, value: each } of said) {
    let inner = value
    for (const key of path.slice(0, -1)) inner = (inner[key] ??= {}) as Record<string, unknown>
    inner[String(path.at(-1))] = each
  }
  const positionOf: PositionOf = (path) => {
    const inside = path.slice(2)
    const by = said.find((each) =>
      each.path.every((key, index) => inside[index] === undefined || key === inside[index]),
    )?.by
    return { file, line: by?.line ?? 1, column: by?.valueColumn ?? 1 }
  }
  return { value: { [role]: { [name]: value } }, positionOf, text: '', problems: [] }
}

/** What the lab file says beside it would contradict it, or say it again. */
const saidTwice = (
  role: string,
  name: string,
  daemon: Readonly<Record<string, unknown>>,
  said: readonly Said[],
  positionOf: PositionOf,
  config: string,
): Problem[] =>
  [
    ...new Set(
      said
        .filter(({ unless }) => !unless)
        .map(({ path }) => (path[0] === 'export' ? path.slice(0, 2) : path.slice(0, 1)).join('\n')),
    ),
  ]
    .map((id) => id.split('\n'))
    .filter((path) => has(daemon, path))
    .map((path) => ({
      position: positionOf([role, name, ...path], 'key'),
      path: [role, name, ...path],
      message: `expected this from ${config} alone, found it in both`,
      remedy: 'Leave it out here.',
    }))

function has(value: unknown, [first, ...rest]: readonly string[]): boolean {
  if (first === undefined) return true
  return isMapping(value) && Object.hasOwn(value, first) && has(value[first], rest)
}
