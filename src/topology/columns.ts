// The columns that pmacct's SQL plugins write primitives to (its sql/README.sqlite3, tables of version 9), and what its JSON calls
// those that it calls otherwise there. check/ refuses primitives without one, the part makes tables of them.

interface Column {
  readonly column: string
  readonly type: 'TEXT' | 'BIGINT'
  /** In JSON, where that is another name. */
  readonly json?: string
}

const text = (column: string, json?: string): Column => ({ column, type: 'TEXT', ...(json ? { json } : {}) })
const number = (column: string): Column => ({ column, type: 'BIGINT' })

export const sqlColumns: Readonly<Record<string, Column>> = {
  src_host: text('ip_src'),
  dst_host: text('ip_dst'),
  src_net: text('net_src'),
  dst_net: text('net_dst'),
  src_mask: number('mask_src'),
  dst_mask: number('mask_dst'),
  src_port: number('port_src'),
  dst_port: number('port_dst'),
  proto: number('ip_proto'),
  tos: number('tos'),
  tcpflags: number('tcp_flags'),
  src_mac: text('mac_src'),
  dst_mac: text('mac_dst'),
  vlan: number('vlan'),
  tag: number('tag'),
  src_as: number('as_src'),
  dst_as: number('as_dst'),
  peer_src_as: number('peer_as_src'),
  peer_dst_as: number('peer_as_dst'),
  peer_src_ip: text('peer_ip_src'),
  peer_dst_ip: text('peer_ip_dst'),
  as_path: text('as_path'),
  src_as_path: text('as_path_src', 'src_as_path'),
  std_comm: text('comms'),
  local_pref: number('local_pref'),
  med: number('med'),
  in_iface: number('iface_in'),
  out_iface: number('iface_out'),
  sampling_rate: number('sampling_rate'),
  export_proto_version: number('export_proto_version'),
  export_proto_sysid: number('export_proto_sysid'),
}

/** A row of a database's, under the names of pmacct's JSON. */
export const renamed = <Row extends Readonly<Record<string, unknown>>>(row: Row): Row =>
  Object.fromEntries(Object.entries(row).map(([key, value]) => [jsonOf.get(key) ?? key, value])) as Row

const jsonOf = new Map(
  Object.values(sqlColumns).flatMap(({ column, json }) => (json ? [[column, json] as const] : [])),
)
