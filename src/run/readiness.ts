// When a lab is ready for traffic: every forwarding table holds what it must, and every probe and collector has been told
// all routes, so that no flow goes without its AS attributes because it came too early.

import { readFile } from 'node:fs/promises'
import type { Lab } from '../backend.ts'
import { bitsOf, type Family, familyOf } from '../kernel/address.ts'
import type { BgpFeed, Plan } from '../plan/plan.ts'
import { say } from './ask.ts'
import type { RunDirectory } from './directory.ts'
import { until } from './wait.ts'

export async function converged(lab: Lab, plan: Plan, directory: RunDirectory): Promise<void> {
  const daemons = [...plan.probes, ...plan.collectors]
  await Promise.all([
    ...plan.reachable.map(({ node, prefixes }) =>
      until(`routes of ${node}`, () => missingRoutes(lab, node, prefixes)),
    ),
    ...daemons.flatMap(({ name, node, bgp }) =>
      bgp
        ? until(`BGP session of ${name} with ${bgp.router}`, () => missingUpdates(bgp, node, directory))
        : [],
    ),
  ])
}

interface KernelRoute {
  readonly dst: string
  readonly type?: string
}

/** Prefixes that are not in the node's main tables, blackholes not counted. */
async function missingRoutes(
  lab: Lab,
  node: string,
  prefixes: readonly string[],
): Promise<string | undefined> {
  const families = [...new Set(prefixes.map(familyOf))]
  const tables = await Promise.all(
    families.map(async (family) => {
      const text = await say(lab, node, ['ip', '-j', `-${family}`, 'route', 'show'])
      return (JSON.parse(text) as readonly KernelRoute[])
        .filter(({ type }) => type !== 'blackhole')
        .map(({ dst }) => prefixOf(dst, family))
    }),
  )
  const there = new Set(tables.flat())
  const missing = prefixes.filter((prefix) => !there.has(prefix))
  return missing.length === 0 ? undefined : `no route to ${missing.join(', ')}`
}

/** ip(8) leaves out the length of a host's route, and calls the whole default. */
function prefixOf(dst: string, family: Family): string {
  if (dst === 'default') return family === 4 ? '0.0.0.0/0' : '::/0'
  return dst.includes('/') ? dst : `${dst}/${bitsOf(family)}`
}

interface BgpMessage {
  readonly log_type?: string
  readonly ip_prefix?: string
}

/** Prefixes that pmacct's log of BGP messages does not have. */
async function missingUpdates(
  feed: BgpFeed,
  node: string,
  directory: RunDirectory,
): Promise<string | undefined> {
  const file = directory.file('nodes', node, feed.log.replace('/var/log/', 'log/'))
  const text = await readFile(file, 'utf8').catch(() => '')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  const told = new Set(
    whole
      .split('\n')
      .filter(Boolean)
      .map((line) => (JSON.parse(line) as BgpMessage).ip_prefix),
  )
  const missing = feed.prefixes.filter((prefix) => !told.has(prefix))
  return missing.length === 0 ? undefined : `${feed.router} has not announced ${missing.join(', ')}`
}
