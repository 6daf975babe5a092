// Every kind of probe, protocol and collector in a lab of its own, run for real with a second of traffic: what each one says is
// held against the kernel's own count.
import { describe, expect, test } from 'vitest'
import { reasonToSkip, runLab } from './support/lab.ts'

const run = async (name: string, skip: (condition: boolean, note: string) => void) => {
  const reason = await reasonToSkip(name)
  skip(reason !== '', reason)
  return runLab(name)
}

const exact = ['pmacctd-netflow5', 'pmacctd-ipfix', 'nfcapd-netflow5', 'nfcapd-ipfix'] as const

describe('packets and bytes are equal on the whole way from wire to collector', () => {
  test.for(exact)('%s', async (name, { skip }) => {
    const { books, findings, pass } = await run(name, skip)
    expect(findings).toEqual([])
    expect(pass).toBe(true)
    expect(books.map(({ direction }) => direction)).toEqual(['in', 'out'])
    for (const { wire, exported, arrived, collected } of books) {
      expect(wire.packets).toBeGreaterThan(100)
      expect([exported, arrived, collected]).toEqual([wire, wire, wire])
    }
  })
})

test('nfcapd 1.7.1 does not keep the ICMP type that pmacctd sends in NetFlow v9, and loses nothing else', async ({
  skip,
}) => {
  const { books, findings } = await run('nfcapd-netflow9', skip)
  expect(findings.map(({ cause }) => cause)).toEqual(['icmp-type-lost'])
  // Five echo requests have type 8; the replies' type is 0 as well.
  expect(findings[0]?.packets).toBeGreaterThanOrEqual(5)
  expect(findings[0]?.packets).toBeLessThan(100)
  const total = (witness: 'wire' | 'collected') => books.reduce((sum, book) => sum + book[witness].bytes, 0)
  expect(total('collected')).toBe(total('wire'))
})

test('softflowd 1.1.0 leaves what its capture holds unmetered when it ends, and says how much that was', async ({
  skip,
}) => {
  const { books, findings } = await run('softflowd-ipfix', skip)
  const packets = (witness: 'wire' | 'exported' | 'collected') =>
    books.reduce((sum, book) => sum + book[witness].packets, 0)
  expect(findings.map(({ cause }) => cause)).toEqual(['probe-capture-held'])
  expect(findings[0]?.packets).toBe(packets('wire') - packets('exported'))
  expect(packets('exported')).toBeGreaterThan(100)
  expect(packets('collected')).toBe(packets('exported'))
})
