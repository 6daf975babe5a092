set -eu
pids=
(
mkdir -p /run/nodes/r1/run /run/nodes/r1/tmp /run/nodes/r1/state
chmod 1777 /run/nodes/r1/tmp
[ ! -d /runs/RUN/nodes/r1/run ] || cp -r /runs/RUN/nodes/r1/run/. /run/nodes/r1/run/
mkdir -p /run/nodes/r1/run/frr && chown frr /run/nodes/r1/run/frr
read -r pid < <(exec setsid unshare --net --mount --uts bash -c 'set -eu
hostname r1
mount --rbind /runs/RUN/nodes/r1/etc/frr /etc/frr
mount --rbind /runs/RUN/nodes/r1/log /var/log
mount --rbind /run/nodes/r1/tmp /var/tmp
mount --rbind /run/nodes/r1/tmp /tmp
mount --rbind /run/nodes/r1/run /run
echo 1 >/proc/sys/net/ipv4/ip_forward
ip link set lo up
echo $$
exec -a node:r1 sleep infinity </dev/null >/dev/null 2>&1')
ln -sfn /proc/$pid/ns /run/ns/r1
ln -sfn /proc/$pid/ns/net /run/netns/r1
) & pids="$pids $!"
(
mkdir -p /run/nodes/r2/run /run/nodes/r2/tmp /run/nodes/r2/state
chmod 1777 /run/nodes/r2/tmp
[ ! -d /runs/RUN/nodes/r2/run ] || cp -r /runs/RUN/nodes/r2/run/. /run/nodes/r2/run/
mkdir -p /run/nodes/r2/run/frr && chown frr /run/nodes/r2/run/frr
read -r pid < <(exec setsid unshare --net --mount --uts bash -c 'set -eu
hostname r2
mount --rbind /runs/RUN/nodes/r2/etc/frr /etc/frr
mount --rbind /runs/RUN/nodes/r2/etc/pmacct /etc/pmacct
mount --rbind /runs/RUN/nodes/r2/log /var/log
mount --rbind /run/nodes/r2/tmp /var/tmp
mount --rbind /run/nodes/r2/tmp /tmp
mount --rbind /run/nodes/r2/run /run
echo 1 >/proc/sys/net/ipv4/ip_forward
ip link set lo up
echo $$
exec -a node:r2 sleep infinity </dev/null >/dev/null 2>&1')
ln -sfn /proc/$pid/ns /run/ns/r2
ln -sfn /proc/$pid/ns/net /run/netns/r2
) & pids="$pids $!"
(
mkdir -p /run/nodes/x/run /run/nodes/x/tmp /run/nodes/x/state
chmod 1777 /run/nodes/x/tmp
[ ! -d /runs/RUN/nodes/x/run ] || cp -r /runs/RUN/nodes/x/run/. /run/nodes/x/run/
mkdir -p /run/nodes/x/run/bird && chown root /run/nodes/x/run/bird
read -r pid < <(exec setsid unshare --net --mount --uts bash -c 'set -eu
hostname x
mount --rbind /runs/RUN/nodes/x/etc/bird /etc/bird
mount --rbind /runs/RUN/nodes/x/log /var/log
mount --rbind /run/nodes/x/tmp /var/tmp
mount --rbind /run/nodes/x/tmp /tmp
mount --rbind /run/nodes/x/run /run
echo 1 >/proc/sys/net/ipv4/ip_forward
ip link set lo up
echo $$
exec -a node:x sleep infinity </dev/null >/dev/null 2>&1')
ln -sfn /proc/$pid/ns /run/ns/x
ln -sfn /proc/$pid/ns/net /run/netns/x
) & pids="$pids $!"
(
mkdir -p /run/nodes/y/run /run/nodes/y/tmp /run/nodes/y/state
chmod 1777 /run/nodes/y/tmp
[ ! -d /runs/RUN/nodes/y/run ] || cp -r /runs/RUN/nodes/y/run/. /run/nodes/y/run/
mkdir -p /run/nodes/y/run/frr && chown frr /run/nodes/y/run/frr
read -r pid < <(exec setsid unshare --net --mount --uts bash -c 'set -eu
hostname y
mount --rbind /runs/RUN/nodes/y/etc/frr /etc/frr
mount --rbind /runs/RUN/nodes/y/log /var/log
mount --rbind /run/nodes/y/tmp /var/tmp
mount --rbind /run/nodes/y/tmp /tmp
mount --rbind /run/nodes/y/run /run
echo 1 >/proc/sys/net/ipv4/ip_forward
ip link set lo up
echo $$
exec -a node:y sleep infinity </dev/null >/dev/null 2>&1')
ln -sfn /proc/$pid/ns /run/ns/y
ln -sfn /proc/$pid/ns/net /run/netns/y
) & pids="$pids $!"
(
mkdir -p /run/nodes/h1/run /run/nodes/h1/tmp /run/nodes/h1/state
chmod 1777 /run/nodes/h1/tmp
[ ! -d /runs/RUN/nodes/h1/run ] || cp -r /runs/RUN/nodes/h1/run/. /run/nodes/h1/run/
read -r pid < <(exec setsid unshare --net --mount --uts bash -c 'set -eu
hostname h1
mount --rbind /runs/RUN/nodes/h1/log /var/log
mount --rbind /run/nodes/h1/tmp /var/tmp
mount --rbind /run/nodes/h1/tmp /tmp
mount --rbind /run/nodes/h1/run /run
ip link set lo up
echo $$
exec -a node:h1 sleep infinity </dev/null >/dev/null 2>&1')
ln -sfn /proc/$pid/ns /run/ns/h1
ln -sfn /proc/$pid/ns/net /run/netns/h1
) & pids="$pids $!"
(
mkdir -p /run/nodes/h16/run /run/nodes/h16/tmp /run/nodes/h16/state
chmod 1777 /run/nodes/h16/tmp
[ ! -d /runs/RUN/nodes/h16/run ] || cp -r /runs/RUN/nodes/h16/run/. /run/nodes/h16/run/
read -r pid < <(exec setsid unshare --net --mount --uts bash -c 'set -eu
hostname h16
mount --rbind /runs/RUN/nodes/h16/log /var/log
mount --rbind /run/nodes/h16/tmp /var/tmp
mount --rbind /run/nodes/h16/tmp /tmp
mount --rbind /run/nodes/h16/run /run
ip link set lo up
echo $$
exec -a node:h16 sleep infinity </dev/null >/dev/null 2>&1')
ln -sfn /proc/$pid/ns /run/ns/h16
ln -sfn /proc/$pid/ns/net /run/netns/h16
) & pids="$pids $!"
(
mkdir -p /run/nodes/h32/run /run/nodes/h32/tmp /run/nodes/h32/state
chmod 1777 /run/nodes/h32/tmp
[ ! -d /runs/RUN/nodes/h32/run ] || cp -r /runs/RUN/nodes/h32/run/. /run/nodes/h32/run/
read -r pid < <(exec setsid unshare --net --mount --uts bash -c 'set -eu
hostname h32
mount --rbind /runs/RUN/nodes/h32/log /var/log
mount --rbind /run/nodes/h32/tmp /var/tmp
mount --rbind /run/nodes/h32/tmp /tmp
mount --rbind /run/nodes/h32/run /run
ip link set lo up
echo $$
exec -a node:h32 sleep infinity </dev/null >/dev/null 2>&1')
ln -sfn /proc/$pid/ns /run/ns/h32
ln -sfn /proc/$pid/ns/net /run/netns/h32
) & pids="$pids $!"
(
mkdir -p /run/nodes/col/run /run/nodes/col/tmp /run/nodes/col/state
chmod 1777 /run/nodes/col/tmp
[ ! -d /runs/RUN/nodes/col/run ] || cp -r /runs/RUN/nodes/col/run/. /run/nodes/col/run/
read -r pid < <(exec setsid unshare --net --mount --uts bash -c 'set -eu
hostname col
mount --rbind /runs/RUN/nodes/col/etc/pmacct /etc/pmacct
mount --rbind /runs/RUN/nodes/col/log /var/log
mount --rbind /run/nodes/col/tmp /var/tmp
mount --rbind /run/nodes/col/tmp /tmp
mount --rbind /run/nodes/col/run /run
ip link set lo up
echo $$
exec -a node:col sleep infinity </dev/null >/dev/null 2>&1')
ln -sfn /proc/$pid/ns /run/ns/col
ln -sfn /proc/$pid/ns/net /run/netns/col
) & pids="$pids $!"
for pid in $pids; do wait "$pid"; done
ip -batch - <<'LINKS'
link add name eth0 netns r2 mtu 1500 type veth peer name eth0 netns x mtu 1500
link add name eth0 netns r1 mtu 1500 type veth peer name eth1 netns r2 mtu 1500
link add name eth0 netns h1 mtu 1500 type veth peer name eth1 netns r1 mtu 1500
link add name eth1 netns x mtu 1500 type veth peer name eth0 netns h16 mtu 1500
link add name eth2 netns x mtu 1500 type veth peer name eth0 netns y mtu 1500
link add name eth1 netns y mtu 1500 type veth peer name eth0 netns h32 mtu 1500
link add name eth2 netns r2 mtu 1500 type veth peer name eth0 netns col mtu 1500
LINKS
pids=
(
set -eu
exec nsenter --net=/run/netns/r1 bash -e <<'NODE'
ethtool -K eth0 tso off gso off gro off lro off tx off rx off >/dev/null 2>&1
ethtool -K eth1 tso off gso off gro off lro off tx off rx off >/dev/null 2>&1
ip -batch - <<'IP'
address add 10.255.0.1/32 dev lo
address add 192.0.128.1/28 dev eth0
address add 192.0.128.66/28 dev eth1
link set dev eth0 up
link set dev eth1 up
IP
NODE
) & pids="$pids $!"
(
set -eu
exec nsenter --net=/run/netns/r2 bash -e <<'NODE'
ethtool -K eth0 tso off gso off gro off lro off tx off rx off >/dev/null 2>&1
ethtool -K eth1 tso off gso off gro off lro off tx off rx off >/dev/null 2>&1
ethtool -K eth2 tso off gso off gro off lro off tx off rx off >/dev/null 2>&1
ip -batch - <<'IP'
address add 10.255.0.2/32 dev lo
address add 192.168.56.3/24 dev eth0
address add 192.0.128.2/28 dev eth1
address add 172.17.0.1/24 dev eth2
link set dev eth0 up
link set dev eth1 up
link set dev eth2 up
route add local 10.254.0.1/32 dev lo
route add 10.254.0.1/32 dev lo
IP
NODE
) & pids="$pids $!"
(
set -eu
exec nsenter --net=/run/netns/x bash -e <<'NODE'
ethtool -K eth0 tso off gso off gro off lro off tx off rx off >/dev/null 2>&1
ethtool -K eth1 tso off gso off gro off lro off tx off rx off >/dev/null 2>&1
ethtool -K eth2 tso off gso off gro off lro off tx off rx off >/dev/null 2>&1
ip -batch - <<'IP'
address add 10.255.0.3/32 dev lo
address add 192.168.56.2/24 dev eth0
address add 192.16.0.1/28 dev eth1
address add 10.0.0.1/30 dev eth2
link set dev eth0 up
link set dev eth1 up
link set dev eth2 up
IP
NODE
) & pids="$pids $!"
(
set -eu
exec nsenter --net=/run/netns/y bash -e <<'NODE'
ethtool -K eth0 tso off gso off gro off lro off tx off rx off >/dev/null 2>&1
ethtool -K eth1 tso off gso off gro off lro off tx off rx off >/dev/null 2>&1
ip -batch - <<'IP'
address add 10.255.0.4/32 dev lo
address add 10.0.0.2/30 dev eth0
address add 192.32.0.1/28 dev eth1
link set dev eth0 up
link set dev eth1 up
IP
NODE
) & pids="$pids $!"
(
set -eu
exec nsenter --net=/run/netns/h1 bash -e <<'NODE'
ethtool -K eth0 tso off gso off gro off lro off tx off rx off >/dev/null 2>&1
ip -batch - <<'IP'
address add 192.0.128.65/28 dev eth0
link set dev eth0 up
route add default via 192.0.128.66
IP
NODE
) & pids="$pids $!"
(
set -eu
exec nsenter --net=/run/netns/h16 bash -e <<'NODE'
ethtool -K eth0 tso off gso off gro off lro off tx off rx off >/dev/null 2>&1
ip -batch - <<'IP'
address add 192.16.0.2/28 dev eth0
link set dev eth0 up
route add default via 192.16.0.1
IP
NODE
) & pids="$pids $!"
(
set -eu
exec nsenter --net=/run/netns/h32 bash -e <<'NODE'
ethtool -K eth0 tso off gso off gro off lro off tx off rx off >/dev/null 2>&1
ip -batch - <<'IP'
address add 192.32.0.2/28 dev eth0
link set dev eth0 up
route add default via 192.32.0.1
IP
NODE
) & pids="$pids $!"
(
set -eu
exec nsenter --net=/run/netns/col bash -e <<'NODE'
ethtool -K eth0 tso off gso off gro off lro off tx off rx off >/dev/null 2>&1
ip -batch - <<'IP'
address add 172.17.0.2/24 dev eth0
link set dev eth0 up
route add default via 172.17.0.1
IP
NODE
) & pids="$pids $!"
for pid in $pids; do wait "$pid"; done
