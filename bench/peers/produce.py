"""Publishes on command: one call after the other, as Celery's producer does."""
import sys

from bench_app import app, noop

count = int(sys.argv[1])
with app.connection_for_write() as connection, connection.channel() as channel:
    for queue in app.amqp.queues.values():
        queue(channel).declare()
noop.apply_async((1, 2))
print('ready', flush=True)
sys.stdin.readline()
for _ in range(count):
    noop.apply_async((1, 2))
print('done', flush=True)
sys.stdin.readline()
