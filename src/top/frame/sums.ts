// A line a witness: all that the filter selects.

import { type Witness } from '../../query/columns.ts'
import { amountText, differenceText, rateText, shareText, spark } from '../amounts.ts'
import { missing, type Volumes } from '../look.ts'
import { left, type Line, type Piece, piece, right } from '../text.ts'
import { differenceStyle } from './columns.ts'
import type { Shown } from './shown.ts'

/** A witness over everything: its rate, its curve, what it has, and what it lacks of the wire's. */
export function sumLine(witness: Witness, { look, view, isLive, glyphs }: Shown, columns: number): Line {
  const name = piece(left(` ${witness}`, 11), witness)
  const why = look?.lacking[witness]
  if (why !== undefined) return [name, piece(` ${why}`, 'dim')]
  const sum = look?.sums.find((each) => each.witness === witness)
  if (!sum) return [name]
  const wire = look?.sums.find((each) => each.witness === 'wire')
  const volumes: Volumes = {
    ...(wire ? { wire: wire.volume } : {}),
    ...(witness === 'wire' ? {} : { [witness]: sum.volume }),
  }
  const difference = missing(volumes)
  const { unit } = view
  const differs = difference !== undefined && (difference.packets !== 0 || difference.bytes !== 0)
  const style = differenceStyle(differs, !isLive)
  const rest: Piece[] = [
    piece(` ${right(amountText(sum.volume, unit), 9)}`),
    piece(` ${right(differenceText(difference, unit, 12, glyphs), 12)}`, style),
    piece(` ${right(shareText(difference, volumes.wire, unit, glyphs), 8)}`, style),
  ]
  const room = columns - 11 - 12 - 32 - 2
  return [
    name,
    piece(right(rateText(sum.rate, unit), 12)),
    ...(room >= 8 && sum.curve.length > 1
      ? [piece(` ${spark(sum.curve, room, !isLive, glyphs)} `, witness)]
      : [piece(' '.repeat(Math.max(0, room + 2)))]),
    ...rest,
  ]
}
