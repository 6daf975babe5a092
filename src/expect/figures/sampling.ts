// Figures of sampling: the rate that the numbers show, and how far the estimate is off.

import { accountsIn, isIn, samplingNoise } from '../accounts.ts'
import type { Figure } from '../figure.ts'

export const samplingFigures: readonly Figure[] = [
  {
    name: 'sampling error',
    units: ['share'],
    takes: ['of', 'from', 'to', 'at'],
    places: ['probe', 'collector', 'node', 'AS'],
    says: 'How far the bytes that were exported, times the rate, are from those on the wire, either way.',
    example: 'sampling error of AS 65533 below 5 %',
    better: 'less',
    read: (verdict, scope) =>
      accountsIn(verdict, scope).flatMap(({ where, wire, exported }) => {
        const section = verdict.sampling.find(({ probe, collector }) =>
          where.startsWith(`${probe} → ${collector}/`),
        )
        // At no one rate of which it could be the error.
        if (!section || section.periods || wire.bytes === 0) return []
        return [
          {
            where,
            value: Math.abs(exported.bytes - wire.bytes) / wire.bytes,
            detail: `estimate ${exported.bytes}, wire ${wire.bytes} bytes`,
            noise: samplingNoise(verdict, where, wire, 'bytes') ?? 0,
          },
        ]
      }),
  },
  {
    name: 'sampling rate',
    units: ['count'],
    takes: ['of', 'at'],
    places: ['probe', 'collector'],
    says: 'N of 1:N that the numbers show; where they show none, the one as which it is judged.',
    example: 'sampling rate of edge between 95 and 105',
    read: ({ sampling }, scope) =>
      sampling
        .filter((each) => isIn(each, scope))
        .map(({ probe, collector, rate, observed }) => ({
          where: `${probe} → ${collector}`,
          value: observed?.rate ?? rate,
        })),
  },
]
