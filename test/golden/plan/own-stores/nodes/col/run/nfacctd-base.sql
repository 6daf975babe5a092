CREATE TABLE t_foo (ip_src TEXT, ip_dst TEXT, ip_proto BIGINT, packets BIGINT, bytes BIGINT, stamp_inserted TIMESTAMP NULL, stamp_updated TIMESTAMP NULL);
