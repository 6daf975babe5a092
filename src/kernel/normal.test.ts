// Values by Python's math.erfc and statistics.NormalDist.inv_cdf.
import { expect, test } from 'vitest'
import { normalBelow, normalQuantile, normalTail, withinDeviations } from './normal.ts'

test.each([
  [() => normalTail(1.959963985), 0.025],
  [() => normalTail(6), 9.865876450377012e-10],
  [() => normalTail(2.9), 0.0018658133003840384],
  [() => normalBelow(-2.9), 0.0018658133003840384],
  [() => normalBelow(1), 0.8413447460685429],
  [() => withinDeviations(0.95), 1.959963985],
  [() => normalQuantile(0.999), 3.090232306167813],
  [() => normalQuantile(0.7), 0.5244005127080407],
])('%s', (given, value) => {
  expect(Math.abs(Math.log(given() / value))).toBeLessThan(1e-7)
})

test('quantiles of the lower half are those of the upper, with the other sign', () => {
  expect(normalQuantile(0.3)).toBeCloseTo(-normalQuantile(0.7), 12)
  expect(normalQuantile(0.5)).toBeCloseTo(0, 12)
})
