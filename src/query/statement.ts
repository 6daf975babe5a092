// Puts a statement together: its values stand apart from its text, so that nothing that a user writes is ever read as SQL.

import type { Value } from '../store.ts'

/** Collects values while a statement is put together. */
export class Values {
  readonly all: Value[] = []

  /** The parameter that stands for the value. */
  add(value: Value): string {
    this.all.push(value)
    return `$${this.all.length}`
  }
}
