// Text for a terminal: pieces with a style, as wide as they are shown. What others wrote is made harmless here.

/** SGR parameters (ECMA-48): colour, and what stays where there is to be none. */
const styles = {
  title: { always: '7' },
  head: { always: '1' },
  cursor: { always: '7' },
  strong: { always: '1' },
  dim: { always: '2' },
  wire: { colour: '34' },
  exported: { colour: '33' },
  arrived: { colour: '35' },
  collected: { colour: '32' },
  good: { always: '1', colour: '32' },
  bad: { always: '1', colour: '31' },
  warn: { colour: '33' },
} as const satisfies Readonly<Record<string, { readonly always?: string; readonly colour?: string }>>

export type Style = keyof typeof styles

export interface Piece {
  readonly text: string
  readonly style?: Style
}
export type Line = readonly Piece[]

/** Nothing that a terminal would take for a command. */
export const harmless = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cs}\u2028\u2029]+/gu, ' ')

/** Of harmless text. */
export const piece = (text: string, style?: Style): Piece => ({
  text: harmless(text),
  ...(style === undefined ? {} : { style }),
})

const none = /[\p{Mn}\p{Me}\p{Cf}]/u
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u
const isAscii = /^[\x20-\x7e]*$/

const widthOf = (character: string): number => (none.test(character) ? 0 : wide.test(character) ? 2 : 1)

/** Columns of a terminal. */
export const width = (text: string): number =>
  isAscii.test(text) ? text.length : Array.from(text).reduce((sum, each) => sum + widthOf(each), 0)

/** As much of a text as fits; what does not fit is told by `mark`. */
export function cut(text: string, columns: number, mark = '…'): string {
  if (width(text) <= columns) return text
  let kept = ''
  let room = columns - width(mark)
  for (const each of text) {
    room -= widthOf(each)
    if (room < 0) break
    kept += each
  }
  return columns < width(mark) ? '' : kept + mark
}

export const left = (text: string, columns: number, mark?: string): string => {
  const shown = cut(text, columns, mark)
  return shown + ' '.repeat(Math.max(0, columns - width(shown)))
}

export const right = (text: string, columns: number, mark?: string): string => {
  const shown = cut(text, columns, mark)
  return ' '.repeat(Math.max(0, columns - width(shown))) + shown
}

/** A line of so many columns and no more. */
export function fitted(line: Line, columns: number, mark?: string): Line {
  const pieces: Piece[] = []
  let room = columns
  for (const each of line) {
    if (room <= 0) break
    const text = cut(each.text, room, mark)
    pieces.push({ ...each, text })
    room -= width(text)
  }
  return pieces
}

export const plain = (line: Line): string => line.map(({ text }) => text).join('')

export function painted(line: Line, hasColour: boolean): string {
  return line
    .map(({ text, style }) => {
      const { always, colour }: { always?: string; colour?: string } = style ? styles[style] : {}
      const codes = [always, hasColour ? colour : undefined].filter((each) => each !== undefined)
      return codes.length === 0 || text === '' ? text : `\u001b[${codes.join(';')}m${text}\u001b[0m`
    })
    .join('')
}

/** Breaks a text into lines between words. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (width(longer) <= columns || line === '') line = longer
    else {
      lines.push(line)
      line = word
    }
  }
  return [...lines, line]
}
