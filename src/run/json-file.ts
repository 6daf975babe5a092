// JSON in files that may be larger than a string can be (512 MB in V8): written piece by piece, an object of numbers and texts on a line of its
// own, so that it can be read line by line. A file of any other form is read too, as long as a string can hold it.

import { closeSync, createReadStream, openSync, writeFileSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { createInterface } from 'node:readline'

const chunk = 1 << 20

/** Throws the system's error where the file cannot be written. */
export function writeJson(file: string, value: unknown): void {
  const to = openSync(file, 'w')
  let text = ''
  try {
    put(value, '', (piece) => {
      text += piece
      if (text.length < chunk) return
      writeFileSync(to, text)
      text = ''
    })
    writeFileSync(to, `${text}\n`)
  } finally {
    closeSync(to)
  }
}

function isFlat(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  for (const key in value) {
    const each = (value as Record<string, unknown>)[key]
    if (typeof each === 'object' && each !== null) return false
  }
  return true
}

function put(value: unknown, margin: string, say: (piece: string) => void): void {
  if (isFlat(value)) {
    say(JSON.stringify(value) ?? 'null')
    return
  }
  const inner = `\n${margin} `
  const isArray = Array.isArray(value)
  let before = isArray ? '[' : '{'
  for (const [key, each] of isArray ? value.entries() : Object.entries(value as object)) {
    if (each === undefined && !isArray) continue
    say(isArray ? `${before}${inner}` : `${before}${inner}${JSON.stringify(key)}: `)
    put(each, `${margin} `, say)
    before = ','
  }
  say(`\n${margin}${isArray ? ']' : '}'}`)
}

/** Larger files are read line by line. */
const largest = 2 ** 28
/** Lines that are parsed at once. */
const batch = 10_000

/** Throws the system's error where it cannot be read, a SyntaxError with the file's name where it is no JSON. */
export async function readJson<T>(file: string, most = largest): Promise<T> {
  const { size } = await stat(file)
  try {
    return (size <= most ? JSON.parse(await readFile(file, 'utf8')) : await readLines(file)) as T
  } catch (error) {
    if (error instanceof SyntaxError) throw new SyntaxError(`${file}: ${error.message}`)
    throw error
  }
}

const mark = '\u0000rows'

/** Objects that have a line each are parsed by themselves; in the rest a mark stands for all of an array. */
async function readLines(file: string): Promise<unknown> {
  const arrays: unknown[][] = []
  let lines: string[] = []
  let frame = ''
  let inArray = false
  const parse = (): void => {
    if (lines.length > 0)
      for (const row of JSON.parse(`[${lines.join(',')}]`) as unknown[]) arrays.at(-1)?.push(row)
    lines = []
  }
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    const text = line.trim()
    const isRow = text.startsWith('{') && (text.endsWith('}') || text.endsWith('},'))
    if (isRow) {
      if (!inArray) frame += JSON.stringify({ [mark]: arrays.push([]) - 1 })
      lines.push(text.endsWith(',') ? text.slice(0, -1) : text)
      if (lines.length >= batch) parse()
    } else {
      parse()
      frame += text
    }
    inArray = isRow
  }
  parse()
  const rowsAt = (value: unknown): unknown[] | undefined => {
    const at =
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[mark] : undefined
    return typeof at === 'number' ? arrays[at] : undefined
  }
  const whole: unknown = JSON.parse(frame, (_, value: unknown) => {
    if (!Array.isArray(value)) return value
    if (value.length === 1) return rowsAt(value[0]) ?? value
    return value.some(rowsAt) ? value.flatMap((each: unknown) => rowsAt(each) ?? [each]) : value
  })
  const only = rowsAt(whole)
  return only ? only[0] : whole
}
