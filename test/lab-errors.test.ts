// What users are told of a lab file's mistakes, word for word: each golden/lab-errors/NAME.yaml has its messages in NAME.txt.
// UPDATE_GOLDEN=1 rewrites those; read the difference before you commit it.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from '../src/topology/parse.ts'
import { LabFileError } from '../src/topology/problem.ts'

const folder = new URL('golden/lab-errors/', import.meta.url)
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'))

/** The mistakes of a file; a file without any is none for this folder. */
function mistakesOf(text: string, file: string): LabFileError {
  try {
    parse(text, file)
  } catch (error) {
    if (error instanceof LabFileError) return error
    throw error
  }
  throw new Error(`${file} has no mistake`)
}

describe('mistakes in lab files', () => {
  it.each(files)('%s', (name) => {
    const { message, problems } = mistakesOf(readFileSync(new URL(name, folder), 'utf8'), name)
    const golden = new URL(name.replace(/yaml$/, 'txt'), folder)
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, `${message}\n`)
    expect(`${message}\n`).toBe(readFileSync(golden, 'utf8'))
    for (const { remedy, message: said } of problems) {
      expect(said).toMatch(/^expected .+, found .+|^expected YAML: .+/)
      expect(remedy).toMatch(/^[A-Z].*[.?…]$/)
    }
  })

  it('covers no file that is gone', () => {
    for (const name of readdirSync(folder).filter((text) => text.endsWith('.txt')))
      expect(existsSync(new URL(name.replace(/txt$/, 'yaml'), folder)), name).toBe(true)
  })
})
