// Pieces of shell text that people are to read: here-documents, comments, headings.

import { environment, quote, words } from '../../backend/common/shell.ts'

export { environment, quote, words }

/** `COMMAND <<'END'` with the text as it is; the closing word is none of its lines. */
export function hereDocument(command: string, text: string): string[] {
  const lines = text.replace(/\n$/, '').split('\n')
  let end = 'END'
  while (lines.includes(end)) end += '_'
  return [`${command} <<'${end}'`, ...lines, end]
}

/** Lines of a comment; whatever the text holds, nothing of it is run. */
export const comment = (text: string): string[] =>
  text
    .trimEnd()
    .split(/\r?\n|[\r\u2028\u2029]/)
    .map((line) => `# ${line}`.trimEnd())

export const heading = (text: string): string[] => [
  '',
  `# ${'-'.repeat(Math.max(3, 90 - text.length))} ${text}`,
]
