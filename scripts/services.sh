#!/usr/bin/env bash
# Starts and stops a RabbitMQ node (with management) and a Redis of our own for the tests: private ports, private
# node name and cookie, data in a temporary folder. Nothing that already runs on the machine is touched.
#
#   eval "$(scripts/services.sh start)"   start what is not running, and take the URLs into this shell
#   scripts/services.sh stop              stop what we started and remove its data
#   scripts/services.sh env               print the URLs again
#   scripts/services.sh status
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
# One set of services for each checkout, so that two can test at the same time.
home=${WORKERTOOLBOX_SERVICES_HOME:-${TMPDIR:-/tmp}/workertoolbox-$(id -u)-$(printf %s "$root" | cksum | cut -d' ' -f1)}
env_file=$home/env

say() { printf 'services: %s\n' "$*" >&2; }
running() { [ -s "$1" ] && kill -0 "$(cat "$1")" 2>/dev/null; }

free_ports() {
  node -e '
    const { createServer } = require("node:net");
    const servers = [];
    const next = (left) => {
      if (left === 0) {
        console.log(servers.map((server) => server.address().port).join(" "));
        return servers.forEach((server) => server.close());
      }
      const server = createServer();
      servers.push(server);
      server.listen(0, "127.0.0.1", () => next(left - 1));
    };
    next(Number(process.argv[1]));' "$1"
}

wait_until() { # what, seconds, pid file, command...
  local what=$1 seconds=$2 pid=$3 end
  shift 3
  end=$((SECONDS + seconds))
  until "$@" >/dev/null 2>&1; do
    if ! running "$pid" || [ "$SECONDS" -ge "$end" ]; then
      say "$what did not start; its log ends with:"
      tail -n 20 "$home/$what.log" >&2 || true
      stop
      exit 1
    fi
    sleep 0.3
  done
}

start_redis() { # port
  command -v redis-server >/dev/null || { say 'redis-server is not installed'; return 0; }
  mkdir -p "$home/redis"
  setsid redis-server --bind 127.0.0.1 --port "$1" --dir "$home/redis" --save '' --appendonly no \
    --daemonize no >"$home/redis.log" 2>&1 </dev/null &
  echo $! >"$home/redis.pid"
  wait_until redis 20 "$home/redis.pid" redis-cli -h 127.0.0.1 -p "$1" ping
  echo "export WORKERTOOLBOX_TEST_REDIS_URL=redis://127.0.0.1:$1/0" >>"$env_file"
}

rabbit_env() { # amqp port, management port, distribution port, epmd port
  export RABBITMQ_NODENAME="workertoolbox-$1@localhost" RABBITMQ_DIST_PORT=$3 ERL_EPMD_PORT=$4
  export ERL_EPMD_ADDRESS=127.0.0.1 HOME=$home/rabbitmq RABBITMQ_MNESIA_BASE=$home/rabbitmq/data
  export RABBITMQ_LOG_BASE=$home/rabbitmq/log RABBITMQ_CONFIG_FILE=$home/rabbitmq/rabbitmq.conf
  export RABBITMQ_CONF_ENV_FILE=$home/rabbitmq/none RABBITMQ_ENABLED_PLUGINS_FILE=$home/rabbitmq/plugins
  # Few schedulers and no busy waiting: the machine is for the tests.
  export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none'
}

start_rabbitmq() { # amqp port, management port, distribution port, epmd port
  local bin=/usr/lib/rabbitmq/bin/rabbitmq-server
  [ -x "$bin" ] || bin=$(command -v rabbitmq-server) || { say 'rabbitmq-server is not installed'; return 0; }
  mkdir -p "$home/rabbitmq/data" "$home/rabbitmq/log"
  cat >"$home/rabbitmq/rabbitmq.conf" <<CONF
listeners.tcp.1 = 127.0.0.1:$1
management.tcp.ip = 127.0.0.1
management.tcp.port = $2
disk_free_limit.absolute = 100MB
loopback_users.guest = true
CONF
  echo '[rabbitmq_management].' >"$home/rabbitmq/plugins"
  echo "$4" >"$home/epmd.port"
  (
    rabbit_env "$@"
    exec setsid "$bin" >"$home/rabbitmq.log" 2>&1 </dev/null
  ) &
  echo $! >"$home/rabbitmq.pid"
  wait_until rabbitmq 90 "$home/rabbitmq.pid" \
    node -e 'fetch(process.argv[1], { headers: { authorization: "Basic " + btoa("guest:guest") } })
      .then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))' \
    "http://127.0.0.1:$2/api/aliveness-test/%2F"
  {
    echo "export WORKERTOOLBOX_TEST_AMQP_URL=amqp://guest:guest@127.0.0.1:$1"
    echo "export WORKERTOOLBOX_TEST_AMQP_API=http://127.0.0.1:$2"
  } >>"$env_file"
}

start() {
  if running "$home/redis.pid" || running "$home/rabbitmq.pid"; then
    say 'already running'
  else
    rm -rf "$home"
    mkdir -p "$home"
    chmod 700 "$home"
    : >"$env_file"
    local ports
    read -r -a ports <<<"$(free_ports 5)"
    start_redis "${ports[0]}"
    start_rabbitmq "${ports[@]:1}"
  fi
  cat "$env_file"
}

# Ends the whole session of a server that we started: servers leave children behind.
end() { # name
  local pid_file=$home/$1.pid pid
  [ -s "$pid_file" ] || return 0
  pid=$(cat "$pid_file")
  kill -TERM -- "-$pid" 2>/dev/null || kill -TERM "$pid" 2>/dev/null || true
  # The data goes anyway: no need to wait for an orderly end.
  for _ in $(seq 1 30); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL -- "-$pid" 2>/dev/null || true
  rm -f "$pid_file"
}

stop() {
  end rabbitmq
  if [ -s "$home/epmd.port" ] && command -v epmd >/dev/null; then
    ERL_EPMD_RELAXED_COMMAND_CHECK=1 epmd -port "$(cat "$home/epmd.port")" -kill >/dev/null 2>&1 || true
  fi
  end redis
  rm -rf "$home"
}

case ${1:-} in
  start) start ;;
  stop) stop ;;
  env) cat "$env_file" ;;
  status)
    for name in redis rabbitmq; do
      running "$home/$name.pid" && echo "$name runs (pid $(cat "$home/$name.pid"))" || echo "$name does not run"
    done
    ;;
  *)
    echo "usage: $0 start|stop|env|status" >&2
    exit 64
    ;;
esac
