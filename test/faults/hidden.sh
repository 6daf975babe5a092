# On the talk's r2: once the collector has been told of a prefix it is taken back; the router keeps the route itself.
until vtysh -c 'show bgp ipv4 unicast neighbors 172.17.0.2 advertised-routes' | grep -c '192.32.0.0' | grep -q 2; do sleep 0.3; done
sleep 1
vtysh -c 'configure terminal' \
  -c 'ip prefix-list hidden seq 5 deny 192.32.0.0/24' \
  -c 'ip prefix-list hidden seq 10 permit 0.0.0.0/0 le 32' \
  -c 'router bgp 65531' \
  -c 'address-family ipv4 unicast' \
  -c 'neighbor 172.17.0.2 prefix-list hidden out'
vtysh -c 'clear bgp ipv4 unicast 172.17.0.2 soft out'
