// Sentences of the server in another language: English with {} where values stand → the other language with {1}, {2} … where they come
// again. What stands for a value may be a sentence of the table itself, such as an amount.

export type Sentences = Readonly<Record<string, string>>

interface Template {
  readonly pattern: RegExp
  /** Of each capture, whether two values stand in it, one behind the other. */
  readonly isPair: readonly boolean[]
  readonly to: string
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

/** What says more comes first. */
const templatesOf = (table: Sentences): Template[] =>
  Object.entries(table)
    .filter(([english]) => english.includes('{}'))
    .sort(([a], [b]) => b.replaceAll('{}', '').length - a.replaceAll('{}', '').length)
    .map(([english, to]) => ({
      pattern: new RegExp(
        `^${english
          .split(/(?:\{\}){1,2}/)
          .map(escaped)
          .join('(.*?)')}$`,
        's',
      ),
      isPair: [...english.matchAll(/(?:\{\}){1,2}/g)].map(([holes]) => holes.length > 2),
      to,
    }))

/** Values in values: an amount in a list in a sentence. */
const deepest = 4

/** undefined: the table has nothing for it. */
export function translator(table: Sentences): (text: string) => string | undefined {
  const templates = templatesOf(table)
  const known = new Map<string, string | undefined>()
  function translated(text: string, depth: number): string | undefined {
    if (Object.hasOwn(table, text)) return table[text]
    if (depth > deepest) return undefined
    for (const { pattern, isPair, to } of templates) {
      const captures = pattern.exec(text)?.slice(1)
      if (!captures) continue
      const values = captures.flatMap((value, index) => (isPair[index] ? parted(value, depth) : [value]))
      const said = values.map((value) => translated(value, depth + 1) ?? value)
      return to.replaceAll(/\{(\d)\}/g, (_, place: string) => said[Number(place) - 1] ?? '')
    }
    return undefined
  }
  /** A value, and what may be added to it: a part of a sentence that the table has, or nothing. */
  function parted(value: string, depth: number): [string, string] {
    for (const { index } of value.matchAll(/[,;:. ]/g)) {
      const added = value.slice(index)
      if (translated(added, depth + 1) !== undefined) return [value.slice(0, index), added]
    }
    return [value, '']
  }

  return (text) => {
    if (!known.has(text)) known.set(text, translated(text, 0))
    return known.get(text)
  }
}
