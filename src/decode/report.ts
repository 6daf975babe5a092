// What a decoder says besides records: errors, and what happened to templates and sequences. Both are values; nothing is
// thrown for what came from outside.
import type { Protocol } from './datagram.ts'
import type { Layout } from './layout.ts'
import type { Message } from './message.ts'
import type { SequenceUnit } from './stats.ts'

/** The kinds of malformed input, as `--stats` counts them. */
export type ErrorKind =
  /** The message ends before what it announces. */
  | 'truncated'
  /** A length or count that cannot be, or contradicts another. */
  | 'length'
  /** A header's number of records that is not the number that came (NetFlow v9). */
  | 'count'
  /** Octets after all that the message announces. */
  | 'surplus'
  /** A template that no record could follow, or that breaks the rules. */
  | 'template'
  /** A record that overruns its set. */
  | 'record'
  /** A set or structure of a number that the protocol reserves. */
  | 'reserved'
  /** A protocol or version that is recognised, but not decoded. */
  | 'unsupported'
  /** A bound of Limits was reached, and something was given up for it. */
  | 'limit'

/** One thing that is wrong with a message. It costs only the part it is in. */
export interface DecodeError {
  readonly kind: ErrorKind
  readonly protocol: Protocol
  /** Octets from the start of the datagram's payload. */
  readonly offset: number
  /** Where in the message's structure, e.g. `set 2 (id 260) > record 3 > interfaceName`. */
  readonly path: string
  readonly expected: string
  readonly found: string
  /** undefined where not even the header could be read. */
  readonly message: Message | undefined
}

/** An error in one line. */
export const errorText = ({ protocol, offset, path, expected, found }: DecodeError): string =>
  `${protocol} at octet ${offset}${path && `, ${path}`}: expected ${expected}, found ${found}`

/** What happened to a template. `unknown`: records came whose template did not come yet. */
export interface TemplateEvent {
  readonly type: 'template'
  readonly what: 'new' | 'refreshed' | 'changed' | 'withdrawn' | 'unknown'
  readonly templateId: number
  /** The layout in force from now on; undefined if withdrawn or unknown. */
  readonly layout: Layout | undefined
  readonly message: Message
  /** Octet at which the template record (or the set of unknown template) begins. */
  readonly offset: number
}

/** What a sequence number told. */
export interface SequenceEvent {
  readonly type: 'sequence'
  /** What the numbers count: the protocol's own unit, or samples. */
  readonly unit: SequenceUnit
  /** Of sFlow's samples: the kind of samples and the data source (ds_class, ds_index) that are numbered together. */
  readonly source?: {
    readonly kind: 'flow' | 'counter' | 'discarded'
    readonly type: number
    readonly index: number
  }
  readonly what: 'gap' | 'reordered' | 'duplicate' | 'reset'
  readonly expected: number
  readonly found: number
  /** How many units are missing (gap); else 0. */
  readonly lost: number
  readonly message: Message
}

/**
 * A NetFlow v9 header that counts fewer records than the message has sets, let alone records (RFC 3954, section 5.1): whoever
 * takes the count for one of sets stops before the end.
 */
export interface CountEvent {
  readonly type: 'count'
  readonly said: number
  readonly sets: number
  readonly message: Message
  /** Octet at which the first set beyond the count begins. */
  readonly offset: number
}

export type DecodeEvent = TemplateEvent | SequenceEvent | CountEvent
