// Sampling rates: what the probe was given, and what its exports announce.

import type { Case } from '../case.ts'

/** The sampling rate that the probe was given, where its options say one (pmacct's CONFIG-KEYS, softflowd(8) -s). */
export function configuredRate({ probe }: Case): number | undefined {
  const { options } = probe
  const said = Object.entries(options).find(([key]) => /^(sampling_rate(\[.*\])?|s)$/.test(key))?.[1]
  const rate = Number(said)
  return Number.isInteger(rate) && rate > 1 ? rate : undefined
}

/** The sampling rates that the exports announce, by options records, headers or records. */
export const announcedRates = ({ exported }: Case): number[] => [
  ...new Set(exported.domains.flatMap(({ sampling }) => sampling.map(({ rate }) => rate))),
]
