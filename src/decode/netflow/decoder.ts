// NetFlow v1 to v9 and IPFIX: recognises the version and calls its decoder.
import type { Datagram, Protocol } from '../datagram.ts'
import type { Context, ProtocolDecoder } from '../port.ts'
import { createFixedDecoder, fixedVersions } from './fixed.ts'
import { decodeIpfix, IPFIX_HEADER } from './ipfix.ts'
import { decodeNetflow9, NETFLOW9_HEADER } from './netflow9.ts'
import { Pending } from './pending.ts'
import { Sessions } from './session.ts'
import type { SetDecoder } from './sets.ts'

/** Most records of a v1, v5 or v7 datagram that any exporter is known to send, with room to spare. */
const MOST_FIXED_RECORDS = 128
const NETFLOW8_HEADER = 28
/** The upper half of 999,999,999 ns, the most that a header's clock can have beside its seconds. */
const MOST_NANOSECONDS = 0x3b9a

const u16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)

/** Whether octets that begin with this version number look like a message of it: sums that other traffic fails. */
function looksLike(version: number, bytes: Uint8Array): boolean {
  const { length } = bytes
  const fixed = fixedVersions[version]
  if (fixed) {
    const count = u16(bytes, 2)
    return (
      length >= fixed.header && count > 0 && count <= MOST_FIXED_RECORDS && u16(bytes, 12) <= MOST_NANOSECONDS
    )
  }
  if (version === 8) return length >= NETFLOW8_HEADER && u16(bytes, 12) <= MOST_NANOSECONDS
  const header = version === 9 ? NETFLOW9_HEADER : IPFIX_HEADER
  if (length < header || (version === 10 && u16(bytes, 2) < header)) return false
  if (length < header + 4) return true
  const [id, setLength] = [u16(bytes, header), u16(bytes, header + 2)]
  if (id > 255 || (version === 9 ? id < 2 : id === 2 || id === 3)) return true
  // A reserved set is an error to report if all else fits: IPFIX says its length, and the set's lies within the message.
  const fits = setLength >= 4 && header + setLength <= length
  return fits && (version === 10 ? u16(bytes, 2) === length : setLength % 4 === 0)
}

const protocols: Readonly<Record<number, Protocol>> = {
  1: 'netflow1',
  5: 'netflow5',
  7: 'netflow7',
  8: 'netflow8',
  9: 'netflow9',
  10: 'ipfix',
}

/** The decoder of NetFlow v1, v5, v7, v9 and IPFIX; v8 is recognised and named. */
export function createNetflowDecoder(context: Context): ProtocolDecoder {
  const pending = new Pending(context.limits.pendingBytes)
  const sessions = new Sessions(context, (domain) => {
    pending.forget(domain)
    for (const { layout } of domain.templates.values()) context.batches.flushLayout(layout, true)
  })
  const decoder: SetDecoder = { context, sessions, pending }
  const decodeFixed = createFixedDecoder(context, sessions)

  return {
    recognise(payload) {
      if (payload.length < 4) return undefined
      const version = u16(payload, 0)
      const protocol = protocols[version]
      return protocol && looksLike(version, payload) ? protocol : undefined
    },
    decode(datagram: Datagram, protocol: Protocol) {
      if (protocol === 'netflow9') decodeNetflow9(decoder, datagram)
      else if (protocol === 'ipfix') decodeIpfix(decoder, datagram)
      else if (protocol === 'netflow8')
        context.error({
          kind: 'unsupported',
          protocol,
          offset: 0,
          path: '',
          expected: 'NetFlow v1, v5, v7, v9 or IPFIX',
          found: `NetFlow v8, aggregation method ${datagram.payload[22] ?? 0}`,
          message: undefined,
        })
      else decodeFixed(datagram)
    },
    close: (session) => sessions.close(session),
    *domains() {
      for (const domain of sessions.all()) yield domain.stats
    },
  }
}
