// Finds information elements: IANA's and enterprises' from the table, reverse ones by rule. The table is indexed when the
// first element is looked up, and a line is parsed when its element is.
import { type Element, type ElementType, unknownElement } from '../element.ts'
import { elementTable } from './table.ts'

/** Private enterprise number of reverse information elements (RFC 5103 section 6.1). */
export const REVERSE = 29305
/** CERT marks its own reverse elements by this bit of the element's number. */
const CERT = 6871
const CERT_REVERSE_BIT = 0x4000
/** ntop writes its own elements into NetFlow v9, which has no enterprises, as types from here on. */
const NTOP = 35632
const NTOP_NETFLOW9_TYPES = 57_472

let lines: Map<string, string> | undefined
const known = new Map<string, Element | undefined>()

function tableLine(key: string): string | undefined {
  lines ??= new Map(
    elementTable
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(',', line.indexOf(',') + 1)), line]),
  )
  return lines.get(key)
}

function parse(line: string): Element {
  const [enterprise = '', id = '', name = '', type = '', semantics = '', units = ''] = line.split(',')
  return { enterprise: Number(enterprise), id: Number(id), name, type: type as ElementType, semantics, units }
}

const reverse = (forward: Element, enterprise: number, id: number): Element => ({
  ...forward,
  enterprise,
  id,
  name: `reverse${forward.name.charAt(0).toUpperCase()}${forward.name.slice(1)}`,
})

function find(enterprise: number, id: number): Element | undefined {
  const line = tableLine(`${enterprise},${id}`)
  if (line !== undefined) return parse(line)
  if (enterprise === REVERSE) {
    const forward = find(0, id)
    return forward && reverse(forward, enterprise, id)
  }
  if (enterprise === CERT && id & CERT_REVERSE_BIT) {
    const forward = find(CERT, id & ~CERT_REVERSE_BIT)
    return forward && reverse(forward, enterprise, id)
  }
  if (enterprise === 0 && id >= NTOP_NETFLOW9_TYPES) return find(NTOP, id - NTOP_NETFLOW9_TYPES)
  return undefined
}

/** The element that IANA or the enterprise has published under this number, or undefined. */
export function publishedElement(enterprise: number, id: number): Element | undefined {
  const key = `${enterprise},${id}`
  const found = known.get(key)
  if (found) return found
  const element = find(enterprise, id)
  if (element) known.set(key, element)
  return element
}

/** The same, or the element that stands for an unknown one. */
export const elementOf = (enterprise: number, id: number): Element =>
  publishedElement(enterprise, id) ?? unknownElement(enterprise, id)

let byName: Map<string, Element> | undefined

/** IANA's element of this name. Throws for a name that IANA does not have: names in the code are no input. */
export function ianaElement(name: string): Element {
  if (!byName) {
    tableLine('')
    byName = new Map()
    for (const line of lines?.values() ?? [])
      if (line.startsWith('0,')) {
        const element = parse(line)
        if (!byName.has(element.name)) byName.set(element.name, element)
      }
  }
  const element = byName.get(name)
  if (!element) throw new Error(`no information element is called ${name}`)
  return element
}
