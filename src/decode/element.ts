// An information element (RFC 7012): what a field means. Where they come from is elements/; fields of a template refer
// to them in layout.ts.

/** Abstract data types of RFC 7012 section 3.1 and RFC 6313 section 4. */
export type ElementType =
  | 'octetArray'
  | 'unsigned8'
  | 'unsigned16'
  | 'unsigned32'
  | 'unsigned64'
  | 'unsigned256'
  | 'signed8'
  | 'signed16'
  | 'signed32'
  | 'signed64'
  | 'float32'
  | 'float64'
  | 'boolean'
  | 'macAddress'
  | 'string'
  | 'dateTimeSeconds'
  | 'dateTimeMilliseconds'
  | 'dateTimeMicroseconds'
  | 'dateTimeNanoseconds'
  | 'ipv4Address'
  | 'ipv6Address'
  | 'basicList'
  | 'subTemplateList'
  | 'subTemplateMultiList'

/** One information element, known or not. */
export interface Element {
  /** Private enterprise number; 0 is IANA's own registry (and NetFlow v9's types). */
  readonly enterprise: number
  /** Number within the enterprise, enterprise bit removed; 0 where a protocol numbers no fields (sFlow, NetFlow v5). */
  readonly id: number
  /** The registry's name; `enterprise/id` for an element that nobody has described. */
  readonly name: string
  readonly type: ElementType
  /** As in the registry: `identifier`, `deltaCounter`, `totalCounter`, `quantity`, `flags`, `list`, … or ''. */
  readonly semantics: string
  /** As in the registry: `octets`, `packets`, `milliseconds`, … or ''. */
  readonly units: string
}

/** The element that stands for one that nobody has described: its value is its bytes. */
export const unknownElement = (enterprise: number, id: number): Element => ({
  enterprise,
  id,
  name: `${enterprise}/${id}`,
  type: 'octetArray',
  semantics: '',
  units: '',
})

/** An element of a protocol that has no numbers for its fields. */
export const namedElement = (name: string, type: ElementType, units = '', semantics = ''): Element => ({
  enterprise: 0,
  id: 0,
  name,
  type,
  semantics,
  units,
})
