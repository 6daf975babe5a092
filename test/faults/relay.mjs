// An exporter's bad neighbour: takes export datagrams on an address of the probe's own node and sends them on from there, after doing to
// them what no part here can be made to do. It knows templates, so that it can change single fields of records. It stands
// in no relation to src/: what it spoils, the decoders must find out by themselves.
//
//   node relay.mjs MISCHIEF ADDRESS PORT COLLECTOR PORT
import { createSocket } from 'node:dgram'

const [mischief, own, ownPort, collector, collectorPort] = process.argv.slice(2)

/** Templates of v9 and IPFIX by number: the elements with their lengths. */
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
      templates.set(number, fields)
    }
  })
}

/** Calls `each` for the records of flows, with a way to read and write their fields. */
function records(message, each) {
  sets(message, (id, from, to) => {
    const fields = templates.get(id)
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

const changed = (change) => (message) => {
  records(message, change)
  return [message]
}

let count = 0
let kept
/** What is sent on for a datagram, by mischief. */
const mischiefs = {
  none: (message) => [message],
  // Every third is counted in the sequence and never sent.
  lost: (message) => (++count % 3 === 2 ? [] : [message]),
  doubled: (message) => [message, message],
  reordered(message) {
    const before = kept
    kept = before ? undefined : message
    return before ? [message, before] : []
  },
  cut: (message) => [++count % 2 === 0 ? message.subarray(0, Math.floor(message.length * 0.7)) : message],
  // The set of templates becomes one that nobody knows.
  'no-template'(message) {
    sets(message, (id, from) => isTemplate(id) && message.writeUInt16BE(250, from - 4))
    return [message]
  },
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
  'layer-2': changed((field) => field(1, (bytes) => bytes + 14n * field(2))),
  'twice-counted': changed((field) => (field(1, (bytes) => 2n * bytes), field(2, (packets) => 2n * packets))),
  'times-ten': changed((field) => (field(1, (bytes) => 10n * bytes), field(2, (packets) => 10n * packets))),
  'hour-late': changed((field) => [152, 153].forEach((element) => field(element, (at) => at + 3_600_000n))),
  'uptime-wrapped': changed((field) =>
    [152, 153].forEach((element) => field(element, (at) => at - 4_294_967_296n)),
  ),
  'end-before-start': changed((field) => {
    const [from, to] = [field(152), field(153)]
    field(152, () => to + 5n)
    field(153, () => from)
  }),
  swapped: changed((field) => {
    // ICMP has no ports to exchange: its type stands in one of them.
    const hasPorts = [6n, 17n].includes(field(4))
    for (const [one, two] of [[8, 12], [27, 28], ...(hasPorts ? [[7, 11]] : [])]) {
      const [a, b] = [field(one), field(two)]
      field(one, () => b)
      field(two, () => a)
    }
  }),
  // The rate of options records (samplingInterval, samplingPacketInterval) in the other order of bytes.
  'rate-turned': changed((field) =>
    [34, 50, 305].forEach((element) =>
      field(element, (_, bytes) => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)),
    ),
  ),
  // NetFlow v5: the mode's bits stand in the interval, and say 1:100.
  'rate-invented'(message) {
    message.writeUInt16BE(0x4064, 22)
    return [message]
  },
  'clock-late'(message) {
    message.writeUInt32BE((message.readUInt32BE(8) + 3600) >>> 0, 8)
    return [message]
  },
}

const act = mischiefs[mischief]
if (!act) throw new Error(`no mischief ${mischief}`)
const socket = createSocket('udp4')
socket.on('message', (message) => {
  const version = message.readUInt16BE(0)
  if (version === 9 || version === 10) learn(message)
  for (const each of act(message)) socket.send(Buffer.from(each), Number(collectorPort), collector)
})
socket.bind(Number(ownPort), own)
