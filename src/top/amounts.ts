// Numbers as text and as small curves. Rates are of layer 3.

import type { Volume } from '../kernel/units.ts'
import type { Question } from './look.ts'

type Unit = Question['unit']

/** What is drawn with, where the terminal knows Unicode and where it does not. */
export interface Glyphs {
  readonly steps: string
  readonly down: string
  readonly up: string
  readonly dash: string
  readonly minus: string
  readonly more: string
  readonly dot: string
  readonly rule: string
  readonly yes: string
  readonly no: string
}

export const unicode: Glyphs = {
  ...{ steps: ' ▁▂▃▄▅▆▇█', down: '▼', up: '▲', dash: '–', minus: '−', more: '…', dot: '·', rule: '─' },
  ...{ yes: '✔', no: '✘' },
}
export const ascii: Glyphs = {
  ...{ steps: ' .:-=+*#@', down: 'v', up: '^', dash: '-', minus: '-', more: '~', dot: '-', rule: '-' },
  ...{ yes: 'ok', no: 'x' },
}

const prefixes = ['', 'k', 'M', 'G', 'T', 'P'] as const

/** Three digits and a prefix (powers of 1000): 1 234 567 is 1.23 M. */
export function short(value: number, unit = ''): string {
  const size = Math.abs(value)
  let power = size < 1000 ? 0 : Math.min(Math.floor(Math.log10(size) / 3), prefixes.length - 1)
  // 999 999 is 1.00 M.
  if (power < prefixes.length - 1 && Math.round(size / 1000 ** power) >= 1000) power++
  const scaled = value / 1000 ** power
  const digits =
    power === 0 && Number.isInteger(value)
      ? 0
      : Math.max(0, 2 - Math.floor(Math.log10(Math.max(1, Math.abs(scaled)))))
  const suffix = `${prefixes[power]}${unit}`
  return `${scaled.toFixed(digits)}${suffix === '' ? '' : ` ${suffix}`}`
}

export const rateText = (rate: Volume | undefined, unit: Unit): string =>
  rate === undefined ? '' : unit === 'bits' ? short(8 * rate.bytes, 'bit/s') : short(rate.packets, 'pps')

export const amountOf = (volume: Volume, unit: Unit): number =>
  unit === 'bits' ? volume.bytes : volume.packets

export const amountText = (volume: Volume | undefined, unit: Unit): string =>
  volume === undefined ? '' : short(amountOf(volume, unit), unit === 'bits' ? 'B' : '')

const whole = new Intl.NumberFormat('en-US')

/** To the last byte or packet where that fits. */
export function differenceText(
  difference: Volume | undefined,
  unit: Unit,
  columns: number,
  { dash, minus }: Glyphs,
): string {
  if (difference === undefined) return ''
  const value = amountOf(difference, unit)
  if (value === 0) return dash
  const exact = `${whole.format(value)}${unit === 'bits' ? ' B' : ''}`
  return (exact.length <= columns ? exact : short(value, unit === 'bits' ? 'B' : '')).replace('-', minus)
}

export function shareText(
  difference: Volume | undefined,
  of: Volume | undefined,
  unit: Unit,
  { minus }: Glyphs,
): string {
  if (!difference || !of) return ''
  const [part, total] = [amountOf(difference, unit), amountOf(of, unit)]
  if (part === 0) return ''
  if (total === 0) return 'all'
  const percent = (100 * part) / total
  const text = Math.abs(percent) < 0.1 ? `${percent < 0 ? '-' : ''}<0.1` : percent.toFixed(1)
  return `${text} %`.replace('-', minus)
}

/** A column a value: the last ones, or, of a whole that is longer, the mean of those that fall together. */
export function spark(
  values: readonly number[],
  columns: number,
  isWhole: boolean,
  { steps }: Glyphs,
): string {
  if (columns <= 0) return ''
  const shown =
    values.length <= columns
      ? values
      : isWhole
        ? Array.from({ length: columns }, (_, index) => {
            const part = values.slice(
              Math.floor((index * values.length) / columns),
              Math.max(
                Math.floor(((index + 1) * values.length) / columns),
                Math.floor((index * values.length) / columns) + 1,
              ),
            )
            return part.reduce((sum, each) => sum + each, 0) / part.length
          })
        : values.slice(-columns)
  const most = Math.max(...shown, 0)
  const text = shown
    // The least that is not nothing can be seen.
    .map(
      (value) =>
        steps[value <= 0 || most === 0 ? 0 : Math.max(1, Math.round((value / most) * (steps.length - 1)))],
    )
    .join('')
  return isWhole ? text.padEnd(columns) : text.padStart(columns)
}

export function clock(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

/** 03:48:15, local time. */
export const timeOfDay = (ms: number): string => new Date(ms).toTimeString().slice(0, 8)
