CREATE TABLE t_all (ip_src TEXT, ip_dst TEXT, port_src BIGINT, port_dst BIGINT, ip_proto BIGINT, packets BIGINT, bytes BIGINT, stamp_inserted TIMESTAMP NULL, stamp_updated TIMESTAMP NULL);
