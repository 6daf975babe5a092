// What no single field of a lab file can say of itself: names that must exist, addresses that must fit, ways that must lead
// somewhere. One file a subject in check/; they know nothing of each other and are joined here.
import { checkAddresses } from './check/addresses.ts'
import { checkEvents } from './check/events.ts'
import { checkExpectations } from './check/expectations.ts'
import { sceneOf } from './check/scene.ts'
import { checkLinks } from './check/links.ts'
import { checkMonitoring } from './check/monitoring.ts'
import { checkNodes } from './check/nodes.ts'
import { checkOptions } from './check/options.ts'
import { checkOwn } from './check/own.ts'
import { checkPolicy } from './check/policy.ts'
import { checkRouting } from './check/routing.ts'
import { checkTraffic } from './check/traffic.ts'
import type { Draft } from './read.ts'
import type { Report } from './report.ts'
import type { LabFile } from './schema.ts'

const checks = [
  checkNodes,
  checkLinks,
  checkAddresses,
  checkRouting,
  checkPolicy,
  checkMonitoring,
  checkOptions,
  checkOwn,
  checkTraffic,
  checkEvents,
  checkExpectations,
]

/** Reports what is wrong across `draft`, as far as it could be read. */
export function check(draft: Draft<typeof LabFile>, report: Report, warn: Report): void {
  const scene = sceneOf(draft, report, warn)
  for (const each of checks) each(scene)
}
