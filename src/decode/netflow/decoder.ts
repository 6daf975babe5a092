// NetFlow v1 to v9 and IPFIX: recognises the version and calls its decoder.
import type { Datagram, Protocol } from '../datagram.ts'
import type { Context, ProtocolDecoder } from '../port.ts'
import { createFixedDecoder, fixedVersions } from './fixed.ts'
import { decodeIpfix, IPFIX_HEADER } from './ipfix.ts'
import { decodeNetflow9, NETFLOW9_HEADER } from './netflow9.ts'
import { Pending } from './pending.ts'
import { Sessions } from './session.ts'
import type { SetDecoder } from './sets.ts'
import { viewOf } from './source.ts'

/** Most records of a v1, v5 or v7 datagram that any exporter is known to send, with room to spare. */
const MOST_FIXED_RECORDS = 128
const NETFLOW8_HEADER = 28

/** Whether octets that begin with this version number look like a message of it: sums that other traffic fails. */
function looksLike(version: number, view: DataView): boolean {
  const { byteLength } = view
  const fixed = fixedVersions[version]
  if (fixed) {
    const count = view.byteLength >= 4 ? view.getUint16(2) : 0
    return byteLength >= fixed.header && count > 0 && count <= MOST_FIXED_RECORDS && view.getUint32(12) < 1e9
  }
  if (version === 8) return byteLength >= NETFLOW8_HEADER && view.getUint32(12) < 1e9
  const header = version === 9 ? NETFLOW9_HEADER : IPFIX_HEADER
  if (byteLength < header) return false
  if (version === 10 && view.getUint16(2) < header) return false
  if (byteLength < header + 4) return true
  const id = view.getUint16(header)
  return version === 9 ? id < 2 || id > 255 : id > 1 && (id < 4 || id > 255)
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
      const version = ((payload[0] ?? 0) << 8) | (payload[1] ?? 0)
      const protocol = protocols[version]
      return protocol && looksLike(version, viewOf(payload)) ? protocol : undefined
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
    *domains() {
      for (const domain of sessions.all()) yield domain.stats
    },
  }
}
