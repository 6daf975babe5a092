// softflowd: meters with libpcap, exports by itself. It keeps no tables; its control program tells what it has captured.

import type { ProbePart } from '../../../part.ts'
import { milliseconds } from '../../../kernel/units.ts'
import { compile } from './config.ts'
import { capture } from './statistics.ts'

export const softflowd: ProbePart = {
  package: 'softflowd',
  programs: ['softflowd', 'softflowctl'],
  version: '-h',
  captureDelay: () => milliseconds(0),
  // It opens its capture without a timeout.
  blocks: true,
  compile,
  tables: async () => [],
  capture,
}
