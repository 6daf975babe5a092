// tshark as an independent decoder: every field that it finds in a capture's export datagrams, with its place in the
// payload. Its PDML is its JSON with positions, so fields are compared octet by octet, whatever they are called.
import { execFileSync, spawnSync } from 'node:child_process'

/** One field of one datagram. */
export interface TsharkField {
  readonly name: string
  /** What it shows, as text. */
  readonly show: string
  /** Its octets in hex. */
  readonly value: string
  /** Octet in the datagram's payload at which it begins, and its length. */
  readonly start: number
  readonly length: number
}

/** A datagram's records: for each, its fields in order. */
export type TsharkDatagram = readonly (readonly TsharkField[])[]

/** Whether tshark is installed. */
export const hasTshark: boolean = spawnSync('tshark', ['--version']).status === 0

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const unescape = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]+)|(\w+));/gi, (whole, code: string | undefined, name: string | undefined) =>
    code ? String.fromCodePoint(Number.parseInt(code, 16)) : (entities[name ?? ''] ?? whole),
  )

/** The records of every datagram of a capture. */
export function dissect(path: string): TsharkDatagram[] {
  const ports = ['udp.port==2055,cflow', 'udp.port==4739,cflow'].flatMap((port) => ['-d', port])
  const pdml = execFileSync('tshark', ['-r', path, ...ports, '-T', 'pdml'], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return pdml
    .split('<packet>')
    .slice(1)
    .map((packet) => {
      const begin = packet.indexOf('<proto name="cflow"')
      if (begin < 0) return []
      const payload = Number(/ pos="(\d+)"/.exec(packet.slice(begin))?.[1])
      const records: TsharkField[][] = []
      for (const [, tag = ''] of packet.slice(begin).matchAll(/<field ([^>]*)>/g)) {
        const get = (key: string) => unescape(new RegExp(`(?:^| )${key}="([^"]*)"`).exec(tag)?.[1] ?? '')
        const [name, show] = [get('name'), get('show')]
        if (name === '' && /^(Flow|pdu) \d+/.test(show)) records.push([])
        else if (name === '' && /^(Set|FlowSet) \d+/.test(show)) continue
        else if (name !== '')
          records.at(-1)?.push({
            name,
            show,
            value: get('unmaskedvalue') || get('value'),
            start: Number(get('pos')) - payload,
            length: Number(get('size')),
          })
      }
      return records
    })
}
