// Laws of flow keys: the volumes are right, and stand under other keys than those that crossed. Each law says what becomes of a
// key; the one that predicts the numbers best is the one that is named.

import { type Address, bitsOf, formatAddress, parseAddress } from '../../kernel/address.ts'
import type { FlowKey } from '../../kernel/flow.ts'
import { add, nothing, subtract, type Volume } from '../../kernel/units.ts'
import type { Account, Cell } from '../cells.ts'
import { type Field, project } from '../granularity.ts'
import { isConserved, type Shape } from './predictions.ts'

interface Law {
  readonly words: string
  /** Fields without which an account cannot tell it. */
  readonly of: readonly Field[]
  readonly becomes: (key: FlowKey) => FlowKey
}

const hasPorts = ({ protocol }: FlowKey): boolean => protocol === 6 || protocol === 17
const isIcmp = ({ protocol }: FlowKey): boolean => protocol === 1 || protocol === 58

const exchanged = (key: FlowKey): FlowKey => ({
  ...key,
  source: key.destination,
  destination: key.source,
})
const portsExchanged = (key: FlowKey): FlowKey =>
  hasPorts(key) ? { ...key, sourcePort: key.destinationPort, destinationPort: key.sourcePort } : key

const turned = (port: number): number => ((port & 0xff) << 8) | (port >> 8)

const onAddress = (text: string, change: (address: Address) => bigint): string => {
  const address = parseAddress(text)
  return address ? formatAddress({ ...address, value: change(address) }) : text
}
const masked = (text: string, lengths: Readonly<Record<4 | 6, number>>): string =>
  onAddress(text, ({ family, value }) => {
    const rest = BigInt(bitsOf(family) - lengths[family])
    return (value >> rest) << rest
  })
const octetsTurned = (text: string): string =>
  onAddress(text, ({ family, value }) => {
    let [rest, out] = [value, 0n]
    for (let at = 0; at < bitsOf(family); at += 8, rest >>= 8n) out = (out << 8n) | (rest & 255n)
    return out
  })

const sides = ['source', 'destination'] as const
const both: readonly Field[] = sides
const ports: readonly Field[] = ['sourcePort', 'destinationPort']
/** Lengths to which prefixes are cut, of IPv4 and IPv6; one that leaves a family as it is cuts the other alone. */
const lengths = [
  ...[8, 16, 24].map((four) => ({ 4: four, 6: 128 })),
  ...[32, 48, 56, 64, 96].map((six) => ({ 4: 32, 6: six })),
  ...[16, 24].flatMap((four) => [48, 64].map((six) => ({ 4: four, 6: six }))),
] as const
const lengthText = (length: Readonly<Record<4 | 6, number>>): string =>
  [
    ...(length[4] < 32 ? [`/${length[4]} (IPv4)`] : []),
    ...(length[6] < 128 ? [`/${length[6]} (IPv6)`] : []),
  ].join(' and ')

const fixed: readonly Law[] = [
  { words: 'source and destination port are exchanged', of: ports, becomes: portsExchanged },
  {
    words: 'addresses are exchanged, and ports are not',
    of: [...both, ...ports],
    becomes: exchanged,
  },
  {
    words: 'ports are 0',
    of: ports,
    becomes: (key) => (isIcmp(key) ? key : { ...key, sourcePort: 0, destinationPort: 0 }),
  },
  {
    words: 'ports, and type and code of ICMP, are 0',
    of: ports,
    becomes: (key) => ({ ...key, sourcePort: 0, destinationPort: 0 }),
  },
  ...(['sourcePort', 'destinationPort'] as const).map(
    (port): Law => ({
      words: `the ${port === 'sourcePort' ? 'source' : 'destination'} port is 0`,
      of: [port],
      becomes: (key) => (isIcmp(key) ? key : { ...key, [port]: 0 }),
    }),
  ),
  {
    words: 'type and code of ICMP are 0',
    of: ['destinationPort'],
    becomes: (key) => (isIcmp(key) ? { ...key, sourcePort: 0, destinationPort: 0 } : key),
  },
  {
    words: 'ports have their octets in the wrong order',
    of: ports,
    becomes: (key) =>
      hasPorts(key)
        ? { ...key, sourcePort: turned(key.sourcePort), destinationPort: turned(key.destinationPort) }
        : key,
  },
  {
    words: 'addresses have their octets in the wrong order',
    of: both,
    becomes: (key) => ({
      ...key,
      source: octetsTurned(key.source),
      destination: octetsTurned(key.destination),
    }),
  },
  ...lengths.flatMap((length): Law[] => [
    {
      words: `addresses are cut to ${lengthText(length)}`,
      of: both,
      becomes: (key) => ({
        ...key,
        source: masked(key.source, length),
        destination: masked(key.destination, length),
      }),
    },
    ...sides.map(
      (side): Law => ({
        words: `the ${side} address is cut to ${lengthText(length)}`,
        of: [side],
        becomes: (key) => ({ ...key, [side]: masked(key[side], length) }),
      }),
    ),
  ]),
]

