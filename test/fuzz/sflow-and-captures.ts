// Fuzzing of the capture reader and of sFlow: spoiled files and datagrams, and datagrams put together at random from the
// structures that there are. Whatever comes: nothing is thrown, nothing hangs, errors say where, memory stays bounded.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Capture } from '../../src/capture/capture.ts'
import { createDecoder, type Decoder } from '../../src/decode/decoder.ts'
import { counterStructures } from '../../src/decode/sflow/counter-structures.ts'
import { flowStructures } from '../../src/decode/sflow/flow-structures.ts'
import { block, datagram, opaque, words } from '../support/sflow.ts'
import * as make from '../support/pcap.ts'
import { below, pick, type Random, random, spoil } from './random.ts'

const fixture = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../capture/fixtures/${name}`, import.meta.url)))

const flowFormats = [1, 2, 3, 4, 1001, 1002, 1003, 1007, 1020, ...flowStructures.keys()]
const counterFormats = [...counterStructures.keys()]

const octets = (next: Random, length: number): Buffer =>
  Buffer.from(Array.from({ length }, () => below(next, 256)))

/** Words as structures have them: mostly small, since they are counts, lengths and types. */
const body = (next: Random): Buffer =>
  words(
    ...Array.from({ length: below(next, 40) }, () =>
      next() < 0.8 ? below(next, 12) : below(next, 0x1_0000_0000),
    ),
  )

/** The begins of headers, so that the random rest is read as something. */
const headers = [
  '0200000000020200000000010800 4500',
  '0200000000020200000000018100 0064 86dd 6000',
  '4500',
  '6000000000ff2b40',
]
const links = ['8847', '8864', '88a8', '0800', '86dd']

function flowRecord(next: Random): Buffer {
  if (next() < 0.5) return block(pick(next, flowFormats), body(next))
  const begin =
    next() < 0.7 ? words(pick(next, headers)) : words(`020000000002020000000001${pick(next, links)}`)
  return block(
    1,
    words(pick(next, [1, 1, 1, 7, 11, 12, 13]), 100, 4),
    opaque(Buffer.concat([begin, octets(next, below(next, 200))])),
  )
}

/** A datagram that is right as a whole and wrong in its parts, or not. */
export function randomDatagram(next: Random, sequence: number): Buffer {
  const samples = Array.from({ length: below(next, 6) }, () => {
    const kind = 1 + below(next, 6)
    const counters = kind === 2 || kind === 4
    const records = Array.from({ length: below(next, 6) }, () =>
      counters ? block(pick(next, counterFormats), body(next)) : flowRecord(next),
    )
    const fixed = [0, 32, 12, 44, 16, 32, 8][kind] ?? 8
    const head = Array.from({ length: fixed / 4 - 1 }, () => below(next, 100))
    return block(kind, words(...head, next() < 0.9 ? records.length : below(next, 0x1_0000_0000)), ...records)
  })
  const whole = datagram(sequence, ...samples)
  whole.writeUInt32BE(below(next, 50), 12)
  return next() < 0.5 ? whole : spoil(next, whole)
}

const seeds: readonly Buffer[] = [fixture('fragments.pcap'), fixture('stream.pcap')]

/** A capture file of random datagrams, in any format, spoiled or not. */
function randomFile(next: Random, sequence: number): Buffer {
  const packets = Array.from({ length: 1 + below(next, 5) }, (_, index) => ({
    seconds: 1_700_000_000,
    fraction: index,
    octets: make.udpFrame(1, 6343, randomDatagram(next, sequence + index).subarray(0, 1400)),
  }))
  const littleEndian = next() < 0.5
  const file = pick(next, [
    () => pick(next, seeds),
    () => make.pcap(packets, { littleEndian, linkType: pick(next, [0, 1, 1, 1, 9, 101, 113, 276]) }),
    () =>
      Buffer.concat([
        make.sectionHeader(littleEndian),
        make.interfaceBlock(littleEndian, 1, 0, make.option(littleEndian, 9, octets(next, 1))),
        ...packets.map(({ octets: frame }) =>
          make.enhanced(littleEndian, 0, BigInt(below(next, 1e9)), frame),
        ),
      ]),
  ])()
  return next() < 0.3 ? file : spoil(next, file)
}

export interface FuzzResult {
  readonly files: number
  readonly datagrams: number
  readonly records: number
  readonly errors: number
  readonly problems: number
}

/** Fuzzes for so many milliseconds, beginning with this seed. @throws what the code under test throws, with the seed */
export function fuzz(milliseconds: number, seed: number): FuzzResult {
  const limits = { domains: 64, samplersPerDomain: 64, totalBatchBytes: 8 << 20 }
  const result = { files: 0, datagrams: 0, records: 0, errors: 0, problems: 0 }
  const decoder: Decoder = createDecoder(
    { limits },
    {
      records(batch) {
        result.records += batch.rows
        for (let row = 0; row < batch.rows; row += 17) JSON.stringify(batch.record(row))
      },
      error({ offset, path, expected }) {
        result.errors++
        if (!(offset >= 0 && offset <= 1 << 18) || (path === '' && expected === ''))
          throw new Error('an error that says nothing')
      },
    },
  )
  const until = Date.now() + milliseconds
  for (let round = seed; Date.now() < until; round++) {
    const next = random(round)
    try {
      const file = randomFile(next, round)
      const capture = new Capture(
        { limits: { fragmentBytes: 1 << 16, streamBytes: 1 << 14, streams: 16 } },
        {
          datagram(captured) {
            result.datagrams++
            decoder.push(captured)
          },
          segment: () => true,
          problem: () => result.problems++,
        },
      )
      const size = 1 + below(next, 2000)
      for (let at = 0; at < file.length; at += size) capture.push(file.subarray(at, at + size))
      capture.end()
      result.files++
    } catch (error) {
      throw new Error(`seed ${round}`, { cause: error })
    }
  }
  decoder.flush()
  return result
}
