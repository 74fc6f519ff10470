#!/usr/bin/env bash
# Runs a command with the servers and the Python peer it may want: what is missing and installed on this machine is
# brought up before it (not when their URLs are given) and put away after it. What cannot be had is said.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'services: %s\n' "$*" >&2; }

[ -d node_modules ] || npm ci --no-audit --no-fund

if [ -z "${WORKERTOOLBOX_PYTHON:-}" ] && ! scripts/python-peer.sh >&2; then
  say 'no Python with Celery: what needs one is left out'
fi

if [ -z "${WORKERTOOLBOX_TEST_AMQP_URL:-}${WORKERTOOLBOX_TEST_REDIS_URL:-}" ]; then
  if scripts/services.sh status | grep -q ' runs '; then
    say 'using the services that run for this checkout'
  else
    trap 'scripts/services.sh stop' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
  fi
  services=$(scripts/services.sh start)
  eval "$services"
fi

PATH=$PWD/node_modules/.bin:$PATH "$@"
