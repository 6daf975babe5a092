// `${NAME}` in the values of a lab file. A value that is nothing else takes the variable's value as it is, a number or a whole
// mapping; in the midst of text it is written out.
import { limits } from '../document.ts'
import type { Path } from '../problem.ts'
import { isMapping } from '../read.ts'
import type { Report } from '../report.ts'
import { listing, show, suggestion } from '../suggest.ts'
import { isScalar, type Scalar, scalarOf } from './scalar.ts'

export interface Variables {
  readonly values: Readonly<Record<string, unknown>>
  /** Of the environment; read by `${env:NAME}` alone. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Where they are looked for, and what to do where there are none. */
  readonly of: string
  readonly remedy: string
}

/** `$${` stands for `${`; `${NAME:-text}` has what stands in where there is no such variable. */
const reference = /\$(?:(?<escaped>\$\{)|\{(?<inside>[^{}]*)(?<close>\})?)/g
const whole = /^\$\{[^{}]*\}$/
const named = /^(?<env>env:)?(?<name>[A-Za-z_][\w-]*)(?::-(?<otherwise>.*))?$/s

/** Characters that variables may stand for in one lab, so that a file cannot grow without bounds. */
const most = 4 * limits.characters

/** `value` with its variables replaced. What cannot be replaced is reported, and stays. */
export function substitute(value: unknown, variables: Variables, report: Report): unknown {
  const sizes = new Map<unknown, number>()
  let grown = 0

  const sizeOf = (found: unknown): number => {
    if (!sizes.has(found)) sizes.set(found, JSON.stringify(found)?.length ?? 0)
    return sizes.get(found) ?? 0
  }

  const lookUp = (inside: string, path: Path): unknown => {
    const { env, name, otherwise } = named.exec(inside)?.groups ?? {}
    if (name === undefined) {
      report(
        path,
        `expected the name of a variable, found ${show(inside)}`,
        'Write such as ${RATE}, ${RATE:-10} or ${env:RATE}; $${ stands for ${ itself.',
      )
      return undefined
    }
    const found = env === undefined ? valueOf(name) : textOf(name)
    if (found !== undefined && (found !== '' || otherwise === undefined)) return found
    if (otherwise !== undefined) return scalarOf(otherwise)
    if (env !== undefined)
      report(
        path,
        `expected ${name} in the environment, found none`,
        `Set it, or write what stands in for it: \${env:${name}:-…}.`,
      )
    else
      report(
        path,
        `expected a variable of ${variables.of}, found ${name}`,
        suggestion(name, names, names.length > 0 ? `There is ${listing(names, 'and')}.` : variables.remedy),
      )
    return undefined
  }
  const names = Object.keys(variables.values)
  const valueOf = (name: string): unknown =>
    Object.hasOwn(variables.values, name) ? variables.values[name] : undefined
  const textOf = (name: string): Scalar | undefined => {
    const text = variables.environment[name]
    return text === undefined ? undefined : scalarOf(text)
  }

  const replace = (text: string, path: Path): unknown => {
    if (!text.includes('${')) return text
    let failed = false
    const expand = (inside: string): unknown => {
      const found = lookUp(inside, path)
      failed ||= found === undefined
      grown += sizeOf(found)
      return found
    }
    const result = whole.test(text)
      ? expand(text.slice(2, -1))
      : text.replaceAll(reference, (...parts) => {
          const { escaped, inside = '', close } = parts.at(-1) as Record<string, string | undefined>
          if (escaped !== undefined) return escaped
          if (failed || grown > most) return ''
          if (close === undefined) {
            report(path, `expected } after \${, found ${show(inside)}`, 'Close it; $${ stands for ${ itself.')
            failed = true
            return ''
          }
          const found = expand(inside)
          if (found === undefined || isScalar(found)) return String(found)
          report(
            path,
            `expected text or a number for \${${inside}}, found ${show(found)}`,
            'Let it be the whole value, or make it a variable of text.',
          )
          failed = true
          return ''
        })
    return failed ? text : result
  }

  const walk = (found: unknown, path: Path): unknown => {
    if (grown > most) return found
    if (typeof found === 'string') return replace(found, path)
    if (Array.isArray(found)) return found.map((item, index) => walk(item, [...path, index]))
    if (!isMapping(found)) return found
    return Object.fromEntries(Object.entries(found).map(([key, inner]) => [key, walk(inner, [...path, key])]))
  }

  const result = walk(value, [])
  if (grown > most)
    report(
      ['vars'],
      `expected variables that write out to ${most} characters, found more`,
      'Make them shorter.',
    )
  return result
}
