// Expectations: each is read as far as its words, and every name in it must be one of the lab.
import { parseClaim } from '../../expect/parse.ts'
import { Refusal } from '../../expect/refusal.ts'
import { namesOf } from '../names.ts'
import { suggestion } from '../suggest.ts'
import type { Scene } from './scene.ts'

export function checkExpectations({ draft, report }: Scene): void {
  const names = namesOf(draft)
  for (const [index, text] of (draft.expect ?? []).entries()) {
    if (text === undefined) continue
    const claim = parseClaim(text, names)
    if (!(claim instanceof Refusal)) continue
    const { expected, found, choices, remedy, at } = claim
    report(
      ['expect', index],
      `expected ${expected}, found ${found.slice(0, 60)}`,
      suggestion(found, choices, remedy),
      at,
    )
  }
}
