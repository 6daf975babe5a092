// Fields of the lab file that are quantities of traffic: rates, sizes, volumes and shares, each with its words; fields.ts has the others.
import { z } from 'zod'
import { scalar, words, write } from './fields.ts'
import * as scalars from './scalars.ts'

export const rate = scalar(z.string().regex(scalars.ratePattern), scalars.parseRate, {
  expected: `a rate of more than 0 and at most ${scalars.fastest} packets per second`,
  remedy: write(
    scalars.parseRate,
    [
      (found) => `${found}pps`,
      (found) => found.replaceAll(/ +(?=pps)/g, ''),
      (found) => found.replaceAll('pps..', '..'),
    ],
    'Write a rate such as 400pps, exponential 500pps or uniform 200..600pps.',
  ),
})

export const size = scalar(
  z.union([z.int().min(1).max(scalars.largest), z.string().regex(scalars.sizePattern)]),
  scalars.parseSize,
  {
    expected: `a size of 1 to ${scalars.largest} bytes`,
    remedy: write(
      scalars.parseSize,
      [(found) => found.replace(/ *(?:B|bytes?)$/i, '')],
      'Write a size such as 512, exponential 300 or uniform 64..1400.',
    ),
  },
)

export const bitrate = scalar(z.string().regex(scalars.bitratePattern), scalars.parseBitrate, {
  expected: 'a rate in bits per second',
  remedy: write(
    scalars.parseBitrate,
    [
      (found) => found.toLowerCase().replace(/ *(?:([kmg]?)b(?:it)?(?:\/s|ps)?)$/, '$1bit'),
      (found) => `${found}bit`,
    ],
    'Write a rate such as 500kbit, 10mbit or 1.5gbit, of 1 kbit to 400 gbit.',
  ),
})

export const sizes = scalar(
  z.union([z.int().min(100), z.string().regex(scalars.sizesPattern)]),
  scalars.parseSizes,
  {
    expected: 'a law of sizes, from 100 bytes on',
    remedy:
      'Write 4000, uniform 200..4000, pareto SHAPE LEAST..MOST such as pareto 1.2 500..1000000, or lognormal MEDIAN SIGMA LEAST..MOST such as lognormal 4000 1.5 100..1000000.',
  },
)

export const share = scalar(z.string().regex(scalars.sharePattern), scalars.parseShare, {
  expected: 'a share from 0% to 100%',
  remedy: write(scalars.parseShare, [(found) => `${found}%`], 'Write such as 20%.'),
})

export const volume = scalar(z.string().regex(scalars.volumePattern), scalars.parseVolume, {
  expected: 'a volume in bytes',
  remedy: write(
    scalars.parseVolume,
    [
      (found) =>
        found.replace(
          /^([\d.]+) *([kmg]?)b(?:ytes?)?$/i,
          (_, amount: string, unit: string) =>
            `${amount}${unit === '' ? '' : unit.toLowerCase() === 'k' ? 'k' : unit.toUpperCase()}B`,
        ),
    ],
    'Write such as 500kB, 20MB or 1.5GB.',
  ),
})

/** A number that counts in proportion to others. */
export const amount = (what: string) =>
  z
    .number()
    .min(0)
    .max(1e9)
    .register(words, {
      expected: `${what}, a number from 0`,
      remedy: 'Write a number such as 5 or 0.5, without quotes: it counts in proportion to the others.',
    })

export const loss = scalar(z.string().regex(scalars.lossPattern), scalars.parseLoss, {
  expected: 'a share of packets to lose',
  remedy: write(
    scalars.parseLoss,
    [(found) => `${found}%`],
    'Write 10% for a tenth at random (above 0%, up to 100%) or 1/10 for every tenth.',
  ),
})
