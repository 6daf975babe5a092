// The table of causes: all that can go wrong between wire and collector, stage by stage. Where several fit equally well, the one
// that stands first is named.

import { samplingInStep, samplingRemarks } from '../sampling/causes.ts'
import { timeRemarks } from '../time/causes.ts'
import type { Cause, Described, Remark } from './cause.ts'
import { collected } from './collected.ts'
import { collecting } from './collecting.ts'
import { exporting, exportRemarks } from './exporting.ts'
import { metering, countRemarks } from './metering.ts'
import { recordRemarks } from './records.ts'
import { attributeCauses, processEnded, wayBack } from './routing.ts'
import { generatorMiscounts, trafficLost } from './sending.ts'
import { transport } from './transport.ts'

/** What is said of counts as such, of sampling and of time, in the order in which it is asked. */
export const remarks: readonly Remark[] = [
  ...samplingRemarks,
  ...timeRemarks,
  ...recordRemarks,
  ...exportRemarks,
  ...countRemarks,
]

export const causes: readonly Cause[] = [
  ...metering,
  samplingInStep,
  ...exporting,
  ...transport,
  ...collecting,
  ...collected,
]

interface Unexplained extends Described {
  /** What the difference lies between; PROBE and COLLECTOR stand for their names. */
  readonly between: string
}

/** What takes the difference that no cause predicts, by the first of the stages that were asked. */
export const unexplained: Readonly<Record<'metering' | 'transport' | 'collecting', Unexplained>> = {
  metering: {
    id: 'unexplained-metering',
    stage: 'metering',
    title: 'What was exported is not what crossed the wire, and no known cause predicts the difference.',
    knownBy:
      'Flows differ between wire and exports, and remain after all that is found above. The largest differences are its evidence.',
    remedy: 'Look at the probe’s filter, direction and capture drops.',
    test: 'Send one flow at a time: the kind of flow that differs shows itself.',
    between: 'between the wire and the exports of PROBE',
  },
  transport: {
    id: 'unexplained-transport',
    stage: 'transport',
    title: 'What arrived is not what was exported, and no known cause predicts the difference.',
    knownBy:
      'Flows differ between the two recordings of the exports, and remain after all that is found above.',
    remedy: 'Compare `exported-PROBE.pcap` with `arrived-PROBE.pcap`.',
    test: 'Record at each hop between.',
    between: 'between the exports of PROBE and what arrived at COLLECTOR',
  },
  collecting: {
    id: 'unexplained-collecting',
    stage: 'collecting',
    title: 'The collector’s table is not what arrived, and no known cause predicts the difference.',
    knownBy:
      'Flows differ between the arrived exports and the table, and remain after all that is found above. The largest differences are its evidence.',
    remedy: 'Look at the collector’s filters and its log.',
    test: 'Replay `arrived-PROBE.pcap` into another collector: what it shows is what arrived.',
    between: 'between what arrived of PROBE and the table of COLLECTOR',
  },
}

/** In the order of the stages, as docs/findings.md has them. */
export const catalogue: readonly Described[] = [
  trafficLost,
  generatorMiscounts,
  ...remarks,
  ...metering,
  samplingInStep,
  unexplained.metering,
  ...exporting,
  ...transport,
  unexplained.transport,
  ...collecting,
  ...collected,
  unexplained.collecting,
  ...attributeCauses,
  wayBack,
  processEnded,
]

const byId = new Map(catalogue.map((each) => [each.id, each]))

/** Throws where no such cause is in the table. */
export function described(id: string): Described {
  const found = byId.get(id)
  if (!found) throw new RangeError(`no cause ${id}`)
  return found
}
