// sFlow's structures as data: a line of notation says which fields a structure has, and one reader reads them all.
// The notation: `name` is an unsigned int, `name:u64` another type, `name:[…]` an array of structures, `name:u32[]` one of
// values; fields after `|` are missing in structures of older agents. XDR (RFC 4506): big-endian, padded to 4 octets.
import { formatIPv4, formatIPv6 } from '../../kernel/address.ts'
import { u32 } from '../../kernel/octets.ts'
import { floatValue, hex, octetsValue, unsigned64, type Value } from '../value.ts'

/** Types of one value: `rest` is all that is left of the structure, as hex. */
export type ScalarType =
  | 'u32'
  | 'i32'
  | 'u64'
  | 'f32'
  | 'string'
  | 'opaque'
  | 'mac'
  | 'ipv4'
  | 'ipv6'
  | 'address'
  | 'uuid'
  | 'rest'

export interface StructureField {
  readonly name: string
  readonly type: ScalarType
  /** An array of values of `type`, or, if there are fields, of structures. */
  readonly array: boolean
  readonly fields?: readonly StructureField[]
  readonly optional: boolean
}

export interface Structure {
  /** As published, e.g. `extended_gateway`. */
  readonly name: string
  readonly fields: readonly StructureField[]
}

/** Reads the notation of one structure. */
export function structure(name: string, notation: string): Structure {
  const tokens = notation.match(/[\w.]+:\[|[\w.]+(?::\w+(?:\[\])?)?|\]|\|/g) ?? []
  let at = 0
  const readFields = (): StructureField[] => {
    const fields: StructureField[] = []
    let optional = false
    for (let token = tokens[at++]; token !== undefined && token !== ']'; token = tokens[at++]) {
      if (token === '|') {
        optional = true
        continue
      }
      const [field = '', type = 'u32'] = token.split(':')
      if (type === '[')
        fields.push({ name: field, type: 'rest', array: true, optional, fields: readFields() })
      else
        fields.push({
          name: field,
          type: type.replace('[]', '') as ScalarType,
          array: type.endsWith('[]'),
          optional,
        })
    }
    return fields
  }
  return { name, fields: readFields() }
}

/** What is wrong with a structure, and where in it. */
export interface StructureFault {
  /** Octet at which the value should begin. */
  readonly at: number
  readonly field: string
  readonly expected: string
}

/** The least octets that a value of a type takes. */
const least: Readonly<Record<ScalarType, number>> = {
  u32: 4,
  i32: 4,
  u64: 8,
  f32: 4,
  string: 4,
  opaque: 4,
  mac: 8,
  ipv4: 4,
  ipv6: 16,
  address: 4,
  uuid: 16,
  rest: 0,
}

/** Moves through the octets of one structure, value by value. */
export class StructureReader {
  private bytes: Uint8Array = new Uint8Array(0)
  private view: DataView = new DataView(new ArrayBuffer(0))
  private end = 0
  at = 0
  /** The first thing that is wrong; nothing is read after it. */
  fault: StructureFault | undefined

  begin(bytes: Uint8Array, start: number, end: number): void {
    if (bytes !== this.bytes) this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.bytes = bytes
    this.at = start
    this.end = end
    this.fault = undefined
  }

  /** Whether nothing is left. */
  get over(): boolean {
    return this.at >= this.end
  }

  /** All fields of a structure, by name. */
  object(fields: readonly StructureField[]): { [name: string]: Value } {
    const object: { [name: string]: Value } = {}
    for (const field of fields) {
      if (this.fault || (field.optional && this.over)) break
      object[field.name] = this.value(field)
    }
    return object
  }

  /** The value of a field; undefined, and `fault` set, if it is not all there. */
  value(field: StructureField): Value {
    if (!field.array) return this.scalar(field.type, field.name)
    const { name, type, fields } = field
    const count = this.need(4, name) ? this.word() : 0
    const smallest = fields
      ? fields.reduce((sum, one) => sum + (one.array ? least.u32 : least[one.type]), 0)
      : least[type]
    if (count * Math.max(smallest, 4) > this.end - this.at) {
      this.fail(name, `${count} values of ${smallest} octets or more`)
      return undefined
    }
    const values: Value[] = []
    for (let i = 0; i < count && !this.fault; i++)
      values.push(fields ? this.object(fields) : this.scalar(type, name))
    return values
  }

  /** Sets `fault` and returns false unless so many octets are left. */
  need(octets: number, name: string): boolean {
    if (this.at + octets <= this.end) return true
    this.fail(name, `${octets} octets`)
    return false
  }

  /** The next 32 bits; `need` has been asked. */
  word(): number {
    const value = u32(this.bytes, this.at)
    this.at += 4
    return value
  }

  float(): number {
    const value = this.view.getFloat32(this.at)
    this.at += 4
    return value
  }

  /** Octets of a string or an opaque: its length is read and checked, and `at` is moved past it. */
  opaque(name: string): Uint8Array | undefined {
    if (!this.need(4, name)) return undefined
    const length = this.word()
    if (length > this.end - this.at) {
      this.at -= 4
      this.fail(name, `${length} octets and their length`)
      return undefined
    }
    const octets = this.bytes.subarray(this.at, this.at + length)
    this.at = Math.min(this.at + ((length + 3) & ~3), this.end)
    return octets
  }

  /** The next `length` octets, which `space` octets are taken for. */
  fixed(length: number, space: number): Uint8Array {
    const octets = this.bytes.subarray(this.at, this.at + length)
    this.at += space
    return octets
  }

  private fail(field: string, expected: string): void {
    this.fault ??= { at: this.at, field, expected }
  }

  private scalar(type: ScalarType, name: string): Value {
    if (!this.need(least[type], name)) return undefined
    switch (type) {
      case 'u32':
        return this.word()
      case 'i32':
        return this.word() | 0
      case 'u64':
        return unsigned64(this.word(), this.word())
      case 'f32':
        return floatValue(this.float())
      case 'ipv4':
        return formatIPv4(this.word())
      case 'ipv6':
        return formatIPv6(this.fixed(16, 16))
      case 'mac':
        return octetsValue('macAddress', this.fixed(6, 8))
      case 'uuid':
        return hex(this.fixed(16, 16))
      case 'rest':
        return hex(this.fixed(this.end - this.at, this.end - this.at))
      case 'string':
      case 'opaque': {
        const octets = this.opaque(name)
        return octets && octetsValue(type === 'string' ? 'string' : 'octetArray', octets)
      }
      default: {
        // An address: its type, then 4 or 16 octets, or none if the type is 0 (unknown).
        const kind = this.word()
        if (kind === 1) return this.scalar('ipv4', name)
        return kind === 2 ? this.scalar('ipv6', name) : null
      }
    }
  }
}
