// ProbePlan → Open vSwitch: a database, a daemon and a bridge of two ports through which the interface's traffic goes, with a
// record of its table NetFlow, IPFIX or sFlow for the exports. Source: ovs-vswitchd.conf.db(5).

import type { Compiled } from '../../../part.ts'
import { socketAddress } from '../../../kernel/address.ts'
import type { ExportPlan, ProbePlan, ProcessPlan } from '../../../plan/plan.ts'

const schema = '/usr/share/openvswitch/vswitch.ovsschema'
const bridge = 'ovs'

/** Its files and sockets, in the node. */
const home = ({ process }: ProbePlan): string => `/run/${process}`

const control = (probe: ProbePlan): string => `${home(probe)}/vswitchd.ctl`

/**
 * Ports have the kernel's numbers of their interfaces: those stand in NetFlow and IPFIX. The datapath is the one in user space;
 * by its name `dummy` the bridge's own port is none of the kernel's, and /dev/net/tun is not needed, which ordinary users may not have.
 */
const script = String.raw`
set -eu
home=$1 uplink=$2 port=$3; shift 3
number() { ip -o link show dev "$1" | sed 's/:.*//'; }
ovs-vsctl --db="unix:$home/db.sock" --no-wait -- add-br ${bridge} -- set bridge ${bridge} datapath_type=dummy \
  -- add-port ${bridge} "$uplink" -- set interface "$uplink" ofport_request="$(number "$uplink")" \
  -- add-port ${bridge} "$port" -- set interface "$port" ofport_request="$(number "$port")" "$@"
`

/** What comes in at the ports is for the switch alone, which sees it before: the node's own stack would answer it too. */
const silence = (probe: ProbePlan): string => {
  const { uplink, port } = switchOf(probe)
  const table = `netdev ${probe.process.replaceAll(/\W/g, '_')}`
  const chain = (name: string): string =>
    `  chain ${name} { type filter hook ingress device "${name}" priority 100; policy drop; }`
  return [
    `add table ${table}`,
    `delete table ${table}`,
    `table ${table} {`,
    ...[uplink, port].map(chain),
    '}',
    '',
  ].join('\n')
}

function switchOf({ name, switch: own }: ProbePlan): NonNullable<ProbePlan['switch']> {
  if (!own) throw new Error(`probe ${name} has no switch`)
  return own
}

export function compile(probe: ProbePlan): Compiled {
  const { uplink, port } = switchOf(probe)
  const at = home(probe)
  const oneshot = (what: string, argv: readonly string[], after: readonly string[] = []): ProcessPlan => ({
    name: `${probe.process}-${what}`,
    argv,
    oneshot: true,
    ...(after.length > 0 ? { after: after.map((name) => `${probe.process}-${name}`) } : {}),
  })
  return {
    directories: { [at]: 'root' },
    files: { [`${at}/ports.nft`]: silence(probe) },
    processes: [
      oneshot('silence', ['nft', '-f', `${at}/ports.nft`]),
      oneshot('schema', ['ovsdb-tool', 'create', `${at}/conf.db`, schema]),
      {
        name: `${probe.process}-ovsdb`,
        argv: [
          ...['ovsdb-server', `${at}/conf.db`, `--remote=punix:${at}/db.sock`],
          ...[`--unixctl=${at}/ovsdb.ctl`, '--no-chdir'],
        ],
        after: [`${probe.process}-schema`],
        ready: `${at}/db.sock`,
      },
      oneshot(
        'bridge',
        ['bash', '-c', script, 'bridge', at, uplink, port, ...exporting(probe)],
        ['silence', 'ovsdb'],
      ),
      {
        name: probe.process,
        argv: [
          // Where `ovs-ofctl` finds the bridge.
          ...['env', `OVS_RUNDIR=${at}`, 'ovs-vswitchd', `unix:${at}/db.sock`, '--enable-dummy'],
          ...[`--unixctl=${control(probe)}`, '--no-chdir'],
        ],
        after: [`${probe.process}-bridge`],
        // It says so when the ports are there.
        says: `bridge ${bridge}: using datapath ID`,
        stop: { command: ['bash', '-c', ending, 'ending', control(probe)], code: 0 },
      },
    ],
  }
}

/** What the flows of the datapath have counted becomes records; what is cached is sent when the bridge goes. */
const ending = 'ovs-appctl -t "$1" revalidator/purge && ovs-appctl -t "$1" exit'

const rate = ({ sampling }: ProbePlan): string => String(sampling?.rate ?? 1)

/** By protocol, the table of its database and the column of the bridge, and what a record of it says. */
const records: Readonly<
  Record<
    string,
    readonly [table: string, column: string, columns: (probe: ProbePlan) => Record<string, string>]
  >
> = {
  netflow5: [
    'NetFlow',
    'netflow',
    ({ export: way, timeouts: { active } }) => ({
      engine_type: '0',
      engine_id: String(way.domain),
      ...(active === undefined ? {} : { active_timeout: String(active / 1000) }),
    }),
  ],
  ipfix: [
    'IPFIX',
    'ipfix',
    (probe) => ({
      sampling: rate(probe),
      obs_domain_id: String(probe.export.domain),
      cache_active_timeout: String((probe.timeouts.active ?? 60_000) / 1000),
      cache_max_flows: '65536',
      // Or each packet is told twice: where it comes in and where it goes out. (It takes true for false.)
      'other_config:enable-output-sampling': 'true',
    }),
  ],
  sflow: ['sFlow', 'sflow', (probe) => ({ sampling: rate(probe), agent: quoted(probe.export.source) })],
}

const quoted = (text: string): string => `"${text}"`

/** Words for ovs-vsctl. To each of several collectors it sends the same. */
function exporting(probe: ProbePlan): string[] {
  const [table = '', column = '', columns] = records[probe.export.protocol] ?? []
  const ways: readonly ExportPlan[] = [probe.export, ...(probe.copies ?? [])]
  const targets = ways.map(({ address, port }) => quoted(socketAddress(address, port)))
  const values = { targets: `[${targets.join(',')}]`, ...columns?.(probe), ...probe.options }
  return [
    ...['--', '--id=@exports', 'create', table],
    ...Object.entries(values).map(([key, value]) => `${key}=${value}`),
    ...['--', 'set', 'bridge', bridge, `${column}=@exports`],
  ]
}
