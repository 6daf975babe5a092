// What a probe or collector has been told over its BGP session: pmacct's log of BGP messages, followed as it grows.

import type { BgpFeed } from '../plan/plan.ts'
import type { RunDirectory } from './directory.ts'
import { tail } from './tail.ts'

interface BgpMessage {
  readonly event_type?: 'log' | 'log_init' | 'log_close'
  readonly log_type?: 'update' | 'withdraw'
  readonly ip_prefix?: string
  readonly as_path?: string
  readonly bgp_nexthop?: string
  /** The machine's local time. */
  readonly timestamp?: string
}

/** What has been told by now. */
export interface Feed {
  /** By prefix: AS path and next hop, as one text. Empty while the session is down. */
  readonly table: ReadonlyMap<string, string>
  /** When the last message came, in ms since the epoch. */
  readonly last: number | undefined
}

/** How a table says a route; a route that the router originates has the router's own address as its next hop. */
export const routeText = (path: readonly number[], nextHop: string): string => `${path.join(' ')} ${nextHop}`

/** Its log in the run directory. */
const logOf = (feed: BgpFeed, node: string, directory: RunDirectory): string =>
  directory.file('nodes', node, feed.log.replace('/var/log/', 'log/'))

/** Each call reads what has come since the one before. */
export function follow(feed: BgpFeed, node: string, directory: RunDirectory): () => Promise<Feed> {
  const next = tail(logOf(feed, node, directory), Infinity)
  const table = new Map<string, string>()
  let last: number | undefined
  return async () => {
    for (let lines = await next(); lines.length > 0; lines = await next())
      for (const line of lines) {
        const message = JSON.parse(line) as BgpMessage
        apply(message, table)
        last = message.timestamp === undefined ? undefined : new Date(message.timestamp).getTime()
      }
    return { table, last }
  }
}

function apply(message: BgpMessage, table: Map<string, string>): void {
  const { ip_prefix: prefix, as_path: path = '', bgp_nexthop: nextHop = '' } = message
  if (message.event_type !== 'log') table.clear()
  else if (prefix !== undefined && message.log_type === 'withdraw') table.delete(prefix)
  else if (prefix !== undefined) table.set(prefix, routeText((path.match(/\d+/g) ?? []).map(Number), nextHop))
}
