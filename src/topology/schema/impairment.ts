// What a link does to what crosses it, in `links` and in events alike.
import { positiveDuration } from '../fields.ts'
import { bitrate, loss } from '../quantities.ts'

export const impairment = {
  rate: bitrate
    .describe(
      'Of a link, bits per second in each direction, Ethernet’s 14 bytes included: 10mbit. What waits beyond 50 ms is dropped.',
    )
    .optional(),
  delay: positiveDuration.describe('Of a link, of each packet, in each direction: 20ms.').optional(),
  jitter: positiveDuration.describe('Of a link: how far the delay varies to both sides.').optional(),
  loss: loss
    .describe('Of a link, lost in both directions: 10% at random, or 1/10: exactly every tenth packet.')
    .optional(),
}
