// Where numbers and times stand on an axis.

/** Round values from 0 to at least `most`, some `count` of them. */
export function ticks(most: number, count: number): number[] {
  if (!(most > 0)) return [0]
  const raw = most / count
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = ([1, 2, 5, 10].find((each) => each * power >= raw) ?? 10) * power
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, index) => index * step)
}

const second = 1000
const steps = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200,
  86_400,
].map((each) => each * second)

/** Round times between two, in ms, at most `count` of them. */
export function timeTicks(from: number, to: number, count: number): { at: number[]; step: number } {
  const raw = (to - from) / Math.max(count, 1)
  const step = steps.find((each) => each >= raw) ?? Math.ceil(raw / 86_400_000) * 86_400_000
  const first = Math.ceil(from / step) * step
  const many = Math.max(0, Math.floor((to - first) / step) + 1)
  return { at: Array.from({ length: many }, (_, index) => first + index * step), step }
}

const n = (value: number): string => String(Math.round(value * 100) / 100)

/** The upper edge of intervals as an SVG path without its first M: each interval is as high as its value, from edge to edge. */
export function stairs(
  tops: readonly number[],
  x: (index: number) => number,
  y: (value: number) => number,
): string {
  return tops.map((top, index) => `${n(x(index))},${n(y(top))} ${n(x(index + 1))},${n(y(top))}`).join(' ')
}

/** The area between two stairs. */
export function between(
  upper: readonly number[],
  lower: readonly number[],
  x: (index: number) => number,
  y: (value: number) => number,
): string {
  const back = lower
    .map((value, index) => `${n(x(index + 1))},${n(y(value))} ${n(x(index))},${n(y(value))}`)
    .reverse()
  return `M${stairs(upper, x, y)} ${back.join(' ')}Z`
}
