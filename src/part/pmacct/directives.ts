// What pmacct's daemons have in common: how a configuration is written, the BGP daemon inside, tables in memory. Directives
// are those of pmacct's CONFIG-KEYS; a value that the lab file gives replaces flowlab's own.

import type { BgpFeed, ProbePlan, ProcessPlan } from '../../plan/plan.ts'
import type { Options } from '../../topology/topology.ts'

/** What its tables are known by, in its configuration and to its client. */
export type TablesOf = Pick<ProbePlan, 'process' | 'tables'>

export type Directives = Readonly<Record<string, string>>

/** One directive a line, the user's own after flowlab's, in pmacct's syntax. */
export function configuration(directives: Directives, options: Options): string {
  // Who sizes the queues between core and plugins himself gets pmacct's own kind of queue, which has sizes.
  const sized = Object.keys(options).some((key) => /^plugin_(pipe|buffer)_size/.test(key))
  const kept = Object.entries(directives).filter(([key]) => !(sized && key.startsWith('plugin_')))
  return Object.entries({ ...Object.fromEntries(kept), ...options })
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('')
}

/** A daemon with a BGP thread sleeps for five seconds after it has started it; any signal ends that sleep. */
export const wake = (feed: BgpFeed | undefined, until: string): Pick<ProcessPlan, 'wake'> =>
  feed ? { wake: { after: 'waiting for BGP data', signal: 'SIGUSR1', until } } : {}

/** Foreground, log on standard error. */
export const daemon = (process: string): Directives => ({
  daemonize: 'false',
  pidfile: `/run/${process}.pid`,
})

const pipeSize = '67108864'

/**
 * A queue from the core to a plugin that has room for what libpcap hands over at once, up to a second's packets: its
 * messages, of which the kernel holds some hundred, carry a buffer of records each. What the last buffer holds goes to the
 * plugin when the daemon ends. (pmacct's other queue, plugin_pipe_zmq, needs no sizes; 1.7.7 writes beyond its buffer.)
 */
export const queue = (plugin: string): Directives => ({
  [`plugin_pipe_size[${plugin}]`]: pipeSize,
  [`plugin_buffer_size[${plugin}]`]: '32768',
})

/** A queue that holds nothing back: a record a message. */
export const promptQueue = (plugin: string): Directives => ({ [`plugin_pipe_size[${plugin}]`]: pipeSize })

/** What a table holds. */
export const content = ({ name, aggregate, filter }: TablesOf['tables'][number]): Directives => ({
  [`aggregate[${name}]`]: aggregate.join(', '),
  ...(filter === undefined ? {} : { [`aggregate_filter[${name}]`]: filter }),
})

/** Tables in memory have no limit but the machine's. */
export const unlimited: Directives = { imt_mem_pools_number: '0' }

/**
 * A probe's tables, which pmacct's client reads. A probe meters packets by the thousand and hands them over by the buffer; a
 * collector gets records, whose number is small, one at a time, and holds none back.
 */
export const tables = ({ process, tables: plans }: TablesOf): Directives =>
  Object.assign(
    {},
    plans.length > 0 ? unlimited : {},
    ...plans.map((table) => ({
      ...queue(table.name),
      [`imt_path[${table.name}]`]: pipeOf(process, table.name),
      ...content(table),
    })),
  ) as Directives

/** Path in the node of the socket through which a table is read. */
export const pipeOf = (process: string, table: string): string => `/tmp/${process}-${table}.pipe`

/** AS numbers, paths and peers from the daemon's own BGP session; `program` is the prefix of its directives. */
export const bgp = (
  program: 'pmacctd' | 'nfacctd' | 'sfacctd',
  process: string,
  feed: BgpFeed,
): Directives => ({
  [`${program}_net`]: 'bgp',
  [`${program}_as`]: 'bgp',
  bgp_peer_src_as_type: 'bgp',
  bgp_src_as_path_type: 'bgp',
  bgp_daemon: 'true',
  bgp_daemon_ip: feed.local,
  bgp_daemon_id: feed.id,
  bgp_daemon_port: String(feed.port),
  bgp_daemon_as: String(feed.as),
  bgp_agent_map: agentMapPath(process),
  bgp_daemon_msglog_file: feed.log,
  // Its own is 077: who has deployed the lab need not be who the daemon runs as.
  files_umask: '022',
  bgp_table_dump_file: `/var/log/${process}-bgp-$peer_src_ip.json`,
  bgp_table_dump_refresh_time: '60',
})

export const agentMapPath = (process: string): string => `/etc/pmacct/${process}.agents`
