// The texts that stand in a source file, as someone wrote them: template literals with {} where values stand, and quoted strings.

/** Throws where a literal does not end. */
export function literalsIn(source: string): string[] {
  const found: string[] = []

  function quoted(begin: number): number {
    const mark = source[begin]
    let text = ''
    for (let at = begin + 1; at < source.length; at++) {
      if (source[at] === '\\') text += source[++at] ?? ''
      else if (source[at] === mark) {
        found.push(text)
        return at + 1
      } else text += source[at]
    }
    throw new RangeError(`a string that does not end: ${text.slice(0, 40)}`)
  }

  /** From behind `${` to behind its `}`. */
  function value(begin: number): number {
    for (let at = begin, depth = 1; at < source.length; ) {
      if (source[at] === '`') at = template(at)
      else if (source[at] === "'" || source[at] === '"') at = quoted(at)
      else {
        if (source[at] === '{') depth++
        if (source[at] === '}' && --depth === 0) return at + 1
        at++
      }
    }
    throw new RangeError('a value that does not end')
  }

  function template(begin: number): number {
    let text = ''
    for (let at = begin + 1; at < source.length; ) {
      if (source[at] === '\\') {
        text += source[at + 1] ?? ''
        at += 2
      } else if (source[at] === '`') {
        found.push(text)
        return at + 1
      } else if (source.startsWith('${', at)) {
        text += '{}'
        at = value(at + 2)
      } else text += source[at++]
    }
    throw new RangeError(`a template that does not end: ${text.slice(0, 40)}`)
  }

  for (let at = 0; at < source.length; ) {
    if (source.startsWith('//', at)) at = source.indexOf('\n', at)
    else if (source.startsWith('/*', at)) at = source.indexOf('*/', at) + 2
    // A regular expression of these files has no quotes that matter but these.
    else if (source[at] === '/' && /[=(,:]\s*$/.test(source.slice(Math.max(0, at - 3), at)))
      at = at + (/^\/(?:\\.|\[(?:\\.|[^\]])*\]|[^/\n])+\//.exec(source.slice(at))?.[0].length ?? 1)
    else if (source[at] === '`') at = template(at)
    else if (source[at] === "'" || source[at] === '"') at = quoted(at)
    else at++
  }
  return found
}
