// The structures of flow samples that have no columns of their own, after sflow.org's catalogue
// (https://sflow.org/developers/structures.php), by enterprise * 4096 + format.
import { type Structure, structure } from './structure.ts'

const ethernet = 'length src_mac:mac dst_mac:mac type'
const ipv4 = 'length protocol src_ip:ipv4 dst_ip:ipv4 src_port dst_port tcp_flags tos'
const ipv6 = 'length protocol src_ip:ipv6 dst_ip:ipv6 src_port dst_port tcp_flags priority'
const socket4 = 'protocol local_ip:ipv4 remote_ip:ipv4 local_port remote_port'
const socket6 = 'protocol local_ip:ipv6 remote_ip:ipv6 local_port remote_port'
const context = 'application:string operation:string attributes:string'
const http = [
  'uri:string host:string referer:string useragent:string xff:string authuser:string mime_type:string',
  'req_bytes:u64 resp_bytes:u64 duration_us status:i32',
].join(' ')

/** [enterprise, format, name, notation] */
const catalogue: readonly (readonly [number, number, string, string])[] = [
  [0, 1004, 'extended_user', 'src_charset src_user:string dst_charset dst_user:string'],
  [0, 1005, 'extended_url', 'direction url:string host:string'],
  [0, 1006, 'extended_mpls', 'nexthop:address in_stack:u32[] out_stack:u32[]'],
  [0, 1008, 'extended_mpls_tunnel', 'tunnel_lsp_name:string tunnel_id tunnel_cos'],
  [0, 1009, 'extended_mpls_vc', 'vc_instance_name:string vll_vc_id vc_label_cos'],
  [0, 1010, 'extended_mpls_FTN', 'mplsFTNDescr:string mplsFTNMask'],
  [0, 1011, 'extended_mpls_LDP_FEC', 'mplsFecAddrPrefixLength'],
  [0, 1012, 'extended_vlantunnel', 'stack:u32[]'],
  [0, 1013, 'extended_80211_payload', 'cipher_suite data:opaque'],
  [0, 1014, 'extended_80211_rx', 'ssid:string bssid:mac version channel speed:u64 rsni rcpi packet_duration'],
  [
    0,
    1015,
    'extended_80211_tx',
    'ssid:string bssid:mac version transmissions packet_duration retrans_duration channel speed:u64 power',
  ],
  [0, 1016, 'extended_80211_aggregation', 'pdus:rest'],
  [0, 1017, 'extended_openflow_v1', 'flow_cookie:u64 flow_match flow_actions'],
  [0, 1021, 'extended_L2_tunnel_egress', ethernet],
  [0, 1022, 'extended_L2_tunnel_ingress', ethernet],
  [0, 1023, 'extended_ipv4_tunnel_egress', ipv4],
  [0, 1024, 'extended_ipv4_tunnel_ingress', ipv4],
  [0, 1025, 'extended_ipv6_tunnel_egress', ipv6],
  [0, 1026, 'extended_ipv6_tunnel_ingress', ipv6],
  [0, 1027, 'extended_decapsulate_egress', 'inner_header_offset'],
  [0, 1028, 'extended_decapsulate_ingress', 'inner_header_offset'],
  [0, 1029, 'extended_vni_egress', 'vni'],
  [0, 1030, 'extended_vni_ingress', 'vni'],
  [
    0,
    1031,
    'extended_ib_lrh',
    'src_vl src_sl src_dlid src_slid src_lnh dst_vl dst_sl dst_dlid dst_slid dst_lnh',
  ],
  [0, 1032, 'extended_ib_grh', 'flow_label tc s_gid:uuid d_gid:uuid next_header length'],
  [0, 1033, 'extended_ib_bth', 'pkey dst_qp opcode'],
  [0, 1034, 'extended_vlan_in', 'stack:u32[]'],
  [0, 1035, 'extended_vlan_out', 'stack:u32[]'],
  [0, 1036, 'extended_egress_queue', 'queue'],
  [0, 1037, 'extended_acl', 'number name:string direction'],
  [0, 1038, 'extended_function', 'symbol:string'],
  [0, 1039, 'extended_transit_delay', 'delay'],
  [0, 1040, 'extended_queue_depth', 'depth'],
  [0, 1041, 'extended_hw_trap', 'group:string trap:string'],
  [0, 1042, 'extended_linux_drop_reason', 'reason:string'],
  [0, 2000, 'transaction', 'direction wait duration status bytes_received:u64 bytes_sent:u64'],
  [0, 2001, 'extended_nfs_storage_transaction', 'path:opaque operation status'],
  [0, 2002, 'extended_scsi_storage_transaction', 'lun operation status'],
  [
    0,
    2003,
    'extended_http_transaction',
    'url:string host:string referer:string useragent:string user:string status',
  ],
  [0, 2100, 'extended_socket_ipv4', socket4],
  [0, 2101, 'extended_socket_ipv6', socket6],
  [0, 2102, 'extended_proxy_socket_ipv4', socket4],
  [0, 2103, 'extended_proxy_socket_ipv6', socket6],
  [0, 2200, 'memcache_operation', 'protocol cmd key:string nkeys value_bytes duration_us status'],
  [0, 2201, 'http_request_v1', `method ${http}`],
  [
    0,
    2202,
    'app_operation',
    `${context} status_descr:string req_bytes:u64 resp_bytes:u64 duration_us status`,
  ],
  [0, 2203, 'app_parent_context', context],
  [0, 2204, 'app_initiator', 'actor:string'],
  [0, 2205, 'app_target', 'actor:string'],
  [0, 2206, 'http_request', `method protocol ${http}`],
  [0, 2207, 'extended_proxy_request', 'uri:string host:string'],
  [
    0,
    2209,
    'extended_tcp_info',
    'dir snd_mss rcv_mss unacked lost retrans pmtu rtt rttvar snd_cwnd reordering min_rtt',
  ],
  [0, 2210, 'extended_entities', 'src_ds_class src_ds_index dst_ds_class dst_ds_index'],
  [4413, 1, 'bst_egress_queue', 'queue'],
]

export const flowStructures: ReadonlyMap<number, Structure> = new Map(
  catalogue.map(([enterprise, format, name, notation]) => [
    enterprise * 4096 + format,
    structure(name, notation),
  ]),
)
