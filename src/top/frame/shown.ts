// What a picture is made of.

import type { Glyphs } from '../amounts.ts'
import type { Look } from '../look.ts'
import type { News } from '../news.ts'
import type { View } from '../view.ts'

export interface Shown {
  readonly lab: string
  readonly points: readonly string[]
  readonly isLive: boolean
  /** Milliseconds that the books have been open. */
  readonly elapsed: number
  readonly view: View
  /** Absent before the first. */
  readonly look?: Look
  readonly news: News
  /** What is wrong with the filter, or why nothing is shown. */
  readonly error?: string
  readonly glyphs: Glyphs
}
