// BIRD 2: one process a router.

import type { RouterPart } from '../../../part.ts'
import { compile, own, selfConfigured } from './config.ts'
import { policy, session } from './operate.ts'
import { routes, sessions } from './tables.ts'

export const bird: RouterPart = {
  package: 'bird2',
  programs: ['bird', 'birdc'],
  version: '--version',
  compile,
  selfConfigured,
  own,
  routes,
  sessions,
  session,
  policy,
}
