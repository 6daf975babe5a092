// The structures of counter samples, after sflow.org's catalogue (https://sflow.org/developers/structures.php), by
// enterprise * 4096 + format. Fields have the names that their documents and MIBs give them.
import { type Structure, structure } from './structure.ts'

const nio = 'bytes_in:u64 pkts_in errs_in drops_in bytes_out:u64 pkts_out errs_out drops_out'

/** [enterprise, format, name, notation] */
const catalogue: readonly (readonly [number, number, string, string])[] = [
  [
    0,
    1,
    'if_counters',
    `ifIndex ifType ifSpeed:u64 ifDirection ifStatus ifInOctets:u64 ifInUcastPkts ifInMulticastPkts ifInBroadcastPkts
     ifInDiscards ifInErrors ifInUnknownProtos ifOutOctets:u64 ifOutUcastPkts ifOutMulticastPkts ifOutBroadcastPkts
     ifOutDiscards ifOutErrors ifPromiscuousMode`,
  ],
  [
    0,
    2,
    'ethernet_counters',
    `dot3StatsAlignmentErrors dot3StatsFCSErrors dot3StatsSingleCollisionFrames dot3StatsMultipleCollisionFrames
     dot3StatsSQETestErrors dot3StatsDeferredTransmissions dot3StatsLateCollisions dot3StatsExcessiveCollisions
     dot3StatsInternalMacTransmitErrors dot3StatsCarrierSenseErrors dot3StatsFrameTooLongs
     dot3StatsInternalMacReceiveErrors dot3StatsSymbolErrors`,
  ],
  [
    0,
    3,
    'tokenring_counters',
    `dot5StatsLineErrors dot5StatsBurstErrors dot5StatsACErrors dot5StatsAbortTransErrors dot5StatsInternalErrors
     dot5StatsLostFrameErrors dot5StatsReceiveCongestions dot5StatsFrameCopiedErrors dot5StatsTokenErrors
     dot5StatsSoftErrors dot5StatsHardErrors dot5StatsSignalLoss dot5StatsTransmitBeacons dot5StatsRecoverys
     dot5StatsLobeWires dot5StatsRemoves dot5StatsSingles dot5StatsFreqErrors`,
  ],
  [
    0,
    4,
    'vg_counters',
    `dot12InHighPriorityFrames dot12InHighPriorityOctets:u64 dot12InNormPriorityFrames dot12InNormPriorityOctets:u64
     dot12InIPMErrors dot12InOversizeFrameErrors dot12InDataErrors dot12InNullAddressedFrames
     dot12OutHighPriorityFrames dot12OutHighPriorityOctets:u64 dot12TransitionIntoTrainings
     dot12HCInHighPriorityOctets:u64 dot12HCInNormPriorityOctets:u64 dot12HCOutHighPriorityOctets:u64`,
  ],
  [0, 5, 'vlan_counters', 'vlan_id octets:u64 ucastPkts multicastPkts broadcastPkts discards'],
  [
    0,
    6,
    'ieee80211_counters',
    `dot11TransmittedFragmentCount dot11MulticastTransmittedFrameCount dot11FailedCount dot11RetryCount
     dot11MultipleRetryCount dot11FrameDuplicateCount dot11RTSSuccessCount dot11RTSFailureCount dot11ACKFailureCount
     dot11ReceivedFragmentCount dot11MulticastReceivedFrameCount dot11FCSErrorCount dot11TransmittedFrameCount
     dot11WEPUndecryptableCount dot11QoSDiscardedFragmentCount dot11AssociatedStationCount
     dot11QoSCFPollsReceivedCount dot11QoSCFPollsUnusedCount dot11QoSCFPollsUnusableCount dot11QoSCFPollsLostCount`,
  ],
  [
    0,
    7,
    'lag_port_stats',
    `dot3adAggPortActorSystemID:mac dot3adAggPortPartnerOperSystemID:mac dot3adAggPortAttachedAggID
     dot3adAggPortState dot3adAggPortStatsLACPDUsRx dot3adAggPortStatsMarkerPDUsRx
     dot3adAggPortStatsMarkerResponsePDUsRx dot3adAggPortStatsUnknownRx dot3adAggPortStatsIllegalRx
     dot3adAggPortStatsLACPDUsTx dot3adAggPortStatsMarkerPDUsTx dot3adAggPortStatsMarkerResponsePDUsTx`,
  ],
  [
    0,
    9,
    'ib_counters',
    `PortXmitPkts:u64 PortRcvPkts:u64 SymbolErrorCounter LinkErrorRecoveryCounter LinkDownedCounter PortRcvErrors
     PortRcvRemotePhysicalErrors PortRcvSwitchRelayErrors PortXmitDiscards PortXmitConstraintErrors
     PortRcvConstraintErrors LocalLinkIntegrityErrors ExcessiveBufferOverrunErrors VL15Dropped`,
  ],
  [
    0,
    10,
    'sfp',
    `module_id module_num_lanes module_supply_voltage module_temperature:i32 lanes:[index tx_bias_current tx_power
     tx_power_min tx_power_max tx_wavelength rx_power rx_power_min rx_power_max rx_wavelength]`,
  ],
  [0, 1001, 'processor', '5s_cpu 1m_cpu 5m_cpu total_memory:u64 free_memory:u64'],
  [0, 1002, 'radio_utilization', 'elapsed_time on_channel_time on_channel_busy_time'],
  [0, 1004, 'of_port', 'datapath_id:u64 port_no'],
  [0, 1005, 'port_name', 'name:string'],
  [0, 2000, 'host_descr', 'hostname:string uuid:uuid machine_type os_name os_release:string'],
  [0, 2001, 'host_adapters', 'adapters:[ifIndex mac_addresses:mac[]]'],
  [0, 2002, 'host_parent', 'container_type container_index'],
  [
    0,
    2003,
    'host_cpu',
    `load_one:f32 load_five:f32 load_fifteen:f32 proc_run proc_total cpu_num cpu_speed uptime cpu_user cpu_nice
     cpu_system cpu_idle cpu_wio cpu_intr cpu_sintr interrupts contexts | cpu_steal cpu_guest cpu_guest_nice`,
  ],
  [
    0,
    2004,
    'host_memory',
    `mem_total:u64 mem_free:u64 mem_shared:u64 mem_buffers:u64 mem_cached:u64 swap_total:u64 swap_free:u64 page_in
     page_out swap_in swap_out`,
  ],
  [
    0,
    2005,
    'host_disk_io',
    `disk_total:u64 disk_free:u64 part_max_used reads bytes_read:u64 read_time writes bytes_written:u64 write_time`,
  ],
  [0, 2006, 'host_net_io', nio],
  [
    0,
    2007,
    'mib2_ip_group',
    `ipForwarding ipDefaultTTL ipInReceives ipInHdrErrors ipInAddrErrors ipForwDatagrams ipInUnknownProtos
     ipInDiscards ipInDelivers ipOutRequests ipOutDiscards ipOutNoRoutes ipReasmTimeout ipReasmReqds ipReasmOKs
     ipReasmFails ipFragOKs ipFragFails ipFragCreates`,
  ],
  [
    0,
    2008,
    'mib2_icmp_group',
    `icmpInMsgs icmpInErrors icmpInDestUnreachs icmpInTimeExcds icmpInParamProbs icmpInSrcQuenchs icmpInRedirects
     icmpInEchos icmpInEchoReps icmpInTimestamps icmpInAddrMasks icmpInAddrMaskReps icmpOutMsgs icmpOutErrors
     icmpOutDestUnreachs icmpOutTimeExcds icmpOutParamProbs icmpOutSrcQuenchs icmpOutRedirects icmpOutEchos
     icmpOutEchoReps icmpOutTimestamps icmpOutTimestampReps icmpOutAddrMasks icmpOutAddrMaskReps`,
  ],
  [
    0,
    2009,
    'mib2_tcp_group',
    `tcpRtoAlgorithm tcpRtoMin tcpRtoMax tcpMaxConn tcpActiveOpens tcpPassiveOpens tcpAttemptFails tcpEstabResets
     tcpCurrEstab tcpInSegs tcpOutSegs tcpRetransSegs tcpInErrs tcpOutRsts tcpInCsumErrors`,
  ],
  [
    0,
    2010,
    'mib2_udp_group',
    `udpInDatagrams udpNoPorts udpInErrors udpOutDatagrams udpRcvbufErrors udpSndbufErrors udpInCsumErrors`,
  ],
  [0, 2100, 'virt_node', 'mhz cpus memory:u64 memory_free:u64 num_domains'],
  [0, 2101, 'virt_cpu', 'state cpuTime nrVirtCpu'],
  [0, 2102, 'virt_memory', 'memory:u64 maxMemory:u64'],
  [
    0,
    2103,
    'virt_disk_io',
    'capacity:u64 allocation:u64 available:u64 rd_req rd_bytes:u64 wr_req wr_bytes:u64 errs',
  ],
  [0, 2104, 'virt_net_io', nio.replaceAll('_in', '_rx').replaceAll('_out', '_tx')],
  [0, 2105, 'jvm_runtime', 'vm_name:string vm_vendor:string vm_version:string'],
  [
    0,
    2106,
    'jvm_statistics',
    `heap_initial:u64 heap_used:u64 heap_committed:u64 heap_max:u64 non_heap_initial:u64 non_heap_used:u64
     non_heap_committed:u64 non_heap_max:u64 gc_count gc_time classes_loaded classes_total classes_unloaded
     compilation_time thread_num_live thread_num_daemon thread_num_started fd_open_count fd_max_count`,
  ],
  [
    0,
    2200,
    'memcache_counters_v1',
    `uptime rusage_user rusage_system curr_connections total_connections connection_structures cmd_get cmd_set
     cmd_flush get_hits get_misses delete_misses delete_hits incr_misses incr_hits decr_misses decr_hits cas_misses
     cas_hits cas_badval auth_cmds auth_errors bytes_read:u64 bytes_written:u64 limit_maxbytes accepting_conns
     listen_disabled_num threads conn_yields bytes:u64 curr_items total_items evictions`,
  ],
  [
    0,
    2201,
    'http_counters',
    `method_option_count method_get_count method_head_count method_post_count method_put_count method_delete_count
     method_trace_count method_connect_count method_other_count status_1XX_count status_2XX_count status_3XX_count
     status_4XX_count status_5XX_count status_other_count`,
  ],
  [
    0,
    2202,
    'app_operations',
    `application:string success other timeout internal_error bad_request forbidden too_large not_implemented
     not_found unavailable unauthorized`,
  ],
  [
    0,
    2203,
    'app_resources',
    'user_time system_time mem_used:u64 mem_max:u64 fd_open fd_max conn_open conn_max',
  ],
  [
    0,
    2204,
    'memcache_counters',
    `cmd_set cmd_touch cmd_flush get_hits get_misses delete_hits delete_misses incr_hits incr_misses decr_hits
     decr_misses cas_hits cas_misses cas_badval auth_cmds auth_errors threads conn_yields listen_disabled_num
     curr_connections rejected_connections total_connections connection_structures evictions reclaimed curr_items
     total_items bytes_read:u64 bytes_written:u64 bytes:u64 limit_maxbytes:u64`,
  ],
  [
    0,
    2205,
    'vdi_counters',
    `sessions_current sessions_total sessions_duration rx_bytes tx_bytes rx_packets tx_packets rx_packets_lost
     tx_packets_lost rtt_min_ms rtt_max_ms rtt_avg_ms audio_rx_bytes audio_tx_bytes audio_tx_limit img_rx_bytes
     img_tx_bytes img_frames img_qual_min img_qual_max img_qual_avg usb_rx_bytes usb_tx_bytes`,
  ],
  [0, 2206, 'app_workers', 'workers_active workers_idle workers_max req_delayed req_dropped'],
  [0, 2207, 'ovs_dp_stats', 'n_hit n_missed n_lost n_mask_hit n_flows n_masks'],
  [
    4413,
    3,
    'hw_tables',
    `host_entries host_entries_max ipv4_entries ipv4_entries_max ipv6_entries ipv6_entries_max ipv4_ipv6_entries
     ipv4_ipv6_entries_max long_ipv6_entries long_ipv6_entries_max total_routes total_routes_max ecmp_nexthops
     ecmp_nexthops_max mac_entries mac_entries_max ipv4_neighbors ipv6_neighbors ipv4_routes ipv6_routes
     acl_ingress_entries acl_ingress_entries_max acl_ingress_counters acl_ingress_counters_max acl_ingress_meters
     acl_ingress_meters_max acl_ingress_slices acl_ingress_slices_max acl_egress_entries acl_egress_entries_max
     acl_egress_counters acl_egress_counters_max acl_egress_meters acl_egress_meters_max acl_egress_slices
     acl_egress_slices_max`,
  ],
  [
    5703,
    1,
    'nvml_gpu',
    'device_count processes gpu_time mem_time mem_total:u64 mem_free:u64 ecc_errors energy temperature fan_speed',
  ],
]

export const counterStructures: ReadonlyMap<number, Structure> = new Map(
  catalogue.map(([enterprise, format, name, notation]) => [
    enterprise * 4096 + format,
    structure(name, notation),
  ]),
)
