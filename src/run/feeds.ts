// What a probe or collector has been told over its BGP session: pmacct's log of BGP messages, replayed to its table at a moment.

import { readFile } from 'node:fs/promises'
import type { BgpFeed } from '../plan/plan.ts'
import type { RunDirectory } from './directory.ts'

interface BgpMessage {
  readonly event_type?: 'log' | 'log_init' | 'log_close'
  readonly log_type?: 'update' | 'withdraw'
  readonly ip_prefix?: string
  readonly as_path?: string
  readonly bgp_nexthop?: string
}

/** By prefix: AS path and next hop, as one text. */
export type FeedTable = ReadonlyMap<string, string>

/** How a table says a route; a route that the router originates has the router's own address as its next hop. */
export const routeText = (path: readonly number[], nextHop: string): string => `${path.join(' ')} ${nextHop}`

/** The table after the last whole line of the log; empty while the session is down. */
export function replayLog(text: string): FeedTable {
  const table = new Map<string, string>()
  for (const line of text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter(Boolean)) {
    const message = JSON.parse(line) as BgpMessage
    const { ip_prefix: prefix, as_path: path = '', bgp_nexthop: nextHop = '' } = message
    if (message.event_type !== 'log') table.clear()
    else if (prefix !== undefined && message.log_type === 'withdraw') table.delete(prefix)
    else if (prefix !== undefined)
      table.set(prefix, routeText((path.match(/\d+/g) ?? []).map(Number), nextHop))
  }
  return table
}

/** When the last message came, in ms since the epoch; its log has the machine's local time. */
export function lastMessage(text: string): number | undefined {
  const line = text.trimEnd().split('\n').at(-1)
  if (line === undefined || line === '') return undefined
  const { timestamp } = JSON.parse(line) as { timestamp?: string }
  return timestamp === undefined ? undefined : new Date(timestamp).getTime()
}

/** Its log in the run directory. */
export const feedLog = (feed: BgpFeed, node: string, directory: RunDirectory): string =>
  directory.file('nodes', node, feed.log.replace('/var/log/', 'log/'))

/** What the daemon on `node` has been told until now. */
export async function feedTable(feed: BgpFeed, node: string, directory: RunDirectory): Promise<FeedTable> {
  return replayLog(await readFile(feedLog(feed, node, directory), 'utf8').catch(() => ''))
}
