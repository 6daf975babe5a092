// Datagrams as trees, for those who want to see every field and where it lies: the header, then templates, records, and
// what is wrong, in the order of the wire. Offsets count from the begin of the datagram's payload.
import { fieldOffsets } from '../batch.ts'
import type { Message } from '../message.ts'
import { type DecodeError, type DecodeEvent, errorText, type SequenceEvent } from '../report.ts'
import { VARIABLE_LENGTH } from '../layout.ts'
import { structuresOf } from '../sflow/outline.ts'
import { clock, valueText } from './line.ts'
import type { Output } from './output.ts'
import { messageTime, type Printer, templateName } from './printer.ts'

interface Entry {
  readonly offset: number
  readonly text: string
}

const address = (host: string, port: number): string => `${host}.${port}`

function headerText(message: Message): string {
  const { protocol, exporter, domain, sequence, exportSeconds, sysUptime, sourceAddress } = message
  const facts = [
    exporter === sourceAddress ? undefined : `exporter ${exporter}`,
    `domain ${domain}`,
    sequence === undefined ? undefined : `sequence ${sequence}`,
    exportSeconds === undefined
      ? undefined
      : `exported ${messageTime({ ...message, seconds: exportSeconds, nanoseconds: message.exportNanoseconds })}`,
    sysUptime === undefined ? undefined : `uptime ${sysUptime} ms`,
    message.sampling ? `sampled 1 in ${message.sampling.rate}` : undefined,
  ]
  const from = address(sourceAddress, message.sourcePort)
  const to = address(message.destinationAddress, message.destinationPort)
  const when = clock(message.seconds, message.nanoseconds)
  return `${when} ${from} > ${to} ${protocol}: ${facts.filter((fact) => fact !== undefined).join(', ')}\n`
}

const at = (offset: number | string): string => String(offset).padStart(6)

function sequenceText({ what, unit, source, expected, found, lost }: SequenceEvent): string {
  const of = source ? ` of ${source.kind} samples of source ${source.type}:${source.index}` : ''
  return `  sequence${of} ${what}: expected ${expected}, found ${found}${lost > 0 ? `, ${lost} ${unit} lost` : ''}\n`
}

function eventText(event: DecodeEvent): string {
  if (event.type === 'sequence') return sequenceText(event)
  if (event.type === 'count')
    return `${at(event.offset)} here end the ${event.said} that the header counts, of ${event.sets} sets\n`
  const head = `${at(event.offset)} template ${event.templateId} ${event.what}\n`
  const fields = event.layout?.fields.map(({ element, length }, index) => {
    const scope = index < (event.layout?.scopeFields ?? 0) ? 'scope ' : ''
    const octets = length === VARIABLE_LENGTH ? 'variable length' : `${length} octets`
    const number = element.enterprise === 0 ? element.id : `${element.enterprise}/${element.id}`
    return `         ${scope}${element.name} (${number}), ${octets}\n`
  })
  return head + (fields ?? []).join('')
}

/** Prints datagrams as trees. */
export function createTreePrinter(output: Output): Printer {
  const entries = new Map<Message | undefined, Entry[]>()
  const add = (message: Message | undefined, offset: number, text: string) => {
    const list = entries.get(message)
    if (list) list.push({ offset, text })
    else entries.set(message, [{ offset, text }])
  }
  return {
    record(batch, row) {
      const { layout } = batch
      const offset = batch.offset[row] ?? 0
      const sampled = layout.protocol === 'sflow5'
      const places = sampled ? [] : fieldOffsets(batch, row)
      const name = sampled
        ? ''
        : layout.kind === 'options'
          ? 'options record of template '
          : 'record of template '
      let text = `${at(offset)} ${name}${templateName(layout)}\n`
      layout.fields.forEach(({ element }, field) => {
        const value = batch.value(row, field)
        if (value === undefined) return
        const place = places[field]
        const unit = element.units === '' ? '' : ` ${element.units}`
        text += `  ${place ? at(place.start) : '      '} ${element.name} ${valueText(value)}${unit}\n`
      })
      add(batch.message(row), offset, text)
    },
    event: (event) => add(event.message, event.type === 'sequence' ? 0 : event.offset, eventText(event)),
    error: (error: DecodeError) =>
      add(error.message, error.offset, `${at(error.offset)} error: ${errorText(error)}\n`),
    datagram(payload) {
      const sampled = [...entries.keys()].find((one) => one?.protocol === 'sflow5')
      if (payload && sampled)
        for (const { offset, length, name } of structuresOf(payload))
          add(sampled, offset, `${at(offset)}   ${name}, ${length} octets\n`)
      for (const [message, list] of entries) {
        if (message) output.write(headerText(message))
        for (const { text } of list.sort((a, b) => a.offset - b.offset)) output.write(text)
      }
      entries.clear()
    },
  }
}
