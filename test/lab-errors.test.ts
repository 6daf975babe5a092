// What users are told of a lab file's mistakes, word for word: each golden/lab-errors/NAME.yaml has its messages in NAME.txt.
// UPDATE_GOLDEN=1 rewrites those; read the difference before you commit it.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { compile } from '../src/plan/compile.ts'
import { loadVariants } from '../src/topology/load.ts'
import { LabFileError } from '../src/topology/problem.ts'

const folder = new URL('golden/lab-errors/', import.meta.url)
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'))

/** The mistakes of a file, those that show in its plan too; a file without any is none for this folder. */
async function mistakesOf(name: string): Promise<LabFileError> {
  const path = fileURLToPath(new URL(name, folder))
  try {
    for (const { topology } of await loadVariants(path)) compile(topology)
  } catch (error) {
    if (error instanceof LabFileError) return error
    throw error
  }
  throw new Error(`${name} has no mistake`)
}

describe('mistakes in lab files', () => {
  it.each(files)('%s', async (name) => {
    const { message: whole, problems } = await mistakesOf(name)
    const message = whole.replaceAll(fileURLToPath(folder), '')
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
