// Records as JSON: one object a line, or all of them in one array. What is the same for all rows of a layout or a message
// is made into text once.
import type { RecordBatch } from '../batch.ts'
import type { Layout } from '../layout.ts'
import type { Message } from '../message.ts'
import type { Value } from '../value.ts'
import type { Output } from './output.ts'
import { messageTime, type Printer, templateName } from './printer.ts'

/** Where a name's values come from: one field, or several of a template that repeats an element. */
interface Member {
  /** `"name":` */
  readonly key: string
  readonly fields: readonly number[]
}

const plans = new WeakMap<Layout, readonly Member[]>()

function planOf(layout: Layout): readonly Member[] {
  let plan = plans.get(layout)
  if (!plan) {
    const names = new Map<string, number[]>()
    layout.fields.forEach(({ element: { name } }, field) => {
      if (name !== 'paddingOctets') names.set(name, [...(names.get(name) ?? []), field])
    })
    plan = [...names].map(([name, fields]) => ({ key: `${JSON.stringify(name)}:`, fields }))
    plans.set(layout, plan)
  }
  return plan
}

const text = (value: Value): string => (typeof value === 'number' ? String(value) : JSON.stringify(value))

/** The fields of a row as a JSON object; those without a value are left out. */
export function recordText(batch: RecordBatch, row: number): string {
  let members = ''
  for (const { key, fields } of planOf(batch.layout)) {
    const [first = 0] = fields
    const value = fields.length === 1 ? batch.value(row, first) : valuesOf(batch, row, fields)
    if (value !== undefined) members += `${members === '' ? '' : ','}${key}${text(value)}`
  }
  return `{${members}}`
}

function valuesOf(batch: RecordBatch, row: number, fields: readonly number[]): Value {
  const values = fields.map((field) => batch.value(row, field)).filter((value) => value !== undefined)
  return values.length > 0 ? values : undefined
}

/** Everything of a line that comes before the template. */
const messageText = (message: Message): string =>
  `{"time":"${messageTime(message)}","protocol":"${message.protocol}","exporter":${JSON.stringify(message.exporter)},"domain":${message.domain},"template":`

/** Prints records as NDJSON (`asArray` false) or as one JSON array. */
export function createJsonPrinter(output: Output, asArray: boolean): Printer {
  let last: Message | undefined
  let prefix = ''
  let before = asArray ? '[\n' : ''
  return {
    record(batch, row) {
      const message = batch.message(row)
      if (message !== last) prefix = messageText(message)
      last = message
      const template = JSON.stringify(templateName(batch.layout))
      const sequence = message.sequence ?? null
      output.write(
        `${before}${prefix}${template},"sequence":${sequence},"record":${recordText(batch, row)}}${asArray ? '' : '\n'}`,
      )
      if (asArray) before = ',\n'
    },
    end() {
      if (asArray) output.write(last ? '\n]\n' : '[]\n')
    },
  }
}
