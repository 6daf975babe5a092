// nfacctd: NetFlow and IPFIX into tables in memory.

import type { CollectorPart } from '../../../part.ts'
import { milliseconds } from '../../../kernel/units.ts'
import { readTables } from '../../pmacct/client.ts'
import { compile } from './config.ts'

export const nfacctd: CollectorPart = {
  package: 'pmacct',
  programs: ['nfacctd', 'pmacct'],
  version: '-V',
  // Its plugins take what they are given at once.
  readDelay: () => milliseconds(0),
  compile,
  tables: (ask, collector) => readTables(ask, collector),
}
