// What the real exporters in test/exporters sent, flow by flow, against what nfcapd heard of the same datagrams and nfdump
// printed (NAME.nfdump.json beside each capture).
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Value } from '../../src/decode/value.ts'
import { decode } from './bytes.ts'
import { exporters, readCapture } from './captures.ts'

type Flow = Readonly<Record<string, string | number>>
type Ours = Readonly<Record<string, Value>>

const text = (value: Value): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** nfdump's objects, one after the other; some versions print no brackets around them. */
function flowsOf(path: string): Flow[] {
  const json = readFileSync(path, 'utf8').trim()
  return JSON.parse(json.startsWith('[') ? json : `[${json.replace(/,$/, '')}]`) as Flow[]
}

/** [nfdump's name, ours in the order of preference]. */
const names: readonly (readonly [string, readonly string[]])[] = [
  ['src4_addr', ['sourceIPv4Address']],
  ['dst4_addr', ['destinationIPv4Address']],
  ['src6_addr', ['sourceIPv6Address']],
  ['dst6_addr', ['destinationIPv6Address']],
  ['src_port', ['sourceTransportPort']],
  ['dst_port', ['destinationTransportPort']],
  ['proto', ['protocolIdentifier']],
  ['in_packets', ['packetDeltaCount']],
  ['in_bytes', ['octetDeltaCount']],
  ['out_packets', ['reversePacketDeltaCount']],
  ['out_bytes', ['reverseOctetDeltaCount']],
  ['src_tos', ['ipClassOfService']],
  ['input_snmp', ['ingressInterface']],
  ['output_snmp', ['egressInterface']],
  ['src_vlan', ['vlanId']],
]

/** Flags as nfdump writes them, `...AP.S.`, for the low eight bits of element 6. */
const flagsText = (bits: number): string =>
  'CEUAPRSF'
    .split('')
    .map((letter, index) => (bits & (0x80 >> index) ? letter : '.'))
    .join('')

/** In a biflow nfdump shows the reverse direction's flags and TOS as the flow's; they are two elements (RFC 5103 section 4). */
const asShown = (ours: Ours): Ours => ({
  ...ours,
  ...('reverseTcpControlBits' in ours && { tcpControlBits: ours['reverseTcpControlBits'] }),
  ...('reverseIpClassOfService' in ours && { ipClassOfService: ours['reverseIpClassOfService'] }),
})

/**
 * Where nfdump 1.7.1 differs, and why we are right. Times: it takes softflowd's headers, whose clock began before 1970 when it
 * reads a file, as unsigned milliseconds and loses 2^32 of them; the tshark comparison holds the times of all captures.
 */
function differences(ours: Ours, theirs: Flow): string[] {
  const problems = names.flatMap(([name, candidates]) => {
    const their = theirs[name]
    const our = candidates.map((candidate) => ours[candidate]).find((value) => value !== undefined)
    // nfdump prints zeros for what the exporter did not say.
    if (their === undefined || our === undefined) return []
    return text(our) === text(their) ? [] : [`${name}: ${JSON.stringify(our)}, nfdump ${text(their)}`]
  })
  const flags = ours['tcpControlBits']
  return typeof flags === 'number' &&
    ours['protocolIdentifier'] === 6 &&
    flagsText(flags) !== theirs['tcp_flags']
    ? [...problems, `flags: ${flagsText(flags)}, nfdump ${theirs['tcp_flags']}`]
    : problems
}

const goldens = readdirSync(exporters).filter((name) => name.endsWith('.nfdump.json'))

test('there are goldens', () => expect(goldens.length).toBeGreaterThan(10))

test.each(goldens)('%s: the same flows', (golden) => {
  const capture = `${exporters}${golden.replace('.nfdump.json', '.pcap')}`
  expect(existsSync(capture)).toBe(true)
  const { records, errors } = decode(readCapture(capture))
  const flows = records.filter((record) => 'octetDeltaCount' in record)
  const theirs = flowsOf(`${exporters}${golden}`)
  expect(errors).toEqual([])
  expect(flows).toHaveLength(theirs.length)
  expect(flows.flatMap((flow, index) => differences(asShown(flow), theirs[index] ?? {}))).toEqual([])
})
