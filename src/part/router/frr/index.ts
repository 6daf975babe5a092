// FRR: zebra, staticd, ospfd, ospf6d and bgpd in the foreground, each with its own configuration file.

import type { RouterPart } from '../../../part.ts'
import { compile, own, selfConfigured } from './config.ts'
import { policy, session } from './operate.ts'
import { routes, sessions } from './tables.ts'

export const frr: RouterPart = {
  package: 'frr',
  programs: [
    '/usr/lib/frr/zebra',
    '/usr/lib/frr/bgpd',
    '/usr/lib/frr/ospfd',
    '/usr/lib/frr/ospf6d',
    '/usr/lib/frr/staticd',
    'vtysh',
  ],
  version: '--version',
  compile,
  selfConfigured,
  own,
  routes,
  sessions,
  session,
  policy,
}
