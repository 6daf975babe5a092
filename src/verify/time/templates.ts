// How often an exporter sends its templates again: over UDP a collector that missed or forgot them reads nothing until then
// (RFC 7011, section 8.4; RFC 3954, section 9).

import type { Exports } from '../../replay/exports.ts'

export interface Templates {
  /** Different ones, options templates too. */
  readonly count: number
  /** Datagrams of all exports. */
  readonly datagrams: number
  /** From the first template to the last record: milliseconds. */
  readonly lasted: number
  /** How often that one was sent that was sent least. */
  readonly sent: number
  /** The most between two sendings of one of them; undefined where one at least was sent once. */
  readonly apart: { readonly datagrams: number; readonly ms: number } | undefined
}

interface Sending {
  readonly at: number
  readonly datagram: number
}

/** Of all template events of the exports, in their order; undefined where there are none. `till`: milliseconds since 1970. */
export function templatesOf(
  events: Exports['templates'],
  { datagrams, till }: { readonly datagrams: number; readonly till: number },
): Templates | undefined {
  const sendings = new Map<string, Sending[]>()
  for (const { what, templateId, message } of events) {
    if (what === 'unknown' || what === 'withdrawn') continue
    const id = [message.sourceAddress, message.sourcePort, message.domain, templateId].join(' ')
    const sending = {
      at: message.seconds * 1000 + message.nanoseconds / 1e6,
      datagram: message.number ?? 0,
    }
    const all = sendings.get(id)
    if (all) all.push(sending)
    else sendings.set(id, [sending])
  }
  const each = [...sendings.values()]
  if (each.length === 0) return undefined
  const sent = Math.min(...each.map(({ length }) => length))
  const between = each.flatMap((all) =>
    all.slice(1).map(({ at, datagram }, index) => {
      const before = all[index] ?? { at, datagram }
      return { datagrams: datagram - before.datagram, ms: Math.round(at - before.at) }
    }),
  )
  const begin = Math.min(...each.map(([first]) => first?.at ?? Infinity))
  return {
    count: each.length,
    datagrams,
    lasted: Math.max(0, Math.round(till - begin)),
    sent,
    apart:
      sent === 1
        ? undefined
        : {
            datagrams: between.reduce((most, gap) => Math.max(most, gap.datagrams), 0),
            ms: between.reduce((most, gap) => Math.max(most, gap.ms), 0),
          },
  }
}
