// nfcapd, of nfdump: flow records as they come into files, a new one every few seconds; `nfdump` reads the finished ones.

import type { CollectorPart } from '../../../part.ts'
import { compile, rotation } from './config.ts'
import { readFlows } from './flows.ts'

export const nfcapd: CollectorPart = {
  package: 'nfdump',
  programs: ['nfcapd', 'nfdump'],
  version: '-V',
  readDelay: rotation,
  compile,
  tables: readFlows,
}
