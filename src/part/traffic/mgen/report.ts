// What mgen says of each flow: a line for each packet or write (its -txlog), added up on the host.

import type { SentFlow } from '../../../evidence.ts'
import type { Ask } from '../../../part.ts'
import { log } from './config.ts'

/** Fields: time, SEND, proto>, flow>, seq>, srcPort>, dst>, size>. */
const addUp = `$2 == "SEND" { key = $3 " " $4 " " $6 " " $7; packets[key]++; bytes[key] += substr($8, 6) }
END { for (key in packets) print key, packets[key], bytes[key] }`

export const sent = async (ask: Ask, matrix: number): Promise<readonly SentFlow[]> =>
  parseReport(await ask('awk', addUp, log(matrix)))

/** Lines such as `proto>UDP flow>14 srcPort>20013 dst>192.0.2.1/10004 20 8000`, in the order of the flows; throws at any other. */
export function parseReport(text: string): SentFlow[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const found = /^proto>(UDP|TCP) flow>(\d+) srcPort>(\d+) dst>([\da-f.:]+)\/(\d+) (\d+) (\d+)$/.exec(
        line,
      )
      if (!found) throw new Error(`mgen logged what is no flow: ${line}`)
      const [, protocol, flow, sourcePort, destination = '', destinationPort, packets, bytes] = found
      const sentFlow: SentFlow = {
        destination: destination.replace(/^::ffff:(?=\d+\.)/, ''),
        protocol: protocol === 'TCP' ? 6 : 17,
        sourcePort: Number(sourcePort),
        destinationPort: Number(destinationPort),
        sent: { packets: Number(packets), bytes: Number(bytes) },
      }
      return { flow: Number(flow), sentFlow }
    })
    .toSorted((a, b) => a.flow - b.flow)
    .map(({ sentFlow }) => sentFlow)
}
