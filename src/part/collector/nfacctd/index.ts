// nfacctd: NetFlow and IPFIX into pmacct's tables.

import type { CollectorPart } from '../../../part.ts'
import { milliseconds } from '../../../kernel/units.ts'
import { readStore } from '../../pmacct/client.ts'
import { compileCollector } from '../../pmacct/collector.ts'
import { servers } from '../../pmacct/servers.ts'

export const nfacctd: CollectorPart = {
  package: 'pmacct',
  programs: ['nfacctd', 'pmacct'],
  version: '-V',
  // Its memory takes what it is given at once; files and databases get it each second.
  readDelay: ({ store = 'memory' }) => milliseconds(store === 'memory' ? 0 : 2_000),
  servers,
  compile: (collector) =>
    compileCollector({ name: 'nfacctd', says: 'waiting for NetFlow/IPFIX data' }, collector),
  tables: (ask, collector) => readStore(ask, collector),
}
