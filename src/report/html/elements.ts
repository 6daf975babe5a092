// What the sections of the page are made of. Text of others is escaped here.

import { escapeXml } from '../xml.ts'

/** HTML, as against text that is still to be escaped. */
export interface Html {
  readonly html: string
}

export const html = (text: string): Html => ({ html: text })
const digits = new Intl.NumberFormat('en-US')

/** Numbers in groups of three, text escaped. */
export const shown = (value: string | number | Html): string =>
  typeof value === 'number' ? digits.format(value) : typeof value === 'string' ? escapeXml(value) : value.html

/** With what stands between backquotes as code. */
export const prose = (text: string): string => escapeXml(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>')

export const section = (title: string, ...body: readonly string[]): string =>
  body.join('') === '' ? '' : `<section><h2>${escapeXml(title)}</h2>${body.join('')}</section>`

export interface Cell {
  readonly value: string | number | Html
  readonly isWrong?: boolean
}

const isCell = (value: string | number | Html | Cell): value is Cell =>
  typeof value === 'object' && 'value' in value

/** Empty where there are no rows. `kinds`, a letter a column: n a number, k what is not broken into lines, t text. */
export function table(
  head: readonly string[],
  kinds: string,
  rows: readonly (readonly (string | number | Html | Cell)[])[],
): string {
  if (rows.length === 0) return ''
  const cls = (column: number, more = ''): string => {
    const names = [kinds[column] === 't' ? '' : (kinds[column] ?? ''), more].filter(Boolean)
    return names.length === 0 ? '' : ` class="${names.join(' ')}"`
  }
  return [
    '<div class="wide"><table><thead><tr>',
    ...head.map((each, column) => `<th scope="col"${cls(column)}>${escapeXml(each)}</th>`),
    '</tr></thead><tbody>',
    ...rows.map((row) => {
      const cells = row.map((each, column) =>
        isCell(each)
          ? `<td${cls(column, each.isWrong ? 'bad' : '')}>${shown(each.value)}</td>`
          : `<td${cls(column)}>${shown(each)}</td>`,
      )
      return `<tr>${cells.join('')}</tr>`
    }),
    '</tbody></table></div>',
  ].join('')
}

export const sign = (holds: boolean): Html =>
  html(`<span class="${holds ? 'good' : 'bad'}">${holds ? '✔' : '✘'}</span>`)
