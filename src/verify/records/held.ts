// One attribute of a probe's flow records as it was held against its witness: what all files of this folder answer with.

import type { Seen } from '../evidence-item.ts'
import type { AttributeCheck } from '../verdict.ts'
import type { RecordAttribute } from './attributes.ts'

/** A record that is wrong, the octet of its datagram's payload at which it begins, and both sides in words. */
export type Example = Seen & { readonly offset: number; readonly text: string }

export interface Held extends Omit<AttributeCheck, 'of'> {
  readonly id: RecordAttribute['id'] | 'icmp' | 'as' | 'nextHop'
  /** The first few that are wrong. */
  readonly examples: readonly Example[]
  /** Of those wrong, how many have nothing (0) in its place. */
  readonly empty: number
}

/** Nothing to hold it against, and why. */
export const unheld = (id: Held['id'], attribute: string, unchecked: string): Held => ({
  ...{ id, attribute, against: 'none', checked: 0, wrong: 0, examples: [], empty: 0 },
  unchecked,
})
