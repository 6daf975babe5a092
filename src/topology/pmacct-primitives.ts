// The primitives of pmacct 1.7.7's `aggregate`, as `nfacctd -a` lists them: pmacct passes over a misspelt one, and sums up what it was to
// tell apart.

const names = `
as_path class cos dst_as dst_host dst_host_coords dst_host_country dst_host_pocode dst_mac dst_mask dst_net dst_port
dst_roa etype export_proto_seqno export_proto_sysid export_proto_version ext_comm flows fw_event in_iface label
local_pref lrg_comm med mpls_label_bottom mpls_label_top mpls_pw_id mpls_stack_depth mpls_vpn_rd nat_event out_iface
peer_dst_as peer_dst_ip peer_src_as peer_src_ip post_nat_dst_host post_nat_dst_port post_nat_src_host
post_nat_src_port proto sampling_direction sampling_rate src_as src_as_path src_ext_comm src_host src_host_coords
src_host_country src_host_pocode src_local_pref src_lrg_comm src_mac src_mask src_med src_net src_port src_roa
src_std_comm std_comm tag tag2 tcpflags timestamp_arrival timestamp_end timestamp_export timestamp_start tos vlan
vxlan
`

export const pmacctPrimitives: ReadonlySet<string> = new Set(names.trim().split(/\s+/))
