// Records as CSV (RFC 4180). Templates differ, a table's columns do not: what flows have in common has columns of its own,
// and the rest of the record is a JSON object in the last one, so nothing is lost.
import type { Value } from '../value.ts'
import type { Output } from './output.ts'
import { batchTimes, type FlowTimes, messageTime, type Printer, templateName, timeText } from './printer.ts'

const messageColumns = ['time', 'protocol', 'exporter', 'domain', 'template', 'sequence', 'start', 'end']

const elements = [
  'sourceIPv4Address',
  'destinationIPv4Address',
  'sourceIPv6Address',
  'destinationIPv6Address',
  'protocolIdentifier',
  'sourceTransportPort',
  'destinationTransportPort',
  'tcpControlBits',
  'ipClassOfService',
  'packetDeltaCount',
  'octetDeltaCount',
  'ingressInterface',
  'egressInterface',
  'bgpSourceAsNumber',
  'bgpDestinationAsNumber',
  'samplingInterval',
]

const quoted = (value: string): string =>
  /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value

const cell = (value: Value): string => {
  if (value === undefined || value === null) return ''
  return quoted(typeof value === 'string' ? value : JSON.stringify(value))
}

/** Prints records as CSV, the header first. */
export function createCsvPrinter(output: Output): Printer {
  output.write(`${[...messageColumns, ...elements, 'other'].join(',')}\r\n`)
  let times: FlowTimes | undefined
  return {
    batch(batch) {
      times = batchTimes(batch)
    },
    record(batch, row) {
      const message = batch.message(row)
      const { protocol, exporter, domain, sequence } = message
      const { ...rest } = batch.record(row)
      const own = elements.map((name) => {
        const value = rest[name]
        delete rest[name]
        return cell(value)
      })
      const template = templateName(batch.layout)
      const first = [messageTime(message), protocol, exporter, domain, template, sequence]
      const spans = [timeText(times?.start, row), timeText(times?.end, row)]
      const other = Object.keys(rest).length > 0 ? cell(rest) : ''
      output.write(`${[...first.map(cell), ...spans, ...own, other].join(',')}\r\n`)
    },
  }
}
