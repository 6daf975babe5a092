// The peer of bench/decode.ts: the straightforward decoder, which walks the template's fields for every record and makes
// an object of them. It checks what a decoder must check, and no more.
import type { Datagram } from '../src/decode/datagram.ts'

interface Field {
  readonly id: number
  readonly length: number
}

const netflow5Fields: readonly Field[] = [4, 4, 4, 2, 2, 4, 4, 4, 4, 2, 2, 1, 1, 1, 1, 2, 2, 1, 1, 2].map(
  (length, id) => ({ id, length }),
)

function readValue(view: DataView, at: number, length: number): number | bigint | Uint8Array {
  switch (length) {
    case 1:
      return view.getUint8(at)
    case 2:
      return view.getUint16(at)
    case 4:
      return view.getUint32(at)
    case 8:
      return view.getBigUint64(at)
    default:
      return new Uint8Array(view.buffer, view.byteOffset + at, length)
  }
}

/** Decodes NetFlow v5, v9 and IPFIX; what it returns decodes datagrams and says how many records they held. */
export function interpret(): (all: readonly Datagram[]) => number {
  const templates = new Map<number, Field[]>()
  let last: Record<number, unknown> = {}

  const readRecords = (fields: readonly Field[], view: DataView, start: number, end: number): number => {
    const shortest = fields.reduce((sum, { length }) => sum + (length === 65_535 ? 1 : length), 0)
    let [at, count] = [start, 0]
    while (end - at >= shortest) {
      const record: Record<number, unknown> = {}
      for (const { id, length } of fields) {
        let octets = length
        if (length === 65_535) octets = view.getUint8(at++)
        if (at + octets > end) return count
        record[id] = readValue(view, at, octets)
        at += octets
      }
      last = record
      count++
    }
    return count
  }

  const readTemplate = (view: DataView, at: number): void => {
    const count = view.getUint16(at + 2)
    const fields = Array.from({ length: count }, (_, index) => ({
      id: view.getUint16(at + 4 + index * 4),
      length: view.getUint16(at + 6 + index * 4),
    }))
    templates.set(view.getUint16(at), fields)
  }

  const readDatagram = ({ payload }: Datagram): number => {
    const view = new DataView(payload.buffer, payload.byteOffset, payload.length)
    const version = view.getUint16(0)
    if (version === 5) return readRecords(netflow5Fields, view, 24, 24 + 48 * view.getUint16(2))
    let [at, records] = [version === 9 ? 20 : 16, 0]
    while (payload.length - at >= 4) {
      const [id, length] = [view.getUint16(at), view.getUint16(at + 2)]
      const fields = templates.get(id)
      if (fields) records += readRecords(fields, view, at + 4, at + length)
      else readTemplate(view, at + 4)
      at += length
    }
    return records
  }

  return (all) => {
    const records = all.reduce((sum, datagram) => sum + readDatagram(datagram), 0)
    if (Object.keys(last).length === 0) throw new Error('no record was read')
    return records
  }
}
