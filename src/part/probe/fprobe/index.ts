// fprobe: meters with libpcap, exports NetFlow v1 and v5 by itself. It keeps no tables.

import type { ProbePart } from '../../../part.ts'
import { milliseconds } from '../../../kernel/units.ts'
import { compile } from './config.ts'

export const fprobe: ProbePart = {
  package: 'fprobe',
  programs: ['fprobe'],
  version: '-h',
  // libpcap's read timeout is a second.
  captureDelay: () => milliseconds(1_200),
  // Its emitter waits for five seconds for more flows to fill a datagram.
  silence: milliseconds(8_000),
  compile,
  tables: async () => [],
}
