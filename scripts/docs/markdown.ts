// The few pieces of Markdown that the generated documents are made of.

/** Stands at the top of every generated document. */
export const origin = (source: string): string =>
  `<!-- Generated from ${source} by \`npm run docs\`; a test fails when the two differ. -->`

const cell = (text: string): string => text.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ')

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n')

export const code = (text: string): string => `\`${text}\``

/** Paragraphs, with an empty line between them. */
export const document = (...parts: readonly string[]): string => `${parts.join('\n\n')}\n`
