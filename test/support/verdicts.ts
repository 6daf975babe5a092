// What tests ask of verdicts.
import type { Verdict } from '../../src/verify/verdict.ts'
import { verdictSchema } from '../../src/verify/verdict.ts'
import type { Ended } from './labs.ts'

/** The one JSON document on standard output; throws where it is no verdict, or where there is anything else. */
export function verdictOf({ stdout, stderr }: Ended): Verdict {
  try {
    return verdictSchema.parse(JSON.parse(stdout))
  } catch (error) {
    throw new Error(`no verdict on standard output; standard error says:\n${stderr}`, { cause: error })
  }
}
