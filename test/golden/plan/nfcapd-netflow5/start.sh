set -eu
pids=
supervise='
state=$1 log=$2; shift 2
rm -f "$state.exit"
"$@" </dev/null >>"$log" 2>&1 &
echo $! >"$state.pid"
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
woken() {
  read -r pid <"$1.pid"
  where /proc/1; if [ "$place" = 0 ]; then sleep 6; return; fi
  until where "/proc/$pid" && [[ $place == *$3* ]]; do
    alive "$1" "$2"
    if [[ $place == *nanosleep* ]] && sleeps "$pid"; then kill "-$4" "$pid"; fi
    pause "$2"
  done
}
sleeps() { for task in /proc/"$1"/task/*; do where "$task" && [ "$place" != 0 ] || return 1; done; }
# A process that is started again gets a new log: what it said in its former life is set aside.
prepare() { rm -f "$1".*; [ ! -s "$2" ] || mv "$2" "$2.$(date +%s%3N)"; : >"$2"; }

(
prepare /runs/RUN/nodes/r/state/bird /runs/RUN/nodes/r/log/bird.log
setsid sh -c "$supervise" supervise /runs/RUN/nodes/r/state/bird /runs/RUN/nodes/r/log/bird.log nsenter --net=/run/ns/r/net --mount=/run/ns/r/mnt --uts=/run/ns/r/uts --wd=/ -- env --default-signal=INT,QUIT,PIPE -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 bird -f -c /etc/bird/bird.conf -s /run/bird/bird.ctl -P /run/bird/bird.pid >/dev/null 2>&1 9>&- &
prepare /runs/RUN/nodes/r/state/pmacctd-edge /runs/RUN/nodes/r/log/pmacctd-edge.log
setsid sh -c "$supervise" supervise /runs/RUN/nodes/r/state/pmacctd-edge /runs/RUN/nodes/r/log/pmacctd-edge.log nsenter --net=/run/ns/r/net --mount=/run/ns/r/mnt --uts=/run/ns/r/uts --wd=/ -- env --default-signal=INT,QUIT,PIPE -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 pmacctd -f /etc/pmacct/pmacctd-edge.conf >/dev/null 2>&1 9>&- &
says /runs/RUN/nodes/r/state/bird 'r: bird' /runs/RUN/nodes/r/log/bird.log Started
says /runs/RUN/nodes/r/state/pmacctd-edge 'r: pmacctd-edge' /runs/RUN/nodes/r/log/pmacctd-edge.log 'link type is'
) & pids="$pids $!"
(
prepare /runs/RUN/nodes/h1/state/ITGRecv /runs/RUN/nodes/h1/log/ITGRecv.log
setsid sh -c "$supervise" supervise /runs/RUN/nodes/h1/state/ITGRecv /runs/RUN/nodes/h1/log/ITGRecv.log nsenter --net=/run/ns/h1/net --mount=/run/ns/h1/mnt --uts=/run/ns/h1/uts --wd=/ -- env --default-signal=INT,QUIT,PIPE -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 stdbuf -oL ITGRecv >/dev/null 2>&1 9>&- &
says /runs/RUN/nodes/h1/state/ITGRecv 'h1: ITGRecv' /runs/RUN/nodes/h1/log/ITGRecv.log 'Press Ctrl-C'
) & pids="$pids $!"
(
prepare /runs/RUN/nodes/h2/state/ITGRecv /runs/RUN/nodes/h2/log/ITGRecv.log
setsid sh -c "$supervise" supervise /runs/RUN/nodes/h2/state/ITGRecv /runs/RUN/nodes/h2/log/ITGRecv.log nsenter --net=/run/ns/h2/net --mount=/run/ns/h2/mnt --uts=/run/ns/h2/uts --wd=/ -- env --default-signal=INT,QUIT,PIPE -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 stdbuf -oL ITGRecv >/dev/null 2>&1 9>&- &
says /runs/RUN/nodes/h2/state/ITGRecv 'h2: ITGRecv' /runs/RUN/nodes/h2/log/ITGRecv.log 'Press Ctrl-C'
) & pids="$pids $!"
(
prepare /runs/RUN/nodes/col/state/nfcapd-main /runs/RUN/nodes/col/log/nfcapd-main.log
setsid sh -c "$supervise" supervise /runs/RUN/nodes/col/state/nfcapd-main /runs/RUN/nodes/col/log/nfcapd-main.log nsenter --net=/run/ns/col/net --mount=/run/ns/col/mnt --uts=/run/ns/col/uts --wd=/ -- env --default-signal=INT,QUIT,PIPE -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 nfcapd -w /tmp/nfcapd-main -b 198.51.100.1 -p 2100 -t 2 >/dev/null 2>&1 9>&- &
says /runs/RUN/nodes/col/state/nfcapd-main 'col: nfcapd-main' /runs/RUN/nodes/col/log/nfcapd-main.log 'Startup nfcapd'
) & pids="$pids $!"
for pid in $pids; do wait "$pid"; done
