// Lies as data: the evidence of a true run, changed at one witness. Each must be found, in the one stage that tells it.
//
// A probe that lies does so in what left it, so in all that follows; a way changes what arrived; a collector what it shows. Where the
// records change, the collector's rows are added up anew from those that arrived, by pairs of hosts.
import type { Row } from '../../src/evidence.ts'
import type { Stage } from '../../src/verify/verdict.ts'

interface Named {
  readonly name: string
  /** The stage that must be named first, and those that follow from it. */
  readonly stages: readonly Stage[]
  /** The cause that must be named, where numbers alone can tell it. */
  readonly cause?: string
}

/** SQL on a table of records, `$` being its name; `one` and `some` are conditions for a single record and for a flow. */
export interface RecordLie extends Named {
  readonly at: 'exported' | 'arrived'
  readonly sql: string
}

export interface RowLie extends Named {
  readonly edit: (rows: Row[]) => readonly Row[]
}

/** The largest record of UDP. */
const one =
  '(packet, octet) IN (SELECT (packet, octet) FROM $ WHERE protocol = 17 ORDER BY bytes DESC, packet, octet LIMIT 1)'
/** The records from one host. */
const host = '(source = (SELECT max(source) FROM $ WHERE protocol = 17))'

const changes: readonly (readonly [name: string, sql: string, cause?: string])[] = [
  ['one record is missing', `DELETE FROM $ WHERE ${one}`],
  ['one record is twice', `INSERT INTO $ SELECT * FROM $ WHERE ${one}`],
  ['all records are twice', 'INSERT INTO $ SELECT * FROM $', 'metered-twice'],
  ['one record is a packet short', `UPDATE $ SET packets = packets - 1 WHERE ${one}`],
  ['one record is an octet over', `UPDATE $ SET bytes = bytes + 1 WHERE ${one}`],
  ['bytes are rounded to 64', 'UPDATE $ SET bytes = bytes // 64 * 64'],
  ['one record is doubled', `UPDATE $ SET packets = 2 * packets, bytes = 2 * bytes WHERE ${one}`],
  ['counters are halved', 'UPDATE $ SET packets = packets // 2, bytes = bytes // 2'],
  [
    'counters are no rate of the wire',
    'UPDATE $ SET packets = packets * 7 // 5, bytes = bytes * 7 // 5',
    'constant-ratio',
  ],
  ['bytes are of layer 2', 'UPDATE $ SET bytes = bytes + 14 * packets', 'bytes-at-layer-2'],
  ['bytes have headers of 4 octets less', 'UPDATE $ SET bytes = bytes - 4 * packets', 'bytes-at-layer-2'],
  ['bytes are payload', 'UPDATE $ SET bytes = bytes - 28 * packets WHERE protocol = 17'],
  ['bytes are 0', 'UPDATE $ SET bytes = 0', 'counters-distorted'],
  ['packets are 0', 'UPDATE $ SET packets = 0', 'counters-distorted'],
  ['packets stand for bytes', 'UPDATE $ SET bytes = packets', 'counters-distorted'],
  ['bytes and packets are swapped', 'UPDATE $ SET bytes = packets, packets = bytes', 'counters-distorted'],
  [
    'octets of counters are in the wrong order',
    `UPDATE $ SET bytes = (bytes & 255) * 16777216 + (bytes >> 8 & 255) * 65536 + (bytes >> 16 & 255) * 256 WHERE ${one}`,
  ],
  ['a counter has wrapped at 16 bits', 'UPDATE $ SET bytes = bytes % 65536', 'counters-distorted'],
  [
    'source and destination of a record are swapped',
    `UPDATE $ SET source = destination, destination = source, sourcePort = destinationPort, destinationPort = sourcePort WHERE ${one}`,
  ],
  [
    'ports of a record are swapped',
    `UPDATE $ SET sourcePort = destinationPort, destinationPort = sourcePort WHERE ${one}`,
  ],
  ['an address is off by one', `UPDATE $ SET source = source + 1 WHERE ${one}`],
  ['a host is hidden', `UPDATE $ SET source = source // 256 * 256 WHERE ${host}`],
  ['a protocol is another', `UPDATE $ SET protocol = 6 WHERE ${one}`],
  [
    'ports are 0',
    'UPDATE $ SET sourcePort = 0, destinationPort = 0 WHERE protocol IN (6, 17)',
    'flow-keys-wrong',
  ],
  ['flows of nobody appear', `INSERT INTO $ SELECT * REPLACE (source + 77 AS source) FROM $ WHERE ${one}`],
  [
    'a flow with absurd counters appears',
    `INSERT INTO $ SELECT * REPLACE (source + 77 AS source, 9223372036854775807 AS packets, 18446744073709551615 AS bytes) FROM $ WHERE ${one}`,
  ],
  ['a protocol is left out', 'DELETE FROM $ WHERE protocol = 1', 'probe-leaves-out'],
  [
    'a host is left out',
    `DELETE FROM $ WHERE ${host} OR destination = (SELECT max(source) FROM $ WHERE protocol = 17)`,
    'probe-leaves-out',
  ],
  [
    'all directions are swapped',
    'UPDATE $ SET source = destination, destination = source, sourcePort = CASE WHEN protocol IN (6, 17) THEN destinationPort ELSE sourcePort END, destinationPort = CASE WHEN protocol IN (6, 17) THEN sourcePort ELSE destinationPort END',
    'metered-exchanged',
  ],
  ['one flow goes to another', `UPDATE $ SET sourcePort = 9000, destinationPort = 9000 WHERE ${one}`],
  ['nothing is left', 'DELETE FROM $'],
]

