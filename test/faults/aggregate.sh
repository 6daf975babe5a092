# On the talk's y: it announces what covers its prefix too, with a longer path.
vtysh -c 'configure terminal' \
  -c 'ip route 192.32.0.0/16 Null0' \
  -c 'route-map longer permit 10' \
  -c 'set as-path prepend 65533 65533' \
  -c 'exit' \
  -c 'router bgp 65533' \
  -c 'address-family ipv4 unicast' \
  -c 'network 192.32.0.0/16 route-map longer'
