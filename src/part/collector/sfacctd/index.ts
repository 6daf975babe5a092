// sfacctd: sFlow into pmacct's tables.

import type { CollectorPart } from '../../../part.ts'
import { milliseconds } from '../../../kernel/units.ts'
import { readTables } from '../../pmacct/client.ts'
import { compileCollector } from '../../pmacct/collector.ts'

export const sfacctd: CollectorPart = {
  package: 'pmacct',
  programs: ['sfacctd', 'pmacct'],
  version: '-V',
  // Its plugins take what they are given at once.
  readDelay: () => milliseconds(0),
  compile: (collector) => compileCollector({ name: 'sfacctd', says: 'waiting for sFlow data' }, collector),
  tables: (ask, collector) => readTables(ask, collector),
}
