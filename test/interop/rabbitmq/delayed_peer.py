"""A Celery app that works or sends, for the tests of delayed delivery: `worker|send URL KIND ...`."""
import json
import sys
import time

from celery import Celery
from kombu import Exchange, Queue

mode, url, kind = sys.argv[1:4]
app = Celery('peer', broker=url, backend='disabled')
arguments = {'x-queue-type': 'quorum'} if kind == 'quorum' else None
exchange = Exchange('delayed_exchange', type='topic')


def queue(name):
    where = exchange if kind == 'quorum' else Exchange(name)
    return Queue(name, where, name, queue_arguments=arguments)


app.conf.update(
    task_queues=[queue('python'), queue('typescript')],
    task_default_queue='python',
    worker_enable_remote_control=False,
    worker_redirect_stdouts=False,
    broker_connection_retry_on_startup=True,
)


@app.task(name='python.note', bind=True, max_retries=3)
def note(self, due, retry=0):
    info = self.request.delivery_info
    said = {'late': time.time() - due, 'key': info['routing_key'], 'exchange': info['exchange'],
            'retries': self.request.retries, 'eta': self.request.eta}
    print('NOTE ' + json.dumps(said), flush=True)
    if self.request.retries < retry:
        raise self.retry(args=[time.time() + 2, retry], countdown=2)


if mode == 'worker':
    app.worker_main(['worker', '-P', 'solo', '-Q', 'python', '-l', 'WARNING', '--without-gossip', '--without-mingle'])
else:
    seconds = float(sys.argv[4])
    for route in json.loads(sys.argv[5]):
        app.send_task('typescript.note', [time.time() + seconds], countdown=seconds, **route)
