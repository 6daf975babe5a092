// pmacctd: meters with libpcap, exports through its nfprobe and sfprobe plugins. SIGINT to the core process alone makes nfprobe expire
// every flow and end in order; SIGINT to the plugin as well would lose its cache.

import type { ProbePart } from '../../../part.ts'
import { milliseconds } from '../../../kernel/units.ts'
import { readTables } from '../../pmacct/client.ts'
import { compile } from './config.ts'

export const pmacctd: ProbePart = {
  package: 'pmacct',
  programs: ['pmacctd', 'pmacct'],
  version: '-V',
  // libpcap's read timeout is a second, and sfprobe sends each second what it has.
  captureDelay: ({ export: way }) => milliseconds(way.protocol === 'sflow' ? 2_400 : 1_200),
  statistics: 'SIGUSR1',
  goodbye: 'OK, Exiting',
  // 1.7.7 hands its buffers to the plugins, sleeps two seconds, and ends them (my_sigint_handler in signals.c).
  lingers: 'nanosleep',
  compile,
  tables: (ask, probe) => readTables(ask, probe),
}
