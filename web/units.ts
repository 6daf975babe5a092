// Numbers as text: exact where they are compared, in SI prefixes (powers of 1000) where they are axes. Rates are bit/s; bytes are
// of layer 3.

export const measures = ['bits', 'packets', 'flows'] as const
export type Measure = (typeof measures)[number]

const whole = new Intl.NumberFormat('en')

/** Exact, in groups of three: books are compared digit by digit. */
export const exact = (value: number | bigint): string => whole.format(value).replace('-', '−')

/** A difference: with its sign, or a dash where there is none. */
export const signed = (value: number): string =>
  value === 0 ? '–' : value > 0 ? `+${exact(value)}` : exact(value)

/** A share: 0.123 → 12.3 %. */
export const percent = (share: number): string =>
  share >= 10 ? '> 1000 %' : `${(share * 100).toFixed(1).replace(/\.0$/, '')} %`

const prefixes = ['', 'k', 'M', 'G', 'T', 'P'] as const

/** Three digits and a prefix: 1 234 567 → 1.23 M. */
export function short(value: number, unit = ''): string {
  const size = Math.abs(value)
  const power = size < 1000 ? 0 : Math.min(Math.floor(Math.log10(size) / 3), prefixes.length - 1)
  const scaled = value / 1000 ** power
  const digits = Number.isInteger(scaled) || Math.abs(scaled) >= 100 ? 0 : Math.abs(scaled) >= 10 ? 1 : 2
  const text = scaled
    .toFixed(digits)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')
    .replace('-', '−')
  return `${text}${unit === '' && power === 0 ? '' : `\u202f${prefixes[power]}${unit}`}`
}

export const unitOf: Readonly<Record<Measure, string>> = {
  bits: 'bit/s',
  packets: 'pps',
  flows: '',
}

/** Milliseconds as what a person reads at a glance. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`
  const seconds = Math.round(ms / 1000)
  return seconds < 3600
    ? `${Math.floor(seconds / 60)} min ${seconds % 60} s`
    : `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`
}

const pad = (value: number, digits = 2): string => String(value).padStart(digits, '0')

/** 2026-11-24 03:48:15, local time. */
export function dateTime(ms: number): string {
  const at = new Date(ms)
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())} ${clock(ms)}`
}

/** 03:48:15, local time. */
export function clock(ms: number): string {
  const at = new Date(ms)
  return `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`
}

/** Packets and bytes of one place. */
export const pair = ({ packets, bytes }: { readonly packets: number; readonly bytes: number }): string =>
  `${exact(packets)} / ${exact(bytes)}`
