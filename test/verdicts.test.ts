// IPFIX over TCP, out of a capture: messages cut across segments, out of order, with a hole, and begun in the middle.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createDecoder } from '../src/decode/decoder.ts'
import { replay } from '../src/replay/replay.ts'
import { integers, pcap } from './support/pcap.ts'

const file = readFileSync(fileURLToPath(new URL('golden/decode/exports.pcap', import.meta.url)))
const at = file.indexOf(Buffer.from('000a0198', 'hex'))
/** An IPFIX message of pmacctd's: four templates and two records. */
const message = file.subarray(at, at + 0x198)

/** A TCP segment from 192.0.2.1 to 192.0.2.2, port 4739. */
function segment(sequence: number, flags: number, payload: Uint8Array): Buffer {
  const tcp = integers(
    false,
    ['h', 40_000],
    ['h', 4739],
    ['i', sequence],
    ['i', 0],
    ['h', 0x5000 | flags],
    ['h', 0],
    ['i', 0],
  )
  const ip = integers(
    false,
    ['h', 0x4500],
    ['h', 40 + payload.length],
    ['i', 0],
    ['h', 0x4006],
    ['h', 0],
    ['i', 0xc0000201],
    ['i', 0xc0000202],
  )
  return Buffer.concat([Buffer.from('0200000000020200000000010800', 'hex'), ip, tcp, payload])
}

async function records(frames: readonly Buffer[]) {
  let [count, lost] = [0, 0]
  const decoder = createDecoder({}, { records: (batch) => (count += batch.rows) })
  async function* chunks() {
    yield pcap(frames.map((octets, index) => ({ seconds: 1, fraction: index, octets })))
  }
  await replay('stream', chunks(), decoder, {}, { error: () => lost++ })
  decoder.flush()
  return { count, lost, domains: decoder.stats().domains.length }
}

const stream = Buffer.concat([message, message, message])
const pieces = (from: number, size: number): Buffer[] =>
  Array.from({ length: Math.ceil((stream.length - from) / size) }, (_, index) => {
    const start = from + index * size
    return segment(1001 + start, 0x10, stream.subarray(start, start + size))
  })
const syn = segment(1000, 2, Buffer.alloc(0))

test('messages across segments, in any order', async () => {
  for (const size of [100, 408, 500]) {
    expect(await records([syn, ...pieces(0, size)])).toMatchObject({ count: 6, lost: 0, domains: 1 })
    expect(await records([syn, ...pieces(0, size).toReversed()])).toMatchObject({ count: 6, lost: 0 })
  }
})

test('a hole costs the messages it is in, and is reported', async () => {
  const whole = pieces(0, 136)
  expect(await records([syn, ...whole.toSpliced(4, 1)])).toMatchObject({ count: 4, lost: 1 })
})

test('begun in the middle, it is followed from the next message on', async () => {
  expect(await records(pieces(272, 136))).toMatchObject({ count: 4 })
})

test('other streams are let be', async () => {
  const web = [syn, segment(1001, 0x18, Buffer.from('GET / HTTP/1.1\r\n\r\n'))]
  expect(await records(web)).toEqual({ count: 0, lost: 0, domains: 0 })
})
