#!/usr/bin/env bash
# Makes .venv: a Python with Celery for the tests that talk to the real thing. Says which Celery it got.
# When the packages of scripts/python-peer.txt cannot be had, Debian's own python3-celery takes their place.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=.venv
wanted=scripts/python-peer.txt
stamp=$venv/.wanted

if [ -x $venv/bin/python ] && cmp -s $wanted $stamp; then
  echo "python-peer: up to date ($($venv/bin/celery --version))"
  exit 0
fi

from_pypi() {
  python3 -m venv $venv && $venv/bin/python -m pip install --quiet --disable-pip-version-check -r $wanted
}

debian_packages=(python3-celery python3-kombu python3-sqlalchemy python3-psycopg2 python3-boto3 python3-pycurl
  python3-redis python3-yaml python3-openpyxl python3-pyshp)

from_debian() {
  if ! /usr/bin/python3 -c 'import celery' 2>/dev/null; then
    [ "$(id -u)" = 0 ] || { echo 'python-peer: as root, apt-get install python3-celery, and try again' >&2; return 1; }
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${debian_packages[@]}" >/dev/null
  fi
  rm -rf $venv
  /usr/bin/python3 -m venv --system-site-packages $venv
}

if from_pypi; then
  cp $wanted $stamp
else
  echo 'python-peer: PyPI does not give the pinned packages; taking Debian'"'"'s Celery, which is older' >&2
  from_debian
  # No stamp: the next call tries the pinned packages again.
fi
echo "python-peer: $($venv/bin/python -m celery --version) on $($venv/bin/python --version)"
