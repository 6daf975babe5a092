set -euE
supervise='
state=$1 log=$2; shift 2
rm -f "$state.exit"
"$@" </dev/null >>"$log" 2>&1 &
echo $! >"$state.new" && mv "$state.new" "$state.pid"
code=0; wait $! || code=$?
echo "$code $(date +%s%3N)" >"$state.end" && mv "$state.end" "$state.exit"
'

exec 9<> <(:)
# A hundredth of a second, without starting a program.
pause() {
  (( SECONDS < 60 )) || { echo "$1 was not ready after 60 s" >&2; exit 1; }
  read -rt 0.01 -u 9 || :
}
ended() { [ -e "$1.exit" ] && read -r code _ <"$1.exit"; }
# The end of its log says why.
fail() {
  log=${1%/state/*}/log/${1##*/}.log
  echo "$2 ended with $code before it was ready; $log says:" >&2
  tail -n 3 "$log" >&2
  exit 1
}
alive() { ! ended "$1" || fail "$1" "$2"; }
launched() { until [ -e "$1.pid" ]; do pause "$2"; done; }
ready() { until [ -e "$3" ]; do alive "$1" "$2"; pause "$2"; done; }
says() { until [[ $(<"$3") == *"$4"* ]]; do alive "$1" "$2"; pause "$2"; done; }
done_well() { until ended "$1"; do pause "$2"; done; [ "$code" = 0 ] || fail "$1" "$2"; }
where() { place=$(<"$1/wchan"); } 2>/dev/null
# Process 1 waits, but for the moments in which it reaps orphans.
tells() { for _ in {1..30}; do where /proc/1; [ "$place" = 0 ] || return 0; pause "$2"; done; return 1; }
woken() {
  read -r pid <"$1.pid"
  tells "$1" "$2" || { sleep 6; return; }
  until where "/proc/$pid" && [[ $place == *$3* ]]; do
    alive "$1" "$2"
    if [[ $place == *nanosleep* ]] && listen "$pid"; then kill "-$4" "$pid"; fi
    pause "$2"
  done
}
# All threads but the main one wait for what comes to them, for which they have made everything ready.
listen() { for task in /proc/"$1"/task/*; do [ "$task" = "/proc/$1/task/$1" ] || { where "$task" && [[ $place == *@(poll|select)* ]]; } || return 1; done; }
# A process that is started again gets a new log: what it said in its former life is set aside.
prepare() { rm -f "$1".*; [ ! -s "$2" ] || mv "$2" "$2.$(date +%s%3N)"; : >"$2"; }

pids=
(
trap 'echo "r1: $BASH_COMMAND: failed" >&2' ERR
prepare /runs/RUN/nodes/r1/state/zebra /runs/RUN/nodes/r1/log/zebra.log
setsid sh -c "$supervise" supervise /runs/RUN/nodes/r1/state/zebra /runs/RUN/nodes/r1/log/zebra.log env --default-signal=INT,QUIT,PIPE -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 nsenter --net=/run/ns/r1/net --mount=/run/ns/r1/mnt --uts=/run/ns/r1/uts --wd=/ -- /usr/lib/frr/zebra --log stdout --log-level informational >/dev/null 2>&1 9>&- &
launched /runs/RUN/nodes/r1/state/zebra 'r1: zebra'; ready /runs/RUN/nodes/r1/state/zebra 'r1: zebra' /run/nodes/r1/run/frr/zserv.api
prepare /runs/RUN/nodes/r1/state/ospfd /runs/RUN/nodes/r1/log/ospfd.log
setsid sh -c "$supervise" supervise /runs/RUN/nodes/r1/state/ospfd /runs/RUN/nodes/r1/log/ospfd.log env --default-signal=INT,QUIT,PIPE -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 nsenter --net=/run/ns/r1/net --mount=/run/ns/r1/mnt --uts=/run/ns/r1/uts --wd=/ -- /usr/lib/frr/ospfd --log stdout --log-level informational >/dev/null 2>&1 9>&- &
launched /runs/RUN/nodes/r1/state/zebra 'r1: zebra'; ready /runs/RUN/nodes/r1/state/zebra 'r1: zebra' /run/nodes/r1/run/frr/zserv.api
prepare /runs/RUN/nodes/r1/state/bgpd /runs/RUN/nodes/r1/log/bgpd.log
setsid sh -c "$supervise" supervise /runs/RUN/nodes/r1/state/bgpd /runs/RUN/nodes/r1/log/bgpd.log env --default-signal=INT,QUIT,PIPE -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 nsenter --net=/run/ns/r1/net --mount=/run/ns/r1/mnt --uts=/run/ns/r1/uts --wd=/ -- /usr/lib/frr/bgpd --log stdout --log-level informational >/dev/null 2>&1 9>&- &
launched /runs/RUN/nodes/r1/state/zebra 'r1: zebra'; ready /runs/RUN/nodes/r1/state/zebra 'r1: zebra' /run/nodes/r1/run/frr/zserv.api
launched /runs/RUN/nodes/r1/state/ospfd 'r1: ospfd'; ready /runs/RUN/nodes/r1/state/ospfd 'r1: ospfd' /run/nodes/r1/run/frr/ospfd.vty
launched /runs/RUN/nodes/r1/state/bgpd 'r1: bgpd'; ready /runs/RUN/nodes/r1/state/bgpd 'r1: bgpd' /run/nodes/r1/run/frr/bgpd.vty
) & pids="$pids $!"
(
trap 'echo "r2: $BASH_COMMAND: failed" >&2' ERR
prepare /runs/RUN/nodes/r2/state/zebra /runs/RUN/nodes/r2/log/zebra.log
setsid sh -c "$supervise" supervise /runs/RUN/nodes/r2/state/zebra /runs/RUN/nodes/r2/log/zebra.log env --default-signal=INT,QUIT,PIPE -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 nsenter --net=/run/ns/r2/net --mount=/run/ns/r2/mnt --uts=/run/ns/r2/uts --wd=/ -- /usr/lib/frr/zebra --log stdout --log-level informational >/dev/null 2>&1 9>&- &
launched /runs/RUN/nodes/r2/state/zebra 'r2: zebra'; ready /runs/RUN/nodes/r2/state/zebra 'r2: zebra' /run/nodes/r2/run/frr/zserv.api
prepare /runs/RUN/nodes/r2/state/staticd /runs/RUN/nodes/r2/log/staticd.log
setsid sh -c "$supervise" supervise /runs/RUN/nodes/r2/state/staticd /runs/RUN/nodes/r2/log/staticd.log env --default-signal=INT,QUIT,PIPE -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 nsenter --net=/run/ns/r2/net --mount=/run/ns/r2/mnt --uts=/run/ns/r2/uts --wd=/ -- /usr/lib/frr/staticd --log stdout --log-level informational >/dev/null 2>&1 9>&- &
launched /runs/RUN/nodes/r2/state/zebra 'r2: zebra'; ready /runs/RUN/nodes/r2/state/zebra 'r2: zebra' /run/nodes/r2/run/frr/zserv.api
prepare /runs/RUN/nodes/r2/state/ospfd /runs/RUN/nodes/r2/log/ospfd.log
setsid sh -c "$supervise" supervise /runs/RUN/nodes/r2/state/ospfd /runs/RUN/nodes/r2/log/ospfd.log env --default-signal=INT,QUIT,PIPE -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 nsenter --net=/run/ns/r2/net --mount=/run/ns/r2/mnt --uts=/run/ns/r2/uts --wd=/ -- /usr/lib/frr/ospfd --log stdout --log-level informational >/dev/null 2>&1 9>&- &
launched /runs/RUN/nodes/r2/state/zebra 'r2: zebra'; ready /runs/RUN/nodes/r2/state/zebra 'r2: zebra' /run/nodes/r2/run/frr/zserv.api
prepare /runs/RUN/nodes/r2/state/bgpd /runs/RUN/nodes/r2/log/bgpd.log
setsid sh -c "$supervise" supervise /runs/RUN/nodes/r2/state/bgpd /runs/RUN/nodes/r2/log/bgpd.log env --default-signal=INT,QUIT,PIPE -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 nsenter --net=/run/ns/r2/net --mount=/run/ns/r2/mnt --uts=/run/ns/r2/uts --wd=/ -- /usr/lib/frr/bgpd --log stdout --log-level informational >/dev/null 2>&1 9>&- &
prepare /runs/RUN/nodes/r2/state/pmacctd-edge /runs/RUN/nodes/r2/log/pmacctd-edge.log
setsid sh -c "$supervise" supervise /runs/RUN/nodes/r2/state/pmacctd-edge /runs/RUN/nodes/r2/log/pmacctd-edge.log env --default-signal=INT,QUIT,PIPE -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 nsenter --net=/run/ns/r2/net --mount=/run/ns/r2/mnt --uts=/run/ns/r2/uts --wd=/ -- pmacctd -f /etc/pmacct/pmacctd-edge.conf >/dev/null 2>&1 9>&- &
launched /runs/RUN/nodes/r2/state/zebra 'r2: zebra'; ready /runs/RUN/nodes/r2/state/zebra 'r2: zebra' /run/nodes/r2/run/frr/zserv.api
launched /runs/RUN/nodes/r2/state/staticd 'r2: staticd'; ready /runs/RUN/nodes/r2/state/staticd 'r2: staticd' /run/nodes/r2/run/frr/staticd.vty
launched /runs/RUN/nodes/r2/state/ospfd 'r2: ospfd'; ready /runs/RUN/nodes/r2/state/ospfd 'r2: ospfd' /run/nodes/r2/run/frr/ospfd.vty
launched /runs/RUN/nodes/r2/state/bgpd 'r2: bgpd'; ready /runs/RUN/nodes/r2/state/bgpd 'r2: bgpd' /run/nodes/r2/run/frr/bgpd.vty
launched /runs/RUN/nodes/r2/state/pmacctd-edge 'r2: pmacctd-edge'; says /runs/RUN/nodes/r2/state/pmacctd-edge 'r2: pmacctd-edge' /runs/RUN/nodes/r2/log/pmacctd-edge.log 'waiting for BGP data'; woken /runs/RUN/nodes/r2/state/pmacctd-edge 'r2: pmacctd-edge' poll USR1
) & pids="$pids $!"
(
trap 'echo "x: $BASH_COMMAND: failed" >&2' ERR
prepare /runs/RUN/nodes/x/state/bird /runs/RUN/nodes/x/log/bird.log
setsid sh -c "$supervise" supervise /runs/RUN/nodes/x/state/bird /runs/RUN/nodes/x/log/bird.log env --default-signal=INT,QUIT,PIPE -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 nsenter --net=/run/ns/x/net --mount=/run/ns/x/mnt --uts=/run/ns/x/uts --wd=/ -- bird -f -c /etc/bird/bird.conf -s /run/bird/bird.ctl -P /run/bird/bird.pid >/dev/null 2>&1 9>&- &
launched /runs/RUN/nodes/x/state/bird 'x: bird'; says /runs/RUN/nodes/x/state/bird 'x: bird' /runs/RUN/nodes/x/log/bird.log Started
) & pids="$pids $!"
(
trap 'echo "y: $BASH_COMMAND: failed" >&2' ERR
prepare /runs/RUN/nodes/y/state/zebra /runs/RUN/nodes/y/log/zebra.log
setsid sh -c "$supervise" supervise /runs/RUN/nodes/y/state/zebra /runs/RUN/nodes/y/log/zebra.log env --default-signal=INT,QUIT,PIPE -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 nsenter --net=/run/ns/y/net --mount=/run/ns/y/mnt --uts=/run/ns/y/uts --wd=/ -- /usr/lib/frr/zebra --log stdout --log-level informational >/dev/null 2>&1 9>&- &
launched /runs/RUN/nodes/y/state/zebra 'y: zebra'; ready /runs/RUN/nodes/y/state/zebra 'y: zebra' /run/nodes/y/run/frr/zserv.api
prepare /runs/RUN/nodes/y/state/staticd /runs/RUN/nodes/y/log/staticd.log
setsid sh -c "$supervise" supervise /runs/RUN/nodes/y/state/staticd /runs/RUN/nodes/y/log/staticd.log env --default-signal=INT,QUIT,PIPE -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 nsenter --net=/run/ns/y/net --mount=/run/ns/y/mnt --uts=/run/ns/y/uts --wd=/ -- /usr/lib/frr/staticd --log stdout --log-level informational >/dev/null 2>&1 9>&- &
launched /runs/RUN/nodes/y/state/zebra 'y: zebra'; ready /runs/RUN/nodes/y/state/zebra 'y: zebra' /run/nodes/y/run/frr/zserv.api
prepare /runs/RUN/nodes/y/state/bgpd /runs/RUN/nodes/y/log/bgpd.log
setsid sh -c "$supervise" supervise /runs/RUN/nodes/y/state/bgpd /runs/RUN/nodes/y/log/bgpd.log env --default-signal=INT,QUIT,PIPE -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 nsenter --net=/run/ns/y/net --mount=/run/ns/y/mnt --uts=/run/ns/y/uts --wd=/ -- /usr/lib/frr/bgpd --log stdout --log-level informational >/dev/null 2>&1 9>&- &
launched /runs/RUN/nodes/y/state/zebra 'y: zebra'; ready /runs/RUN/nodes/y/state/zebra 'y: zebra' /run/nodes/y/run/frr/zserv.api
launched /runs/RUN/nodes/y/state/staticd 'y: staticd'; ready /runs/RUN/nodes/y/state/staticd 'y: staticd' /run/nodes/y/run/frr/staticd.vty
launched /runs/RUN/nodes/y/state/bgpd 'y: bgpd'; ready /runs/RUN/nodes/y/state/bgpd 'y: bgpd' /run/nodes/y/run/frr/bgpd.vty
) & pids="$pids $!"
(
trap 'echo "h1: $BASH_COMMAND: failed" >&2' ERR
prepare /runs/RUN/nodes/h1/state/ITGRecv /runs/RUN/nodes/h1/log/ITGRecv.log
setsid sh -c "$supervise" supervise /runs/RUN/nodes/h1/state/ITGRecv /runs/RUN/nodes/h1/log/ITGRecv.log env --default-signal=INT,QUIT,PIPE -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 nsenter --net=/run/ns/h1/net --mount=/run/ns/h1/mnt --uts=/run/ns/h1/uts --wd=/ -- stdbuf -oL ITGRecv >/dev/null 2>&1 9>&- &
launched /runs/RUN/nodes/h1/state/ITGRecv 'h1: ITGRecv'; says /runs/RUN/nodes/h1/state/ITGRecv 'h1: ITGRecv' /runs/RUN/nodes/h1/log/ITGRecv.log 'Press Ctrl-C'
) & pids="$pids $!"
(
trap 'echo "h16: $BASH_COMMAND: failed" >&2' ERR
prepare /runs/RUN/nodes/h16/state/ITGRecv /runs/RUN/nodes/h16/log/ITGRecv.log
setsid sh -c "$supervise" supervise /runs/RUN/nodes/h16/state/ITGRecv /runs/RUN/nodes/h16/log/ITGRecv.log env --default-signal=INT,QUIT,PIPE -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 nsenter --net=/run/ns/h16/net --mount=/run/ns/h16/mnt --uts=/run/ns/h16/uts --wd=/ -- stdbuf -oL ITGRecv >/dev/null 2>&1 9>&- &
launched /runs/RUN/nodes/h16/state/ITGRecv 'h16: ITGRecv'; says /runs/RUN/nodes/h16/state/ITGRecv 'h16: ITGRecv' /runs/RUN/nodes/h16/log/ITGRecv.log 'Press Ctrl-C'
) & pids="$pids $!"
(
trap 'echo "h32: $BASH_COMMAND: failed" >&2' ERR
prepare /runs/RUN/nodes/h32/state/ITGRecv /runs/RUN/nodes/h32/log/ITGRecv.log
setsid sh -c "$supervise" supervise /runs/RUN/nodes/h32/state/ITGRecv /runs/RUN/nodes/h32/log/ITGRecv.log env --default-signal=INT,QUIT,PIPE -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 nsenter --net=/run/ns/h32/net --mount=/run/ns/h32/mnt --uts=/run/ns/h32/uts --wd=/ -- stdbuf -oL ITGRecv >/dev/null 2>&1 9>&- &
launched /runs/RUN/nodes/h32/state/ITGRecv 'h32: ITGRecv'; says /runs/RUN/nodes/h32/state/ITGRecv 'h32: ITGRecv' /runs/RUN/nodes/h32/log/ITGRecv.log 'Press Ctrl-C'
) & pids="$pids $!"
(
trap 'echo "col: $BASH_COMMAND: failed" >&2' ERR
prepare /runs/RUN/nodes/col/state/nfacctd-main /runs/RUN/nodes/col/log/nfacctd-main.log
setsid sh -c "$supervise" supervise /runs/RUN/nodes/col/state/nfacctd-main /runs/RUN/nodes/col/log/nfacctd-main.log env --default-signal=INT,QUIT,PIPE -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 nsenter --net=/run/ns/col/net --mount=/run/ns/col/mnt --uts=/run/ns/col/uts --wd=/ -- nfacctd -f /etc/pmacct/nfacctd-main.conf >/dev/null 2>&1 9>&- &
launched /runs/RUN/nodes/col/state/nfacctd-main 'col: nfacctd-main'; says /runs/RUN/nodes/col/state/nfacctd-main 'col: nfacctd-main' /runs/RUN/nodes/col/log/nfacctd-main.log 'waiting for BGP data'; woken /runs/RUN/nodes/col/state/nfacctd-main 'col: nfacctd-main' wait_for_more_packets USR1
) & pids="$pids $!"
for pid in $pids; do wait "$pid"; done
