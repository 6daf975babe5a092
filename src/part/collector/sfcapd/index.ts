// sfcapd, of nfdump: nfcapd's twin for sFlow. A row is a sample.

import type { CollectorPart } from '../../../part.ts'
import { compile, rotation } from '../../nfdump/config.ts'
import { readFlows } from '../../nfdump/flows.ts'

export const sfcapd: CollectorPart = {
  package: 'nfdump-sflow',
  programs: ['sfcapd', 'nfdump'],
  version: '-V',
  readDelay: rotation,
  compile: (collector) => compile('sfcapd', collector),
  tables: readFlows,
}
