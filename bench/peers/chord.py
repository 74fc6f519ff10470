"""Starts a chord on command and waits for its end."""
import sys

from bench_app import gather, noop
from celery import chord

count = int(sys.argv[1])
noop.apply_async((1, 2)).get(timeout=60)
print('ready', flush=True)
sys.stdin.readline()
chord([noop.s(1, 2) for _ in range(count)])(gather.s()).get(timeout=120)
print('done', flush=True)
sys.stdin.readline()