const timed: readonly (readonly [name: string, sql: string])[] = [
  [
    'times are an hour late',
    'UPDATE $ SET flowStart = flowStart + INTERVAL 1 HOUR, flowEnd = flowEnd + INTERVAL 1 HOUR',
  ],
  [
    'times are 49.7 days early',
    'UPDATE $ SET flowStart = flowStart - INTERVAL 4294967 SECOND, flowEnd = flowEnd - INTERVAL 4294967 SECOND',
  ],
  [
    'one record is an hour late',
    `UPDATE $ SET flowStart = flowStart + INTERVAL 1 HOUR, flowEnd = flowEnd + INTERVAL 1 HOUR WHERE ${one}`,
  ],
  ['ends are before starts', 'UPDATE $ SET flowStart = flowEnd, flowEnd = flowStart'],
  ['times are of 1970', "UPDATE $ SET flowStart = TIMESTAMP '1970-01-01', flowEnd = TIMESTAMP '1970-01-01'"],
]

/** What is a fraction of the wire may be sampling; counters that are something else are the exporter's; of flows that are turned round the attributes are of the other host. */
const stagesOf = (name: string, stage: Stage): readonly Stage[] =>
  /halved|no rate/.test(name) && stage === 'metering'
    ? ['exporting', stage]
    : /(bytes|packets) are 0$|stand for bytes|packets are swapped|has wrapped/.test(name)
      ? ['exporting']
      : /all directions/.test(name)
        ? [stage, 'routing']
        : [stage]

export const records: readonly RecordLie[] = [
  ...changes.map(([name, sql, cause]) => ({
    ...({ name: `exported: ${name}`, at: 'exported', sql } as const),
    stages: stagesOf(name, 'metering'),
    ...(cause === undefined ? {} : { cause }),
  })),
  // A way loses, copies or spoils; what is done to all records alike was done before them.
  ...changes
    .filter(([name]) => /^(one|nothing|a host|flows|an address)/.test(name))
    .map(([name, sql]) => ({
      ...({ name: `arrived: ${name}`, at: 'arrived', sql, stages: ['transport'] } as const),
    })),
  ...timed.map(([name, sql]) => ({
    ...({
      name: `exported: ${name}`,
      at: 'exported',
      sql,
      stages: ['exporting'],
      cause: 'times-wrong',
    } as const),
  })),
]

