// What iperf3 says of a test: the sums at the end of its JSON (iperf3(1), --json).

import { z } from 'zod'
import type { Volume } from '../../../kernel/units.ts'

const sum = z.object({ bytes: z.number() })
const datagrams = sum.extend({ packets: z.number(), lost_packets: z.number() })

const report = z.object({
  error: z.string().optional(),
  end: z.object({ sum: datagrams.optional(), sum_sent: sum.optional(), sum_received: sum.optional() }),
})

/**
 * What was sent and received: bytes of payload, and over UDP datagrams. Over TCP iperf3 counts no packets; they are 0.
 * Throws where the test failed.
 */
export function parseReport(text: string): { readonly sent: Volume; readonly received: Volume } {
  const { error, end } = report.parse(JSON.parse(text))
  if (error !== undefined) throw new Error(`iperf3: ${error}`)
  if (end.sum) {
    const { packets, bytes, lost_packets: lost } = end.sum
    const size = packets === 0 ? 0 : bytes / packets
    return { sent: { packets, bytes }, received: { packets: packets - lost, bytes: bytes - lost * size } }
  }
  if (!end.sum_sent || !end.sum_received) throw new Error('iperf3 gave no sums of the test')
  return {
    sent: { packets: 0, bytes: end.sum_sent.bytes },
    received: { packets: 0, bytes: end.sum_received.bytes },
  }
}
