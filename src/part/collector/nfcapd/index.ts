// nfcapd, of nfdump: flow records as they come into files, a new one every few seconds; `nfdump` reads the finished ones.

import type { CollectorPart } from '../../../part.ts'
import { compile, rotation } from '../../nfdump/config.ts'
import { readFlows } from '../../nfdump/flows.ts'

export const nfcapd: CollectorPart = {
  package: 'nfdump',
  programs: ['nfcapd', 'nfdump'],
  version: '-V',
  readDelay: rotation,
  compile: (collector) => compile('nfcapd', collector),
  tables: readFlows,
}
