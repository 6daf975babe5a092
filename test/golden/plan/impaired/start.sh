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
trap 'echo "r: $BASH_COMMAND: failed" >&2' ERR
prepare /runs/RUN/nodes/r/state/bird /runs/RUN/nodes/r/log/bird.log
setsid sh -c "$supervise" supervise /runs/RUN/nodes/r/state/bird /runs/RUN/nodes/r/log/bird.log env --default-signal=INT,QUIT,PIPE -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 nsenter --net=/run/ns/r/net --mount=/run/ns/r/mnt --uts=/run/ns/r/uts --wd=/ -- bird -f -c /etc/bird/bird.conf -s /run/bird/bird.ctl -P /run/bird/bird.pid >/dev/null 2>&1 9>&- &
launched /runs/RUN/nodes/r/state/bird 'r: bird'; says /runs/RUN/nodes/r/state/bird 'r: bird' /runs/RUN/nodes/r/log/bird.log Started
) & pids="$pids $!"
(
trap 'echo "wire.0: $BASH_COMMAND: failed" >&2' ERR
prepare /runs/RUN/nodes/wire.0/state/nft /runs/RUN/nodes/wire.0/log/nft.log
setsid sh -c "$supervise" supervise /runs/RUN/nodes/wire.0/state/nft /runs/RUN/nodes/wire.0/log/nft.log env --default-signal=INT,QUIT,PIPE -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 nsenter --net=/run/ns/wire.0/net --mount=/run/ns/wire.0/mnt --uts=/run/ns/wire.0/uts --wd=/ -- nft -f /run/flowlab/wire.nft >/dev/null 2>&1 9>&- &
done_well /runs/RUN/nodes/wire.0/state/nft 'wire.0: nft'
) & pids="$pids $!"
(
trap 'echo "wire.1: $BASH_COMMAND: failed" >&2' ERR
prepare /runs/RUN/nodes/wire.1/state/nft /runs/RUN/nodes/wire.1/log/nft.log
setsid sh -c "$supervise" supervise /runs/RUN/nodes/wire.1/state/nft /runs/RUN/nodes/wire.1/log/nft.log env --default-signal=INT,QUIT,PIPE -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 nsenter --net=/run/ns/wire.1/net --mount=/run/ns/wire.1/mnt --uts=/run/ns/wire.1/uts --wd=/ -- nft -f /run/flowlab/wire.nft >/dev/null 2>&1 9>&- &
prepare /runs/RUN/nodes/wire.1/state/tc /runs/RUN/nodes/wire.1/log/tc.log
setsid sh -c "$supervise" supervise /runs/RUN/nodes/wire.1/state/tc /runs/RUN/nodes/wire.1/log/tc.log env --default-signal=INT,QUIT,PIPE -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 nsenter --net=/run/ns/wire.1/net --mount=/run/ns/wire.1/mnt --uts=/run/ns/wire.1/uts --wd=/ -- tc -batch /run/flowlab/wire.tc >/dev/null 2>&1 9>&- &
done_well /runs/RUN/nodes/wire.1/state/nft 'wire.1: nft'
done_well /runs/RUN/nodes/wire.1/state/tc 'wire.1: tc'
) & pids="$pids $!"
for pid in $pids; do wait "$pid"; done
