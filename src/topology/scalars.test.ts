// Scalars of the lab file, as people write them.

import { describe, expect, it } from 'vitest'
import {
  parseAsdot,
  parseAsn,
  parseDuration,
  parseEndpoint,
  parseLoss,
  parseRate,
  parseSize,
} from './scalars.ts'

type Cases = Readonly<Record<string, unknown>>

const table = (parse: (text: string) => unknown, cases: Cases): void => {
  it.each(Object.entries(cases))('%j', (text, expected) => expect(parse(text)).toEqual(expected))
}

describe('durations, in ms', () => {
  table(parseDuration, {
    '4s': 4000,
    '150ms': 150,
    '2m': 120_000,
    '1.1s': 1100,
    '0.001s': 1,
    '0': 0,
    '0s': 0,
    '24.0s': 24_000,
    '1440m': 86_400_000,
    '1441m': undefined,
    '0.5ms': undefined,
    '0.0001s': undefined,
    '4': undefined,
    '4 s': undefined,
    '4h': undefined,
    '-4s': undefined,
    '1e3s': undefined,
    s: undefined,
    '': undefined,
  })
})

describe('rates, in packets per second', () => {
  table(parseRate, {
    '400pps': { constant: 400 },
    '0.5pps': { constant: 0.5 },
    'exponential 500pps': { exponential: 500 },
    'uniform 200..600pps': { uniform: [200, 600] },
    'uniform 0.5..1.5pps': { uniform: [0.5, 1.5] },
    'uniform 600..200pps': undefined,
    'uniform 200..200pps': undefined,
    'uniform 200pps': undefined,
    '200..600pps': undefined,
    '0pps': undefined,
    '10000001pps': undefined,
    '400': undefined,
    '400 pps': undefined,
  })
})

describe('sizes, in bytes', () => {
  table(parseSize, {
    '1': { constant: 1 },
    '65507': { constant: 65_507 },
    'exponential 300': { exponential: 300 },
    'uniform 64..1400': { uniform: [64, 1400] },
    '0': undefined,
    '65508': undefined,
    '1.5': undefined,
    'uniform 64..65508': undefined,
    '512B': undefined,
  })
})

describe('loss', () => {
  table(parseLoss, {
    '10%': { random: 0.1 },
    '0.5%': { random: 0.005 },
    '100%': { random: 1 },
    '1/10': { every: 10 },
    '1/2': { every: 2 },
    '1/1': undefined,
    '1/0': undefined,
    '2/10': undefined,
    '0%': undefined,
    '100.1%': undefined,
    '0.1': undefined,
  })
})

describe('AS numbers (RFC 5396, RFC 6793)', () => {
  table(parseAsn, {
    '1': 1,
    '65535': 65_535,
    '4294967294': 4_294_967_294,
    '4294967295': undefined,
    '0': undefined,
    '23456': undefined,
    '065': undefined,
    '1.5': undefined,
    AS1: undefined,
  })
  table(parseAsdot, {
    '1.5': 65_541,
    '1.10': 65_546,
    '0.1': 1,
    '65535.65535': undefined,
    '65536.0': undefined,
    '1.2.3': undefined,
  })
})

describe('endpoints', () => {
  table(parseEndpoint, {
    r2: { node: 'r2' },
    'r2:eth0': { node: 'r2', interface: 'eth0' },
    'r2:ge-0.100': { node: 'r2', interface: 'ge-0.100' },
    'r2:fifteen-letters': { node: 'r2', interface: 'fifteen-letters' },
    'r2:sixteen--letters': undefined,
    'r2:lo': undefined,
    'r2:lo0': { node: 'r2', interface: 'lo0' },
    'r2:all': undefined,
    'r2:..': undefined,
    'r2:a/b': undefined,
    'r2:': undefined,
    ':eth0': undefined,
    'r2:eth0:1': undefined,
    'r2: eth0': undefined,
    '': undefined,
  })
})