const count = (row: Row | undefined, field: string): number => Number(row?.[field] ?? 0)
const isRows = (value: Partial<Row> | readonly Row[]): value is readonly Row[] => Array.isArray(value)
/** The row with most packets, changed. */
const first =
  (edit: (row: Row) => Partial<Row> | readonly Row[]) =>
  (rows: Row[]): Row[] => {
    const most = rows.toSorted((a, b) => count(b, 'packets') - count(a, 'packets'))[0]
    return rows.flatMap((row) => {
      if (row !== most) return [row]
      const changed = edit(row)
      return isRows(changed) ? changed : [{ ...row, ...changed } as Row]
    })
  }
const every =
  (edit: (row: Row) => Partial<Row>) =>
  (rows: Row[]): Row[] =>
    rows.map((row) => ({ ...row, ...edit(row) }) as Row)
const times =
  (factor: number) =>
  (row: Row): Partial<Row> => ({
    packets: count(row, 'packets') * factor,
    bytes: count(row, 'bytes') * factor,
  })
const pathOf = (row: Row, field = 'as_path'): string[] => String(row[field]).match(/\d+/g) ?? []
const withPath = (rows: Row[], edit: (path: string[]) => string[], field = 'as_path'): Row[] =>
  rows.map((row) =>
    pathOf(row, field).length > 1 ? { ...row, [field]: edit(pathOf(row, field)).join('_') } : row,
  )

const volumes: readonly (readonly [name: string, edit: RowLie['edit'], cause?: string])[] = [
  ['a row is missing', first(() => [])],
  ['a row is twice', first((row) => [row, row])],
  ['all rows are twice', (rows) => [...rows, ...rows], 'collected-twice'],
  ['a packet is short', first((row) => ({ packets: count(row, 'packets') - 1 }))],
  ['an octet is over', first((row) => ({ bytes: count(row, 'bytes') + 1 }))],
  [
    'a packet is over',
    first((row) => ({ packets: count(row, 'packets') + 1, bytes: count(row, 'bytes') + 40 })),
  ],
  ['bytes are kilobytes', every((row) => ({ bytes: Math.floor(count(row, 'bytes') / 1000) * 1000 }))],
  ['bytes are bits', every((row) => ({ bytes: 8 * count(row, 'bytes') })), 'collected-by-factor'],
  ['bytes are of layer 2', every((row) => ({ bytes: count(row, 'bytes') + 14 * count(row, 'packets') }))],
  ['counters wrap at 16 bits', every((row) => ({ bytes: count(row, 'bytes') % 65_536 }))],
  [
    'counters are a tenth of it',
    every((row) => ({
      packets: Math.round(count(row, 'packets') / 10),
      bytes: Math.round(count(row, 'bytes') / 10),
    })),
  ],
  ['counters are times ten', every(times(10)), 'collected-by-factor'],
  [
    'counters are times 1.4',
    every((row) => ({
      packets: Math.round(1.4 * count(row, 'packets')),
      bytes: Math.round(1.4 * count(row, 'bytes')),
    })),
    'collected-by-factor',
  ],
  [
    'counters of two rows are swapped',
    (rows) => {
      const [a, b] = rows.filter((row) => count(row, 'packets') > 100)
      return rows.map((row) => {
        const other = row === a ? b : row === b ? a : row
        return { ...row, packets: count(other, 'packets'), bytes: count(other, 'bytes') }
      })
    },
  ],
  [
    'packets and bytes are swapped',
    every((row) => ({ packets: count(row, 'bytes'), bytes: count(row, 'packets') })),
  ],
  [
    'a counter is negative',
    first((row) => ({ packets: -count(row, 'packets'), bytes: -count(row, 'bytes') })),
  ],
  ['a counter is no number', first(() => ({ packets: 'many', bytes: 'NaN' }))],
  ['a counter is absurd', first(() => ({ packets: 1e300, bytes: 1e300 }))],
  [
    'a row has no counters',
    first((row) => [
      Object.fromEntries(Object.entries(row).filter(([key]) => key !== 'packets' && key !== 'bytes')),
    ]),
  ],
  ['an address is no address', first(() => ({ ip_src: 'localhost' }))],
  ['hosts are networks', every((row) => ({ ip_src: String(row['ip_src']).replace(/\d+$/, '0') }))],
  [
    'a family is left out',
    (rows) => rows.filter((row) => !String(row['ip_src']).includes(':')),
    'collector-leaves-out',
  ],
  ['nothing is left', () => []],
]

