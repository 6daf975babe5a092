# On the talk's collector: once it has been told of a prefix it hears nothing more of its router, and its session stays.
until grep -q 192.32.0.0 /var/log/nfacctd-main-bgp.json; do sleep 0.2; done
sleep 0.5
nft -f - <<END
table inet deaf {
  chain in {
    type filter hook input priority 0;
    tcp dport 179 drop
    tcp sport 179 drop
  }
}
END
