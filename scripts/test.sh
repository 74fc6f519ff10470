#!/usr/bin/env bash
# npm test: everything a test run needs, then the tests, then everything put away again.
# Brings up what is missing and installed on this machine: packages, the Python peer, a RabbitMQ and a Redis of our own
# (not when their URLs are given). What cannot be had, its tests say in their skips; with CI set that is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'test: %s\n' "$*" >&2; }

[ -d node_modules ] || npm ci --no-audit --no-fund
npm run --silent build

if [ -z "${WORKERTOOLBOX_PYTHON:-}" ] && ! scripts/python-peer.sh >&2; then
  say 'no Python with Celery: the interoperability tests will be skipped'
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

node_modules/.bin/vitest run "$@"
