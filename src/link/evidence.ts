// What two recordings say of a link, brought into the store: the packets that crossed it, and the flow records that a probe
// exported of them. The one place where the count of packets and the decoder's records meet.

import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TemplateEvent } from '../decode/report.ts'
import { type Exports, readExports } from '../replay/exports.ts'
import { recordsInto } from '../replay/records.ts'
import type { Store } from '../store.ts'
import { openStore } from '../store/duckdb/open.ts'
import { countPackets, type Counted } from '../truth/packets/count.ts'
import { loadPackets } from '../truth/packets/load.ts'
import type { Direction } from '../evidence.ts'

/** Names under which both stand in the store. */
export const link = 'link'
export const probe = 'probe'

export interface LinkEvidence {
  /** Its tables `packets` and `exported` are filled. The caller closes it. */
  readonly store: Store
  readonly wire: Counted
  /** Packets that went the way that was asked for. */
  readonly counted: number
  readonly exports: Exports
}

export interface LinkFiles {
  readonly wire: string
  readonly exports: string
  /** Only packets that the capture says went this way. */
  readonly direction?: Direction
  /** Only what this address exported. */
  readonly exporter?: string
}

/** Throws the system's error where a file cannot be read. */
export async function readLink({ wire, exports, direction, exporter }: LinkFiles): Promise<LinkEvidence> {
  const store = await openStore({
    names: [link, probe],
    overflow: join(tmpdir(), `flowlab-${process.pid}-overflow`),
  })
  try {
    let counted = 0
    const seen = await store.load('packets', { point: link }, ({ settle, ...packets }) =>
      countPackets(wire, {
        // The capture's own directions stay with it: a probe's records do not tell them.
        take: (flows) => void (counted += loadPackets(packets, flows, 0, direction)),
        settle,
      }),
    )
    const said = await store.load('exported', { probe }, (records) =>
      readExports(exports, recordsInto(records), { from: exporter }),
    )
    return { store, wire: seen, counted, exports: said }
  } catch (error) {
    store.close()
    throw error
  }
}

/** By field of the flow key, the elements that carry it. */
const carriers = {
  source: ['sourceIPv4Address', 'sourceIPv6Address'],
  destination: ['destinationIPv4Address', 'destinationIPv6Address'],
  protocol: ['protocolIdentifier'],
  // Records of ICMP have none, and need none.
  sourcePort: ['sourceTransportPort', 'icmpTypeCodeIPv4', 'icmpTypeCodeIPv6'],
  destinationPort: ['destinationTransportPort', 'icmpTypeCodeIPv4', 'icmpTypeCodeIPv6'],
} as const

type Carried = keyof typeof carriers

/** What all of an exporter's templates for flow records tell apart; everything where the protocol has none. */
export function fieldsTold(templates: readonly TemplateEvent[]): Carried[] {
  const layouts = templates.flatMap(({ layout }) =>
    layout?.kind === 'data' && layout.byName.has('packetDeltaCount') ? [layout] : [],
  )
  return (Object.keys(carriers) as Carried[]).filter((field) =>
    layouts.every(({ byName }) => carriers[field].some((name) => byName.has(name))),
  )
}
