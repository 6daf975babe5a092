// D-ITG: random and constant rates and sizes from a seed. It signals over a TCP connection to port 9000 of the receiver,
// which crosses the wire like any other traffic.

import type { TrafficPart } from '../../../part.ts'
import { describe, receive, send } from './config.ts'
import { sent } from './report.ts'

export const ditg: TrafficPart = {
  package: 'd-itg',
  programs: ['ITGSend', 'ITGRecv', 'ITGDec'],
  version: '-h',
  ports: true,
  describe,
  receive,
  send,
  sent,
}
