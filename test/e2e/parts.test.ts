// Every kind of probe, protocol and collector in a lab of its own, run for real with a second of traffic: what each one says is
// held against the kernel's own count.
import { describe, expect, test } from 'vitest'
import { bundles } from '../../src/machine/programs.ts'
import { compile } from '../../src/plan/compile.ts'
import { load } from '../../src/topology/load.ts'
import { labFile, reasonToSkip, runLab } from '../support/lab.ts'

const run = async (name: string, skip: (condition: boolean, note: string) => void) => {
  const reason = await reasonToSkip(name)
  skip(reason !== '', reason)
  return runLab(name)
}

describe.concurrent('packets and bytes are equal on the whole way from wire to collectors', () => {
  test.for(['pmacctd-netflow5', 'pmacctd-ipfix'])('%s', async (name, { skip }) => {
    const { books, findings, pass } = await run(name, skip)
    expect(findings).toEqual([])
    expect(pass).toBe(true)
    expect(books.map(({ collector, direction }) => `${collector} ${direction}`)).toEqual([
      'main in',
      'main out',
      'files in',
      'files out',
    ])
    for (const { wire, exported, arrived, collected } of books) {
      expect(wire.packets).toBeGreaterThan(100)
      expect([exported, arrived, collected]).toEqual([wire, wire, wire])
    }
  })
})

test.concurrent('softflowd-ipfix, to the last packet of its capture', async ({ skip, expect: expected }) => {
  const { books, findings, pass } = await run('softflowd-ipfix', skip)
  expected(findings).toEqual([])
  expected(pass).toBe(true)
  expected(books.map(({ direction }) => direction)).toEqual(['in', 'out'])
  for (const { wire, exported, arrived, collected } of books) {
    expected(wire.packets).toBeGreaterThan(100)
    expected([exported, arrived, collected]).toEqual([wire, wire, wire])
  }
})

describe.concurrent('probes and collectors side by side', () => {
  test('several probes of a node to the same collectors, whether their tables tell them apart or not', async ({
    skip,
    expect: expected,
  }) => {
    const { books, findings } = await run('several-probes', skip)
    expected(findings).toEqual([])
    const ways = books.map(({ probe, collector, table }) => `${probe} ${collector}/${table}`)
    expected([...new Set(ways)]).toEqual(
      ['edge', 'inner', 'light'].flatMap((probe) =>
        ['plain/marked', 'plain/plain', 'files/flows'].map((table) => `${probe} ${table}`),
      ),
    )
    for (const { probe, direction, wire, exported, arrived, collected } of books) {
      expected([exported, arrived, collected]).toEqual([wire, wire, wire])
      if (probe === 'inner' && direction === 'out') expected(wire.packets).toBe(0)
      else expected(wire.packets).toBeGreaterThan(50)
    }
    const inner = books.find(({ probe, direction }) => probe === 'inner' && direction === 'out')
    expected(inner?.notMetered.map(({ reason }) => reason)).toContain(
      'the probe meters the other direction only',
    )
  })

  test('sFlow of every packet: samples are packets, frames are booked as layer 3', async ({
    skip,
    expect: expected,
  }) => {
    const { books, findings } = await run('sflow', skip)
    expected(findings).toEqual([])
    expected(books.map(({ collector }) => collector)).toEqual(['main', 'main', 'files', 'files'])
    for (const { wire, exported, arrived, collected } of books) {
      expected(wire.packets).toBeGreaterThan(50)
      expected([exported, arrived, collected]).toEqual([wire, wire, wire])
    }
  })

  test('Open vSwitch: every packet in each protocol; its NetFlow v5 counts Ethernet, and nfacctd keeps no ICMP type of its IPFIX', async ({
    skip,
    expect: expected,
  }) => {
    const { books, findings, attributes } = await run('ovs', skip)
    // Its NetFlow v5 has times of its loop, some milliseconds late.
    const others = findings.filter(({ cause }) => cause !== 'times-of-other-packets')
    expected(others.map(({ id }) => id).sort()).toEqual(['bytes-at-layer-2@five', 'icmp-type-lost@tables'])
    expected([...new Set(books.map(({ probe }) => probe))]).toEqual(['five', 'ten', 'samples'])
    for (const { probe, wire, exported, collected } of books) {
      expected(wire.packets).toBeGreaterThan(5)
      const ethernet = probe === 'five' ? 14 * wire.packets : 0
      expected(exported).toEqual({ packets: wire.packets, bytes: wire.bytes + ethernet })
      if (probe !== 'ten') expected(collected).toEqual(exported)
    }
    const numbers = attributes.each.filter(({ attribute }) => attribute === 'input interface')
    for (const { checked, wrong } of numbers) expected([checked > 0, wrong]).toEqual([true, 0])
  })

  test('print files and SQLite of the user’s own configurations, told the same by one probe', async ({
    skip,
    expect: expected,
  }) => {
    const { books, findings } = await run('own-stores', skip)
    expected(findings).toEqual([])
    expected([...new Set(books.map(({ collector, table }) => `${collector}/${table}`))]).toEqual([
      'files/flows',
      'base/foo',
    ])
    for (const { wire, collected } of books) {
      expected(wire.packets).toBeGreaterThan(50)
      expected(collected).toEqual(wire)
    }
  })

  test('tables in PostgreSQL and MariaDB', async ({ skip, expect: expected }) => {
    const { books, findings } = await run('databases', skip)
    expected(findings).toEqual([])
    expected(books).toHaveLength(4)
    for (const { wire, collected } of books) {
      expected(wire.packets).toBeGreaterThan(50)
      expected(collected).toEqual(wire)
    }
  })

  test('NetFlow v1: nfcapd reads it, and IPv6 it cannot carry', async ({ skip, expect: expected }) => {
    const { books, findings } = await run('softflowd-netflow1', skip)
    expected(findings).toEqual([])
    for (const { wire, exported, collected } of books) expected([exported, collected]).toEqual([wire, wire])
    const reasons = books.flatMap(({ notMetered }) => notMetered.map(({ reason }) => reason))
    expected(reasons).toContain('IPv6: NetFlow v1 has no fields for it')
  })
})

test.concurrent('nfcapd 1.7.1 does not keep the ICMP type that pmacctd sends in NetFlow v9, and loses nothing else', async ({
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

test('a lab is asked for the packages of its parts and stores; replays and databases are optional otherwise', async () => {
  const packages = async (name: string) =>
    bundles(compile((await load(labFile(name))).topology)).map(({ package: its }) => its)
  expect(await packages('databases')).toEqual(
    expect.arrayContaining(['pmacct', 'postgresql', 'mariadb-server']),
  )
  expect(await packages('several-probes')).toEqual(expect.arrayContaining(['fprobe', 'nfdump', 'sqlite3']))
  expect(await packages('several-probes')).not.toContain('mariadb-server')
  const optional = bundles().filter((each) => each.optional)
  expect(optional.map(({ what }) => what)).toEqual([
    'ovs',
    'replay',
    'matrix',
    'socat',
    'sqlite',
    'postgresql',
    'mariadb',
  ])
})
