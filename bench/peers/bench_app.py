"""The same task for Python's Celery. Settings come as JSON in BENCH_SETTINGS."""
import json
import os
import time

from celery import Celery

app = Celery('bench')
app.conf.update(
    broker_url=os.environ['BENCH_BROKER'],
    task_default_queue='bench',
    task_ignore_result=True,
    broker_connection_retry_on_startup=True,
)
app.conf.update(json.loads(os.environ.get('BENCH_SETTINGS', '{}')))


@app.task(name='bench.noop')
def noop(x, y):
    return None


@app.task(name='bench.spin')
def spin(x, y):
    # Of the processor's time: by the wall's clock less is done where the machine is busy.
    end = time.thread_time() + 0.005
    while time.thread_time() < end:
        pass


@app.task(name='bench.gather')
def gather(results):
    return len(results)
