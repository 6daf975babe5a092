CREATE TABLE t_marked (ip_src TEXT, ip_dst TEXT, port_src BIGINT, port_dst BIGINT, ip_proto BIGINT, peer_ip_src TEXT, export_proto_sysid BIGINT, packets BIGINT, bytes BIGINT);
CREATE TABLE t_plain (ip_src TEXT, ip_dst TEXT, port_src BIGINT, port_dst BIGINT, ip_proto BIGINT, packets BIGINT, bytes BIGINT);
