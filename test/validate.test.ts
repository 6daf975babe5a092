// `flowlab validate` as its user meets it: what it prints, and with what it exits.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { declare } from '../src/cli/validate.ts'

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const example = path('../examples/janog36/lab.yaml')
const wrong = path('golden/lab-errors/key-misspelt.yaml')

async function validate(...args: string[]): Promise<{ output: string; exit: unknown }> {
  let output = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += String(text)
    return true
  })
  const program = new Command('flowlab').exitOverride()
  declare(program)
  await program.parseAsync(['validate', ...args], { from: 'user' })
  return { output, exit: process.exitCode }
}

afterEach(() => {
  vi.restoreAllMocks()
  process.exitCode = undefined
})

describe('flowlab validate', () => {
  it('counts what is in a file without mistakes', async () => {
    const { output, exit } = await validate(example)
    expect(output).toBe(`${example}: ok, 3 ASes, 8 nodes, 7 links, 1 probe, 1 collector, 8 flows\n`)
    expect(exit).toBeUndefined()
  })

  it('goes on after a file with mistakes, and exits with 2', async () => {
    const { output, exit } = await validate(wrong, '/nonexistent/lab.yaml', example)
    expect(output.split('\n')).toEqual([
      `${wrong}:14:48 probes.edge.exprot: expected a known key, found exprot`,
      '  Did you mean export?',
      '/nonexistent/lab.yaml:1:1: expected a lab file, found no such file',
      '  Check the path.',
      expect.stringContaining(': ok, '),
      '',
    ])
    expect(exit).toBe(2)
  })

  it('prints one JSON document', async () => {
    const { output, exit } = await validate('--format', 'json', example, wrong)
    expect(JSON.parse(output)).toEqual([
      {
        file: example,
        ok: true,
        counts: expect.objectContaining({ nodes: 8, links: 7, events: 0 }),
        warnings: [],
      },
      {
        file: wrong,
        ok: false,
        problems: [
          {
            position: { file: wrong, line: 14, column: 48 },
            path: ['probes', 'edge', 'exprot'],
            message: 'expected a known key, found exprot',
            remedy: 'Did you mean export?',
          },
        ],
      },
    ])
    expect(exit).toBe(2)
  })

  it('says so of what is no text, and of what is no file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'flowlab-validate-'))
    try {
      const bytes = join(folder, 'bytes')
      const large = join(folder, 'large')
      writeFileSync(bytes, Uint8Array.of(0x6e, 0xff, 0xfe))
      writeFileSync(large, Buffer.alloc(4_000_000))
      const { output } = await validate(bytes, large, folder)
      expect(output).toContain(`${bytes}:1:1: expected a lab file, found bytes that are not UTF-8`)
      expect(output).toContain(`${large}:1:1: expected a lab file, found more than`)
      expect(output).toContain(`${folder}:1:1: expected a lab file, found a directory`)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
