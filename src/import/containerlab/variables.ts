// What containerlab replaces in a topology file's text: environment variables, and its own names of a node and its directory.

/** `${VAR}`, `${VAR:-else}`, `${VAR:=else}`, `${VAR-else}` and `$VAR`, as envsubst has them; `$$` is a dollar sign. */
const reference =
  /\$(?:\$|\{(?<braced>[A-Za-z_]\w*)(?:(?<when>:?[-=])(?<otherwise>[^{}]*))?\}|(?<plain>[A-Za-z_]\w*))/g

export interface Expanded {
  readonly text: string
  /** Variables that are not set and have no default: nothing stands in their place. */
  readonly unset: readonly string[]
}

export function expand(text: string, env: Readonly<Record<string, string | undefined>>): Expanded {
  const unset: string[] = []
  const expanded = text.replaceAll(reference, (whole, ...rest) => {
    if (whole === '$$') return '$'
    const groups = rest.at(-1) as Record<'braced' | 'when' | 'otherwise' | 'plain', string | undefined>
    const name = groups.braced ?? groups.plain ?? ''
    const value = env[name]
    const missing = groups.when?.startsWith(':') ? value === undefined || value === '' : value === undefined
    if (!missing) return value ?? ''
    if (groups.otherwise === undefined) unset.push(name)
    return groups.otherwise ?? ''
  })
  return { text: expanded, unset }
}

/** Of a node's own texts. The directory is where containerlab would keep what it makes for the lab. */
export const nameNode = (text: string, lab: string, node: string): string =>
  text
    .replaceAll('__clabNodeName__', node)
    .replaceAll('__clabNodeDir__', `clab-${lab}/${node}`)
    .replaceAll('__clabDir__', `clab-${lab}`)
