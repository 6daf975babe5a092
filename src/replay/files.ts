// What `flowlab decode` does: replays files one after the other through one decoder, so that templates of the first hold in
// the next, and prints records, trees or counts. Records go to standard output, what is wrong to standard error.
import { type CaptureProblem, captureProblemText } from '../capture/problem.ts'
import { fileChunks } from '../capture/source.ts'
import type { RecordBatch } from '../decode/batch.ts'
import { createDecoder } from '../decode/decoder.ts'
import type { Message } from '../decode/message.ts'
import { createCsvPrinter } from '../decode/print/csv.ts'
import { createLinePrinter } from '../decode/print/line.ts'
import { createJsonPrinter } from '../decode/print/ndjson.ts'
import { Output } from '../decode/print/output.ts'
import type { Printer } from '../decode/print/printer.ts'
import { statsCsv, statsText } from '../decode/print/stats.ts'
import { createTreePrinter } from '../decode/print/tree.ts'
import { type DecodeError, errorText } from '../decode/report.ts'
import type { DecoderStats } from '../decode/stats.ts'
import { replay } from './replay.ts'

export interface DecodeOptions {
  readonly verbose?: boolean
  readonly stats?: boolean
  readonly format?: 'text' | 'json' | 'ndjson' | 'csv'
  /** Stop after so many records. */
  readonly count?: number
  readonly exporter?: string
  readonly domain?: number
  readonly protocol?: string
  /** Whether standard output is a terminal. */
  readonly terminal?: boolean
}

const INPUT_WRONG = 2
/** Errors that are printed one by one; the others are only counted. */
const ERRORS_SHOWN = 100

const printers: Readonly<Record<'text' | 'json' | 'ndjson' | 'csv' | 'tree', (output: Output) => Printer>> = {
  text: createLinePrinter,
  tree: createTreePrinter,
  ndjson: (output) => createJsonPrinter(output, false),
  json: (output) => createJsonPrinter(output, true),
  csv: createCsvPrinter,
}

const complain = (text: string): void => {
  process.stderr.write(`flowlab: ${text}\n`)
}

/** Whether what this domain sent is asked for. */
function wanted(options: DecodeOptions, from: Pick<Message, 'protocol' | 'exporter' | 'domain'>): boolean {
  const { exporter, domain, protocol } = options
  return (
    (exporter === undefined || exporter === from.exporter) &&
    (domain === undefined || domain === from.domain) &&
    (protocol === undefined || protocol === from.protocol)
  )
}

/** Hands rows to the printer as long as they are wanted, and stops when there are enough. */
function rowsTo(printer: Printer, options: DecodeOptions, enough: () => void): (batch: RecordBatch) => void {
  let left = options.count ?? Infinity
  return (batch) => {
    printer.batch?.(batch)
    for (let row = 0; row < batch.rows && left > 0; row++) {
      if (!wanted(options, batch.message(row))) continue
      printer.record(batch, row)
      if (--left === 0) enough()
    }
  }
}

/** Prints errors as they come, up to a number, and how many there were beyond it. */
class Complaints {
  private count = 0

  add(text: () => string): void {
    if (this.count++ < ERRORS_SHOWN) complain(text())
  }

  end(): void {
    if (this.count > ERRORS_SHOWN)
      complain(`${this.count - ERRORS_SHOWN} errors more (--stats counts them all)`)
  }
}

/** Decodes files and prints what was asked for; returns the exit code. */
export async function decodeFiles(files: readonly string[], options: DecodeOptions): Promise<number> {
  const enough = new AbortController()
  // Nobody takes the output any more: the command says why, and how it ends.
  process.stdout.on('error', () => enough.abort())
  const output = new Output((text) => {
    if (!enough.signal.aborted || !process.stdout.errored) process.stdout.write(text)
  })
  const format = options.format ?? (options.terminal ? 'text' : 'ndjson')
  const tree = options.verbose === true && options.stats !== true && (options.format ?? 'text') === 'text'
  const printer = options.stats ? undefined : printers[tree ? 'tree' : format](output)
  const rows = printer && rowsTo(printer, options, () => enough.abort())
  const complaints = new Complaints()
  let file = ''
  let failed = false
  const decodeError = (error: DecodeError) => {
    if (error.message && !wanted(options, error.message)) return
    if (tree && !enough.signal.aborted) printer?.error?.(error)
    else if (printer) complaints.add(() => `${file}: ${errorText(error)}`)
  }
  const decoder = createDecoder(
    { inOrder: printer !== undefined },
    {
      records: (batch) => rows?.(batch),
      error: decodeError,
      event: (event) => {
        if (!enough.signal.aborted && wanted(options, event.message)) printer?.event?.(event)
      },
    },
  )
  for (file of files) {
    if (enough.signal.aborted) break
    const problem = (found: CaptureProblem) => complaints.add(() => `${file}: ${captureProblemText(found)}`)
    try {
      const chunks = file === '-' ? process.stdin : fileChunks(file)
      await replay(
        file,
        chunks,
        decoder,
        { signal: enough.signal },
        {
          problem,
          error: decodeError,
          decoded: ({ payload }) => {
            if (!tree) return
            decoder.flush()
            printer?.datagram?.(payload)
          },
        },
      )
    } catch (error) {
      failed = true
      complain(`${file}: ${error instanceof Error ? error.message : String(error)}`)
    }
    decoder.flush()
    printer?.datagram?.()
  }
  printer?.end?.()
  const stats = decoder.stats()
  if (options.stats)
    output.write(statsIn(format, { ...stats, domains: stats.domains.filter((one) => wanted(options, one)) }))
  output.flush()
  complaints.end()
  const recognised = stats.domains.length > 0
  if (!recognised && !failed)
    complain(`${files.join(', ')}: no NetFlow, IPFIX or sFlow in ${stats.datagrams} datagrams`)
  if (failed || !recognised) return INPUT_WRONG
  return 0
}

function statsIn(format: 'text' | 'json' | 'ndjson' | 'csv', stats: DecoderStats): string {
  if (format === 'text') return statsText(stats)
  if (format === 'csv') return statsCsv(stats)
  return `${JSON.stringify(stats, null, format === 'json' ? 2 : 0)}\n`
}
