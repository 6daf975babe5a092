// IPv6 beside IPv4, and alone, as users run it: the examples, with a second of traffic.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { cannot, flowlab, gone, root, temporary } from '../support/labs.ts'
import { verdictOf } from '../support/verdicts.ts'

const directory = temporary('families')

/** An example, its flows shortened. */
function shortened(name: string): string {
  const file = join(directory, `${name}.yaml`)
  const text = readFileSync(join(root, 'examples', name, 'lab.yaml'), 'utf8')
  writeFileSync(file, text.replaceAll('for: 2s', 'for: 1s').replaceAll('interval: 200ms', 'interval: 100ms'))
  return file
}

describe.concurrent('the examples', () => {
  beforeEach(({ skip }) => skip(cannot !== undefined, cannot))

  test.each(['dual-stack', 'ipv6-only'])('%s is green', async (name) => {
    const run = join(directory, name)
    const ended = await flowlab(['run', shortened(name), '--dir', run, '--format', 'json'])
    const { findings, books, attributes, flows, traffic } = verdictOf(ended)
    expect(findings).toEqual([])
    expect(ended.code).toBe(0)
    for (const { wire, exported, arrived, collected } of books) {
      expect(wire.packets).toBeGreaterThan(100)
      expect([exported, arrived, collected]).toEqual([wire, wire, wire])
    }
    expect(attributes.checked).toBeGreaterThan(20)
    expect(attributes.wrong).toBe(0)
    for (const { received } of traffic) expect(received?.packets).toBeGreaterThan(0)
    const sources = flows.map(({ source }) => source)
    expect(sources.some((source) => source.startsWith('2001:db8:1:1:'))).toBe(true)
    // Neighbour discovery is of link-local addresses, and in the books.
    expect(sources.some((source) => source.startsWith('fe80:'))).toBe(true)
    expect(sources.some((source) => source.includes('.'))).toBe(name === 'dual-stack')
    await gone(run)
  })
})
