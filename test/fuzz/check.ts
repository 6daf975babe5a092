// What must be true of any input: nothing is thrown, what is reported lies in the message, records cost octets, and what the
// decoder holds stays within its limits.
import { fieldOffsets, type RecordBatch } from '../../src/decode/batch.ts'
import type { Datagram } from '../../src/decode/datagram.ts'
import { createDecoder } from '../../src/decode/decoder.ts'
import { defaultLimits, type Limits } from '../../src/decode/limits.ts'
import { flowTimes } from '../../src/decode/times.ts'

/** Limits so tight that random input reaches them. */
export const tight: Limits = {
  ...defaultLimits,
  batchRows: 16,
  arenaBytes: 4096,
  totalBatchBytes: 1 << 16,
  domains: 8,
  templatesPerDomain: 8,
  templates: 24,
  fieldsPerTemplate: 16,
  pendingBytes: 1 << 14,
  listDepth: 4,
  samplersPerDomain: 4,
  learnedElements: 4,
}

const LONGEST = 65_535

function checkBatch(batch: RecordBatch): void {
  flowTimes(batch, 'Start')
  flowTimes(batch, 'End')
  for (let row = 0; row < batch.rows; row++) {
    JSON.stringify(batch.record(row))
    batch.sampling(row)
    for (const { start, end } of fieldOffsets(batch, row))
      if (start < 0 || end < start || end > LONGEST) throw new Error(`a field at ${start}..${end}`)
  }
}

/** A decoder that checks all that it puts out. */
export function createChecked(limits: Limits = tight) {
  let [rows, octets] = [0, 0]
  let current: Datagram | undefined
  const decoder = createDecoder(
    { limits },
    {
      records(batch) {
        rows += batch.rows
        checkBatch(batch)
      },
      error({ offset, path, expected, found }) {
        if (offset < 0 || offset > LONGEST) throw new Error(`an error at octet ${offset}`)
        if (`${path}${expected}${found}`.length > 4096) throw new Error('an error as long as a message')
      },
    },
  )
  return {
    push(datagram: Datagram): void {
      current = datagram
      octets += datagram.payload.length
      const begin = performance.now()
      decoder.push(datagram)
      const took = performance.now() - begin
      if (took > 2000) throw new Error(`${took} ms for ${current.payload.length} octets`)
    },
    /** Ends the run; throws if anything grew beyond what it may. */
    end(): { rows: number; octets: number } {
      decoder.flush()
      const { domains } = decoder.stats()
      if (rows > octets) throw new Error(`${rows} records of ${octets} octets`)
      if (domains.length > limits.domains) throw new Error(`${domains.length} domains`)
      return { rows, octets }
    },
  }
}
