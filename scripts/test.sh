#!/usr/bin/env bash
# npm test: everything a test run needs, then the tests, then everything put away again. What cannot be had, its tests
# say in their skips; with CI set that is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."

[ -d node_modules ] || npm ci --no-audit --no-fund
npm run --silent build
exec bash scripts/with-services.sh vitest run "$@"
