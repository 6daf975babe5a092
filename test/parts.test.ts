// Every kind of probe, protocol and collector in a lab of its own, run for real with a second of traffic: what each one says is
// held against the kernel's own count.
import { describe, expect, test } from 'vitest'
import { reasonToSkip, runLab } from './support/lab.ts'

const exact = ['pmacctd-netflow5', 'pmacctd-ipfix'] as const

describe('packets and bytes are equal on the whole way from wire to collector', () => {
  test.for(exact)('%s', async (name, { skip }) => {
    const reason = await reasonToSkip(name)
    skip(reason !== '', reason)
    const { books, findings, pass } = await runLab(name)
    expect(findings).toEqual([])
    expect(pass).toBe(true)
    expect(books.map(({ direction }) => direction)).toEqual(['in', 'out'])
    for (const { wire, exported, arrived, collected } of books) {
      expect(wire.packets).toBeGreaterThan(100)
      expect([exported, arrived, collected]).toEqual([wire, wire, wire])
    }
  })
})
