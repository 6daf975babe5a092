set -eu
pids=
(
mkdir -p /run/nodes/r/run /run/nodes/r/tmp /run/nodes/r/state
chmod 1777 /run/nodes/r/tmp
[ ! -d /runs/RUN/nodes/r/run ] || cp -r /runs/RUN/nodes/r/run/. /run/nodes/r/run/
mkdir -p /run/nodes/r/run/bird && chown root /run/nodes/r/run/bird
read -r pid < <(exec setsid unshare --net --mount --uts bash -c 'set -eu
hostname r
mount --rbind /runs/RUN/nodes/r/etc/bird /etc/bird
mount --rbind /runs/RUN/nodes/r/log /var/log
mount --rbind /run/nodes/r/tmp /var/tmp
mount --rbind /run/nodes/r/tmp /tmp
mount --rbind /run/nodes/r/run /run
echo 1 >/proc/sys/net/ipv4/ip_forward
ip link set lo up
echo $$
exec -a node:r sleep infinity </dev/null >/dev/null 2>&1')
ln -sfn /proc/$pid/ns /run/ns/r
ln -sfn /proc/$pid/ns/net /run/netns/r
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
mkdir -p /run/nodes/h2/run /run/nodes/h2/tmp /run/nodes/h2/state
chmod 1777 /run/nodes/h2/tmp
[ ! -d /runs/RUN/nodes/h2/run ] || cp -r /runs/RUN/nodes/h2/run/. /run/nodes/h2/run/
read -r pid < <(exec setsid unshare --net --mount --uts bash -c 'set -eu
hostname h2
mount --rbind /runs/RUN/nodes/h2/log /var/log
mount --rbind /run/nodes/h2/tmp /var/tmp
mount --rbind /run/nodes/h2/tmp /tmp
mount --rbind /run/nodes/h2/run /run
ip link set lo up
echo $$
exec -a node:h2 sleep infinity </dev/null >/dev/null 2>&1')
ln -sfn /proc/$pid/ns /run/ns/h2
ln -sfn /proc/$pid/ns/net /run/netns/h2
) & pids="$pids $!"
(
mkdir -p /run/nodes/wire.0/run /run/nodes/wire.0/tmp /run/nodes/wire.0/state
chmod 1777 /run/nodes/wire.0/tmp
[ ! -d /runs/RUN/nodes/wire.0/run ] || cp -r /runs/RUN/nodes/wire.0/run/. /run/nodes/wire.0/run/
read -r pid < <(exec setsid unshare --net --mount --uts bash -c 'set -eu
hostname wire.0
mount --rbind /runs/RUN/nodes/wire.0/log /var/log
mount --rbind /run/nodes/wire.0/tmp /var/tmp
mount --rbind /run/nodes/wire.0/tmp /tmp
mount --rbind /run/nodes/wire.0/run /run
echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
ip link set lo up
echo $$
exec -a node:wire.0 sleep infinity </dev/null >/dev/null 2>&1')
ln -sfn /proc/$pid/ns /run/ns/wire.0
ln -sfn /proc/$pid/ns/net /run/netns/wire.0
) & pids="$pids $!"
(
mkdir -p /run/nodes/wire.1/run /run/nodes/wire.1/tmp /run/nodes/wire.1/state
chmod 1777 /run/nodes/wire.1/tmp
[ ! -d /runs/RUN/nodes/wire.1/run ] || cp -r /runs/RUN/nodes/wire.1/run/. /run/nodes/wire.1/run/
read -r pid < <(exec setsid unshare --net --mount --uts bash -c 'set -eu
hostname wire.1
mount --rbind /runs/RUN/nodes/wire.1/log /var/log
mount --rbind /run/nodes/wire.1/tmp /var/tmp
mount --rbind /run/nodes/wire.1/tmp /tmp
mount --rbind /run/nodes/wire.1/run /run
echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6
echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
ip link set lo up
echo $$
exec -a node:wire.1 sleep infinity </dev/null >/dev/null 2>&1')
ln -sfn /proc/$pid/ns /run/ns/wire.1
ln -sfn /proc/$pid/ns/net /run/netns/wire.1
) & pids="$pids $!"
for pid in $pids; do wait "$pid"; done
ip -batch - <<'LINKS'
link add name eth0 netns h1 mtu 1500 type veth peer name a netns wire.0 mtu 1500
link add name b netns wire.0 mtu 1500 type veth peer name eth0 netns r mtu 1500
link add name eth0 netns h2 mtu 1500 type veth peer name a netns wire.1 mtu 1500
link add name b netns wire.1 mtu 1500 type veth peer name eth1 netns r mtu 1500
LINKS
pids=
(
set -eu
exec nsenter --net=/run/netns/r bash -e <<'NODE'
ethtool -K eth0 tso off gso off gro off lro off tx off rx off >/dev/null 2>&1
ethtool -K eth1 tso off gso off gro off lro off tx off rx off >/dev/null 2>&1
ip -batch - <<'IP'
address add 10.255.0.1/32 dev lo
address add 192.0.2.2/28 dev eth0
address add 192.0.2.18/28 dev eth1
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
address add 192.0.2.1/28 dev eth0
link set dev eth0 up
route add default via 192.0.2.2
IP
NODE
) & pids="$pids $!"
(
set -eu
exec nsenter --net=/run/netns/h2 bash -e <<'NODE'
ethtool -K eth0 tso off gso off gro off lro off tx off rx off >/dev/null 2>&1
ip -batch - <<'IP'
address add 192.0.2.17/28 dev eth0
link set dev eth0 up
route add default via 192.0.2.18
IP
NODE
) & pids="$pids $!"
(
set -eu
exec nsenter --net=/run/netns/wire.0 bash -e <<'NODE'
ethtool -K a tso off gso off gro off lro off tx off rx off >/dev/null 2>&1
ethtool -K b tso off gso off gro off lro off tx off rx off >/dev/null 2>&1
ip -batch - <<'IP'
link set dev a up
link set dev b up
IP
NODE
) & pids="$pids $!"
(
set -eu
exec nsenter --net=/run/netns/wire.1 bash -e <<'NODE'
ethtool -K a tso off gso off gro off lro off tx off rx off >/dev/null 2>&1
ethtool -K b tso off gso off gro off lro off tx off rx off >/dev/null 2>&1
ip -batch - <<'IP'
link set dev a up
link set dev b up
IP
NODE
) & pids="$pids $!"
for pid in $pids; do wait "$pid"; done
