"""Calls a task again and again, each time waiting for its result; polls for it at the interval given."""
import json
import sys
import time

from bench_app import noop

WARM_UP = 10


def call(interval):
    begun = time.perf_counter()
    noop.apply_async((1, 2)).get(timeout=60, interval=interval)
    return (time.perf_counter() - begun) * 1000


count, interval = int(sys.argv[1]), float(sys.argv[2])
for _ in range(WARM_UP):
    call(0.002)
print('ready', flush=True)
sys.stdin.readline()
taken = [call(interval) for _ in range(count)]
print('done', flush=True)
print('ms', json.dumps(taken), flush=True)
sys.stdin.readline()
