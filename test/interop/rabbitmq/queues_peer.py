"""Declares, consumes and sends with the settings of a Celery app: `declare|broadcast|send URL SETTINGS`."""
import json
import sys

from celery import Celery
from celery.utils.nodenames import worker_direct
from kombu.common import Broadcast

mode, url, settings = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
app = Celery('peer', broker=url, backend='disabled')
app.conf.update(settings)

if mode == 'declare':
    with app.connection_for_write() as connection:
        for name in sys.argv[4:]:
            if name == 'w1@host.dq2':
                app.amqp.queues.select_add(worker_direct('w1@host'))
            queue = app.amqp.queues[name]
            queue(connection.channel()).declare()
elif mode == 'broadcast':
    # What a worker with this queue hears, as one line; says when it listens.
    heard = []
    with app.connection_for_read() as connection:
        queue = Broadcast('to_all')
        with connection.Consumer([queue], callbacks=[lambda body, message: (heard.append(message), message.ack())]):
            print('LISTENING', flush=True)
            while not heard:
                connection.drain_events(timeout=20)
    print(json.dumps([heard[0].headers['task'], heard[0].delivery_info['exchange']]), flush=True)
else:
    app.conf.task_queues = [Broadcast('to_all')]
    app.send_task('everyone.note', [], queue='to_all')
