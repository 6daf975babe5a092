// An exporter's bad neighbour: takes export datagrams on an address of the probe's own node and sends them on from there, after doing to
// them what no part here can be made to do. It knows templates, so that it can change single fields of records. It stands
// in no relation to src/: what it spoils, the decoders must find out by themselves.
//
//   node relay.mjs MISCHIEF ADDRESS PORT COLLECTOR PORT
import { createSocket } from 'node:dgram'

const [mischief, own, ownPort, collector, collectorPort] = process.argv.slice(2)

/** Templates of v9 and IPFIX by number: the elements with their lengths, and whether their records are options. */
const templates = new Map()

/** Calls `each(setId, from, to)` for the sets of a message. */
function sets(message, each) {
  const version = message.readUInt16BE(0)
  if (version !== 9 && version !== 10) return
  for (let at = version === 9 ? 20 : 16; at + 4 <= message.length; ) {
    const length = message.readUInt16BE(at + 2)
    if (length < 4) return
    each(message.readUInt16BE(at), at + 4, Math.min(message.length, at + length))
    at += length
  }
}

/** Sets of templates, and of options templates, of v9 and IPFIX. */
const isTemplate = (id) => id <= 3

function learn(message) {
  sets(message, (id, from, to) => {
    if (!isTemplate(id)) return
    for (let at = from; at + 4 <= to; ) {
      const number = message.readUInt16BE(at)
      // v9's options templates tell octets of scope and options, IPFIX's fields of both and then of the scope.
      const count =
        id === 1
          ? (message.readUInt16BE(at + 2) + message.readUInt16BE(at + 4)) / 4
          : message.readUInt16BE(at + 2)
      at += id === 1 || id === 3 ? 6 : 4
      const fields = []
      for (let index = 0; index < count && at + 4 <= to; index++) {
        const [element, length] = [message.readUInt16BE(at), message.readUInt16BE(at + 2)]
        fields.push({ element: element & 0x7fff, length, at })
        at += element & 0x8000 ? 8 : 4
      }
      templates.set(number, Object.assign(fields, { isOptions: id === 1 || id === 3 }))
    }
  })
}

/** Calls `each` for the records of flows, or of options, with a way to read and write their fields. */
function records(message, each, ofOptions = false) {
  sets(message, (id, from, to) => {
    const fields = templates.get(id)
    if (fields?.isOptions !== ofOptions) return
    const size = fields?.reduce((sum, { length }) => sum + length, 0) ?? 0
    if (size === 0 || fields.some(({ length }) => length === 0xffff)) return
    for (let at = from; at + size <= to; at += size) {
      const places = new Map()
      let place = at
      for (const { element, length } of fields) {
        places.set(element, { place, length })
        place += length
      }
      each((element, change) => {
        const found = places.get(element)
        if (!found) return 0n
        const bytes = message.subarray(found.place, found.place + found.length)
        const value = BigInt(`0x${bytes.toString('hex')}`)
        if (change) {
          const text = BigInt.asUintN(8 * found.length, change(value, bytes)).toString(16)
          bytes.write(text.padStart(2 * found.length, '0'), 'hex')
        }
        return value
      })
    }
  })
}

const changed =
  (change, ofOptions = false) =>
  (message) => {
    records(message, change, ofOptions)
    return [message]
  }

/** Elements: counters, and where a flow's first and last packet stand. */
const [bytes, packets] = [1, 2]
const starts = [22, 152]
const ends = [21, 153]
const times = [...starts, ...ends]
/** ICMP has no ports: its type stands in one of them. */
const hasPorts = (field) => [6n, 17n].includes(field(4))
/** Those that a record has not are left alone. */
const exchange = (field, one, two) => {
  const [a, b] = [field(one), field(two)]
  field(one, () => b)
  field(two, () => a)
}
const turned = (field) => {
  exchange(field, 8, 12)
  exchange(field, 27, 28)
  if (hasPorts(field)) exchange(field, 7, 11)
}
const later = (by) => (field) => times.forEach((element) => field(element, (at) => at + by))
const counters = (change) => changed((field) => [bytes, packets].forEach((each) => field(each, change)))