const attributes: readonly (readonly [name: string, edit: RowLie['edit'], cause?: string])[] = [
  ['an AS path is cut short', (rows) => withPath(rows, (path) => path.slice(0, 1))],
  ['an AS path lacks its first AS', (rows) => withPath(rows, (path) => path.slice(1))],
  ['an AS path is turned round', (rows) => withPath(rows, (path) => path.toReversed())],
  ['an AS path is prepended', (rows) => withPath(rows, (path) => [path[0] ?? '', ...path])],
  ['the source path is turned round', (rows) => withPath(rows, (path) => path.toReversed(), 'src_as_path')],
  ['AS numbers are 0', every(() => ({ as_src: 0, as_dst: 0 })), 'as-attribute-not-filled'],
  ['one AS number is 0', first(() => ({ as_src: 0, as_dst: 0 })), 'as-attribute-not-filled'],
  ['AS numbers are off by one', every((row) => ({ as_dst: count(row, 'as_dst') + 1 }))],
  [
    'peer and origin are swapped',
    every((row) => ({ as_dst: count(row, 'peer_as_dst'), peer_as_dst: count(row, 'as_dst') })),
  ],
  [
    'source and destination AS are swapped',
    every((row) => ({ as_dst: count(row, 'as_src'), as_src: count(row, 'as_dst') })),
  ],
  ['the next hop is another', every(() => ({ peer_ip_dst: '192.0.2.99' }))],
  ['the next hop is empty', every(() => ({ peer_ip_dst: '' })), 'as-attribute-not-filled'],
  ['the exporter is another', every(() => ({ peer_ip_src: '192.0.2.99' }))],
  ['the exporter is nobody', every(() => ({ peer_ip_src: '' }))],
  [
    'all attributes are gone',
    every(() => ({
      as_src: 0,
      as_dst: 0,
      peer_as_src: 0,
      peer_as_dst: 0,
      as_path: '',
      src_as_path: '',
      peer_ip_dst: '',
    })),
    'agent-map-mismatch',
  ],
]

/** What is wrong with a row's addresses is wrong with its attributes too, unless they follow. */
const addresses: readonly (readonly [name: string, edit: RowLie['edit'], cause?: string])[] = [
  [
    'directions are swapped',
    every((row) => ({ ip_src: String(row['ip_dst']), ip_dst: String(row['ip_src']) })),
    'collected-exchanged',
  ],
  [
    'one row has its directions swapped',
    first((row) => ({ ip_src: String(row['ip_dst']), ip_dst: String(row['ip_src']) })),
  ],
  [
    'flows of nobody are there',
    (rows) => [...rows, ...rows.slice(0, 3).map((row) => ({ ...row, ip_src: '198.51.100.77' }))],
  ],
]

export const rows: readonly RowLie[] = [
  ...addresses.map(([name, edit, cause]) => ({
    ...({ name: `collected: ${name}`, edit, stages: ['collecting', 'routing'] } as const),
    ...(cause === undefined ? {} : { cause }),
  })),
  ...volumes.map(([name, edit, cause]) => ({
    ...({ name: `collected: ${name}`, edit, stages: ['collecting'] } as const),
    ...(cause === undefined ? {} : { cause }),
  })),
  ...attributes.map(([name, edit, cause]) => ({
    ...({ name: `collected: ${name}`, edit, stages: ['routing'] } as const),
    ...(cause === undefined ? {} : { cause }),
  })),
]
