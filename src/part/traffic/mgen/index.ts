// mgen, of the Naval Research Laboratory: thousands of flows from a script in one process, each from its own port and with its own
// number of packets; it signals nothing beside them.

import type { MatrixPart } from '../../../part.ts'
import { receive, send } from './config.ts'
import { sent } from './report.ts'

export const mgen: MatrixPart = {
  package: 'mgen',
  programs: ['mgen'],
  version: 'help',
  optional: true,
  besides: [{ package: 'socat', programs: ['socat'], version: '-V' }],
  receive,
  send,
  sent,
}