const names: Readonly<Record<Field, string>> = {
  source: 'the source',
  destination: 'the destination',
  protocol: 'the protocol',
  sourcePort: 'the source port',
  destinationPort: 'the destination port',
}
const isNothing = (value: string | number): boolean => /^(0|0\.0\.0\.0|::|)$/.test(String(value))

/** What came out in all flows alike: one protocol, or nothing at all in one field or several. */
function constants(after: readonly Cell[], fields: readonly Field[]): Law[] {
  const [first] = after
  if (!first) return []
  const same = fields.filter((field) => after.every((cell) => cell[field] === first[field]))
  const law = (words: string, of: readonly Field[]): Law => ({
    ...{ words, of },
    becomes: (key) => ({ ...key, ...Object.fromEntries(of.map((field) => [field, first[field]])) }),
  })
  const untold = same.filter((field) => isNothing(first[field]))
  return [
    ...(same.includes('protocol') ? [law(`the protocol is ${first.protocol} in all`, ['protocol'])] : []),
    ...(untold.length > 0
      ? [
          law(
            `${untold.map((field) => names[field]).join(', ')} ${untold.length > 1 ? 'are' : 'is'} not told`,
            untold,
          ),
        ]
      : []),
  ]
}

/** What would stand under each key. A key that crossed in both directions stands in two cells: the first takes all. */
function predictedBy({ becomes }: Law, { cells, fields }: Account): readonly Volume[] {
  const sums = new Map<string, Volume>()
  for (const cell of cells) {
    const key = project(becomes(cell), fields)
    sums.set(key, add(sums.get(key) ?? nothing, cell.before))
  }
  return cells.map((cell) => {
    const key = project(cell, fields)
    const sum = sums.get(key) ?? nothing
    sums.delete(key)
    return sum
  })
}

const size = ({ packets, bytes }: Volume): number => Math.abs(packets) * 1000 + Math.abs(bytes)

const packetsIn = (volumes: readonly Volume[]): number =>
  volumes.reduce((sum, { packets }) => sum + packets, 0)

/** Which law of keys leaves least unexplained, and less than a fifth; undefined where volumes are not right in sum. */
export function rekeyed(account: Account): Shape | undefined {
  const { cells, fields } = account
  if (!isConserved(account)) return undefined
  const differs = cells.reduce((sum, { before, after }) => sum + size(subtract(before, after)), 0)
  if (differs === 0) return undefined
  const all = packetsIn(cells.map(({ before }) => before))
  const laws = [
    ...fixed,
    ...constants(
      cells.filter(({ after }) => after.packets > 0),
      fields,
    ),
  ]
  const [best] = laws
    .filter(({ of }) => of.every((field) => fields.includes(field)))
    .map((law) => {
      const predicts = predictedBy(law, account)
      const left = cells.reduce(
        (sum, { after }, index) => sum + size(subtract(after, predicts[index] ?? nothing)),
        0,
      )
      return { words: law.words, predicts, left }
    })
    // A law that puts volume where nothing is predicts a loss, and is none of keys.
    .filter(({ predicts }) => packetsIn(predicts) === all)
    .toSorted((a, b) => a.left - b.left)
  return best && best.left < differs / 5 ? best : undefined
}

/** Sums are right, and most of the volume stands under keys of which nothing crossed. */
export function garbled(account: Account): Shape | undefined {
  const { cells } = account
  if (!isConserved(account)) return undefined
  const strangers = cells.filter(({ before, after }) => before.packets === 0 && after.packets > 0)
  const all = cells.reduce((sum, { after }) => sum + after.packets, 0)
  const strange = strangers.reduce((sum, { after }) => sum + after.packets, 0)
  if (strange < all / 2) return undefined
  return { words: String(strangers.length), predicts: cells.map(({ after }) => after) }
}
