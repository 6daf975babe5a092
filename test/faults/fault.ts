// What a fault of the tables beside this file is: how it is made in a lab, and which cause in which stage must be named for it.
import type { Stage } from '../../src/verify/verdict.ts'
import type { Draft } from '../support/labs.ts'
import type { LabName } from './labs.ts'

export interface Fault {
  readonly id: string
  /** As faults of the field are told: what is wrong. */
  readonly title: string
  readonly edit: (draft: Draft) => void
  readonly stage: Stage
  /** Empty where nothing must be found: what looks like a fault, and costs nothing. */
  readonly cause: string
  /** Findings that follow from it, or that it may be split into. */
  readonly also?: readonly string[]
  /** The labs that can have it; default: all in which anything can be made. */
  readonly labs?: readonly LabName[]
}
