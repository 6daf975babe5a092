// A configuration file of pmacct as its directives, each with its place (pmacct's CONFIG-KEYS; its reader in src/cfg.c): one a
// line, `key: value` or `key[plugin]: value`; lines that begin with ! or # are comments.

export interface Statement {
  readonly key: string
  /** Of which plugin; absent: of all. */
  readonly plugin?: string
  readonly value: string
  /** Of the line, from 1. */
  readonly line: number
  /** Of the key and of the value, from 1. */
  readonly column: number
  readonly valueColumn: number
}

export interface Refused {
  readonly line: number
  readonly text: string
}

const directive =
  /^(?<before>\s*)(?<key>[A-Za-z][\w]*)(?:\[(?<plugin>[^\][]*)\])?(?<colon>\s*:\s*)(?<value>.*?)\s*$/

export function statementsOf(text: string): {
  readonly statements: readonly Statement[]
  readonly refused: readonly Refused[]
} {
  const statements: Statement[] = []
  const refused: Refused[] = []
  for (const [index, content] of text.split('\n').entries()) {
    const line = index + 1
    if (/^\s*(?:[!#]|$)/.test(content)) continue
    const groups = directive.exec(content)?.groups
    if (!groups) {
      refused.push({ line, text: content.trim() })
      continue
    }
    const { before = '', key = '', plugin, value = '' } = groups
    const named = plugin === undefined ? {} : { plugin: plugin.trim() }
    statements.push({
      key,
      ...named,
      value,
      line,
      column: before.length + 1,
      valueColumn: content.indexOf(value, before.length + key.length) + 1,
    })
  }
  return { statements, refused }
}

/** The directive of a plugin: its own, else that of all. */
export const directiveOf = (
  statements: readonly Statement[],
  key: string,
  plugin?: string,
): Statement | undefined =>
  statements.findLast((each) => each.key === key && each.plugin !== undefined && each.plugin === plugin) ??
  statements.findLast((each) => each.key === key && each.plugin === undefined)

export interface Plugin {
  readonly type: string
  readonly name: string
}

/** `memory[inbound], nfprobe[collect]`; what pmacct calls a plugin without a name. */
export const pluginsOf = (statement: Statement | undefined): Plugin[] =>
  (statement?.value ?? '')
    .split(',')
    .map((word) => /^\s*(\w+)\s*(?:\[\s*([^\][]*?)\s*\])?\s*$/.exec(word))
    .flatMap((found) =>
      found?.[1] === undefined ? [] : [{ type: found[1], name: found[2] ?? `default_${found[1]}` }],
    )

/** `src_host, dst_host`. */
export const wordsOf = (value: string): string[] => value.split(/[\s,]+/).filter((word) => word !== '')
