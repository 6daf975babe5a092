// Lies about what records and rows say beside key and counters: each changes one attribute of a true run of which the packets were
// recorded, and must be named by it. What follows in the collector's rows, which keep what was true, may be named too.
import type { Row } from '../../src/evidence.ts'
import type { Stage } from '../../src/verify/verdict.ts'

interface Named {
  readonly name: string
  /** That of the cause, and those that may follow. */
  readonly stages: readonly Stage[]
  readonly cause: string
}

/** The largest record of UDP. */
const one =
  '(packet, octet) IN (SELECT (packet, octet) FROM $ WHERE protocol = 17 ORDER BY bytes DESC, packet, octet LIMIT 1)'
const outer = '(sourceAs = 65533)'

const metered: readonly (readonly [name: string, sql: string, cause: string])[] = [
  ['one has another type of service', `UPDATE $ SET tos = 64 WHERE ${one}`, 'tos-wrong'],
  ['the type of service is shifted by two bits', 'UPDATE $ SET tos = tos >> 2', 'tos-wrong'],
  [
    'a flag is there that never came',
    'UPDATE $ SET tcpFlags = tcpFlags | 4 WHERE protocol = 6',
    'tcp-flags-wrong',
  ],
  [
    'the end of connections is missing',
    'UPDATE $ SET tcpFlags = tcpFlags & 254 WHERE protocol = 6',
    'tcp-flags-wrong',
  ],
  ['flags are 0', 'UPDATE $ SET tcpFlags = 0 WHERE protocol = 6', 'tcp-flags-wrong'],
  ['the input interface is 0', 'UPDATE $ SET ingress = 0', 'interface-index-zero'],
  ['the output interface is 0', 'UPDATE $ SET egress = 0', 'interface-index-zero'],
  ['interfaces are exchanged', 'UPDATE $ SET ingress = egress, egress = ingress', 'interface-index-wrong'],
  [
    'one interface is nobody’s',
    `UPDATE $ SET ingress = 99, egress = 99 WHERE ${one}`,
    'interface-index-wrong',
  ],
  [
    'an AS number is off by one',
    'UPDATE $ SET sourceAs = sourceAs + 1 WHERE sourceAs = 65533',
    'record-as-wrong',
  ],
  [
    'AS numbers are exchanged',
    'UPDATE $ SET sourceAs = destinationAs, destinationAs = sourceAs',
    'record-as-wrong',
  ],
  ['one source has its neighbour’s AS', `UPDATE $ SET sourceAs = 65530 WHERE ${outer}`, 'record-as-wrong'],
  ['an AS number is AS_TRANS', `UPDATE $ SET sourceAs = 23456 WHERE ${outer}`, 'record-as-wrong'],
  ['the AS numbers of one host are 0', `UPDATE $ SET sourceAs = 0 WHERE ${outer}`, 'record-as-empty'],
  ['all AS numbers are 0', 'UPDATE $ SET sourceAs = 0, destinationAs = 0', 'record-as-empty'],
  ['the next hop is the source', 'UPDATE $ SET nextHop = source', 'record-next-hop-wrong'],
]

const exported: typeof metered = [
  [
    'one begins a minute early',
    `UPDATE $ SET flowStart = flowStart - INTERVAL 1 MINUTE WHERE ${one}`,
    'times-of-other-packets',
  ],
  [
    'one ends a second late',
    `UPDATE $ SET flowEnd = flowEnd + INTERVAL 1 SECOND WHERE ${one}`,
    'times-of-other-packets',
  ],
  ['one ends as it begins', `UPDATE $ SET flowEnd = flowStart WHERE ${one}`, 'times-of-other-packets'],
]

/** ICMP's type and code are part of the key: what is wrong there is missing elsewhere. */
const keys: typeof metered = [
  [
    'the type of ICMP is another',
    'UPDATE $ SET destinationPort = destinationPort + 256 WHERE protocol = 1',
    'unexplained-metering',
  ],
  [
    'the code of ICMP is another',
    'UPDATE $ SET destinationPort = destinationPort + 1 WHERE protocol = 1',
    'unexplained-metering',
  ],
  ['ICMP has neither', 'UPDATE $ SET destinationPort = 0 WHERE protocol = 1', 'unexplained-metering'],
]

export const said: readonly (Named & { readonly sql: string })[] = [
  ...metered.map(([name, sql, cause]) => ({
    ...{ name, sql, cause },
    stages: ['metering', 'collecting'] as const,
  })),
  ...exported.map(([name, sql, cause]) => ({ name, sql, cause, stages: ['exporting'] as const })),
  ...keys.map(([name, sql, cause]) => ({ name, sql, cause, stages: ['metering', 'collecting'] as const })),
]

const every =
  (edit: Readonly<Row>) =>
  (rows: Row[]): readonly Row[] =>
    rows.map((row) => ({ ...row, ...edit }))

const rowEdits: readonly (readonly [name: string, edit: Readonly<Row>])[] = [
  ['rows have another type of service', { tos: 64 }],
  ['rows have all flags', { tcp_flags: 255 }],
  ['rows have another input interface', { iface_in: 77 }],
  ['rows have another output interface', { iface_out: 77 }],
]

export const saidRows: readonly (Named & { readonly edit: (rows: Row[]) => readonly Row[] })[] = rowEdits.map(
  ([name, edit]) => ({
    ...{ name, edit: every(edit), cause: 'collected-attributes-wrong' },
    stages: ['collecting'] as const,
  }),
)
