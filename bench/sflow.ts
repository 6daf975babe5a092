// sFlow samples a second, headers decoded down to the ports, from datagrams in memory, on one core: npx tsx bench/sflow.ts.
// The datagram is one that pmacctd made (test/golden/decode), with its sequence counted on.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Datagram } from '../src/decode/datagram.ts'
import { createDecoder } from '../src/decode/decoder.ts'

const WINDOWS = 8
const DATAGRAMS = 100_000

const file = readFileSync(fileURLToPath(new URL('../test/golden/decode/exports.pcap', import.meta.url)))
const at = file.indexOf(Buffer.from('0000000500000001c0000209', 'hex'))
const payload = new Uint8Array(file.subarray(at, at + file.readUInt16BE(at - 4) - 8))
const view = new DataView(payload.buffer)
const datagram: Datagram = {
  seconds: 1_700_000_000,
  nanoseconds: 0,
  sourceAddress: '192.0.2.9',
  sourcePort: 40_000,
  destinationAddress: '192.0.2.1',
  destinationPort: 6343,
  transport: 'udp',
  payload,
}

let samples = 0
const decoder = createDecoder({}, { records: (batch) => (samples += batch.rows) })
const rates: number[] = []
let sequence = 0
for (let window = 0; window < WINDOWS; window++) {
  samples = 0
  const before = process.cpuUsage()
  for (let i = 0; i < DATAGRAMS; i++) {
    view.setUint32(16, sequence++)
    decoder.push(datagram)
  }
  decoder.flush()
  const { user, system } = process.cpuUsage(before)
  rates.push(samples / (user + system))
}
const sorted = rates.toSorted((a, b) => a - b)
console.log(
  `sFlow: ${sorted[WINDOWS >> 1]?.toFixed(2)} M samples a second of CPU (best ${sorted.at(-1)?.toFixed(2)}), ${samples / DATAGRAMS} samples a datagram`,
)