/** What stands for the records of a datagram, by what was seen of the flow before. */
const keyOf = (field) => [8, 12, 27, 28, 7, 11, 4].map((element) => field(element)).join(' ')
const sums = new Map()

/** Sequence numbers of its own, where it sends more or fewer than it gets: datagrams of v9, data records of IPFIX. */
let sequence
function numbered(message) {
  const [at, isIpfix] = message.readUInt16BE(0) === 9 ? [12, false] : [8, true]
  sequence ??= message.readUInt32BE(at)
  message.writeUInt32BE(sequence >>> 0, at)
  let units = isIpfix ? 0 : 1
  if (isIpfix) for (const ofOptions of [false, true]) records(message, () => units++, ofOptions)
  sequence += units
  return message
}
const hasRecords = (message) => {
  let count = 0
  records(message, () => count++)
  return count > 0
}
const without = (message, drop) => {
  sets(message, (id, from) => drop(id) && message.writeUInt16BE(250, from - 4))
  return [message]
}
/** The clock of a header: v5 and v9 have an uptime before it. */
const clockAt = (message) => (message.readUInt16BE(0) === 10 ? 4 : 8)

let count = 0
let kept
let first
const held = []
/** What is sent on for a datagram, by mischief. */
const mischiefs = {
  none: (message) => [message],
  // Every third is counted in the sequence and never sent.
  lost: (message) => (++count % 3 === 2 ? [] : [message]),
  doubled: (message) => [message, message],
  // From the fourth on each is overtaken by the next of its burst; one that no other follows goes on alone.
  reordered(message) {
    if (++count < 4) return [message]
    const before = kept
    kept = before ? undefined : Buffer.from(message)
    if (before) return [message, before]
    const late = kept
    setTimeout(() => {
      if (kept === late) send(late)
      if (kept === late) kept = undefined
    }, 30)
    return []
  },
  cut: (message) => [++count % 2 === 0 ? message.subarray(0, Math.floor(message.length * 0.7)) : message],
  // The set of templates becomes one that nobody knows.
  'no-template': (message) => without(message, isTemplate),
  'no-options': (message) => without(message, (id) => id === 1 || id === 3),
  // Templates are sent once, and never again.
  'no-refresh': (message) => (++count > 3 ? without(message, isTemplate) : [message]),
  // Another exporter, of the same domain, has another template under the same number: addresses stand the other way round.
  'two-templates'(message) {
    const other = Buffer.from(message)
    sets(message, (id) => {
      if (!isTemplate(id)) return
      for (const fields of templates.values())
        for (const { element, at } of fields)
          if (element === 8 || element === 12) other.writeUInt16BE(20 - element, at)
    })
    const hasTemplate = !other.equals(message)
    return hasTemplate ? [message, other] : [message]
  },
  // After the first few it speaks for another observation domain (source ID).
  'domain-changed'(message) {
    if (++count > 3) message.writeUInt32BE(99, message.readUInt16BE(0) === 9 ? 16 : 12)
    return [message]
  },
  // What it has sent, it sends again from its cache once it has begun anew.
  replayed(message) {
    held.push(Buffer.from(message))
    return ++count % 4 === 0 ? [message, ...held.splice(0)].map(numbered) : [numbered(message)]
  },
  // Counters.
  'layer-2': changed((field) => field(bytes, (value) => value + 14n * field(packets))),
  'twice-counted': counters((value) => 2n * value),
  'times-ten': counters((value) => 10n * value),
  'packets-times-ten': changed((field) => field(packets, (value) => 10n * value)),
  'counters-exchanged': changed((field) => exchange(field, bytes, packets)),
  'packets-zero': changed((field) => field(packets, () => 0n)),
  'bytes-wrapped': changed((field) => field(bytes, (value) => value & 0xffffn)),
  // Totals since a flow began, in place of what came since its last record.
  cumulative: changed((field) => {
    const before = sums.get(keyOf(field)) ?? [0n, 0n]
    const all = [field(bytes) + before[0], field(packets) + before[1]]
    sums.set(keyOf(field), all)
    field(bytes, () => all[0])
    field(packets, () => all[1])
  }),
  // Each record once more for the way back.
  'both-ways'(message) {
    const other = Buffer.from(message)
    records(other, turned)
    return (hasRecords(message) ? [message, other] : [message]).map(numbered)
  },
  // Flow keys.
  swapped: changed(turned),
  'ports-swapped': changed((field) => hasPorts(field) && exchange(field, 7, 11)),
  'ports-zero': changed((field) => [7, 11].forEach((port) => field(port, () => 0n))),
  'ports-turned': changed(
    (field) =>
      hasPorts(field) &&
      [7, 11].forEach((port) => field(port, (value) => ((value & 0xffn) << 8n) | (value >> 8n))),
  ),
  'protocol-udp': changed((field) => field(4, () => 17n)),
  masked: changed((field) => [8, 12].forEach((address) => field(address, (value) => value & 0xffff_ff00n))),
  // Fields are read four octets too late, as behind a tag that was not skipped.
  'fields-shifted': changed((field) => {
    const [source, destination, port] = [field(8), field(12), field(7)]
    field(8, () => destination)
    field(12, () => (port << 16n) | (source & 0xffffn))
    field(7, () => source & 0xffffn)
  }),
  // What stands beside them.
  'tos-zero': changed((field) => field(5, () => 0n)),
  'flags-zero': changed((field) => field(6, () => 0n)),
  'in-is-out': changed((field) => field(14, () => field(10))),
  // AS_TRANS (RFC 6793) stands for the AS of the chain's far end, as where an exporter has 16 bits for it.
  'as-cut': changed((field) => {
    for (const [address, as] of [
      [8, 16],
      [12, 17],
    ])
      if (field(address) >> 8n === 0xc6_33_64n) field(as, () => 23456n)
  }),
  // Times.
  'hour-late': changed(later(3_600_000n)),
  'uptime-wrapped': changed(later(-4_294_967_296n)),
  'end-before-start': changed((field) => {
    const [from, to] = [starts, ends].map((elements) => elements.map((each) => field(each)))
    starts.forEach((each, index) => field(each, () => to[index] + 5n))
    ends.forEach((each, index) => field(each, () => from[index]))
  }),
  'clock-stepped': (message) => (++count > 3 ? changed(later(90_000n))(message) : [message]),
  'clock-drifts': changed((field) => {
    const at = starts.map((each) => field(each)).find((value) => value > 0n) ?? 0n
    first ??= at
    times.forEach((each) => field(each, (value) => value + (value - first) / 20n))
  }),
  // Seconds where milliseconds should stand.
  seconds: changed((field) => times.forEach((each) => field(each, (value) => value / 1000n))),
  'clock-late'(message) {
    message.writeUInt32BE((message.readUInt32BE(clockAt(message)) + 3600) >>> 0, clockAt(message))
    return [message]
  },
  // NetFlow v5 and v9: the uptime counts from another moment than the records' times.
  'boot-off'(message) {
    message.writeUInt32BE((message.readUInt32BE(4) + 600_000) >>> 0, 4)
    return [message]
  },
  // The rate of options records (samplingInterval, samplingPacketInterval) in the other order of bytes.
  'rate-turned': changed(
    (field) =>
      [34, 50, 305].forEach((element) =>
        field(element, (_, octets) => BigInt(`0x${Buffer.from(octets).reverse().toString('hex')}`)),
      ),
    true,
  ),
  // NetFlow v5: the mode's bits stand in the interval, and say 1:100.
  'rate-invented'(message) {
    message.writeUInt16BE(0x4064, 22)
    return [message]
  },
}

const act = mischiefs[mischief]
if (!act) throw new Error(`no mischief ${mischief}`)
const socket = createSocket('udp4')
const send = (message) => socket.send(Buffer.from(message), Number(collectorPort), collector)
socket.on('message', (message) => {
  const version = message.readUInt16BE(0)
  if (version === 9 || version === 10) learn(message)
  act(message).forEach(send)
})
socket.bind(Number(ownPort), own)
