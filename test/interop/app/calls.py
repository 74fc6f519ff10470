"""Python Celery as a producer and as a worker, for the messages of calls and canvases.

Reads one JSON document from stdin and writes one to stdout:
  {"produce": null}                                  -> {shape: [message, ...]}
  {"run": {"messages": [...], "results": [id, ...]}} -> {id: {"state", "result"}}, and the calls of wt.note
"""
import base64
import json
import os
import sys
import tempfile
from datetime import datetime, timezone

from celery import Celery, chain, chord, group
from celery.contrib.testing.worker import start_worker
from kombu import Connection

folder = tempfile.mkdtemp()
app = Celery('peer', broker='memory://', backend='db+sqlite:///' + os.path.join(folder, 'results.db'))
app.conf.update(result_chord_retry_interval=0.1, worker_hijack_root_logger=False, task_store_errors_even_if_ignored=True)
seen = []


@app.task(name='wt.add')
def add(x, y):
    return x + y


@app.task(name='wt.tsum')
def tsum(numbers):
    return sum(numbers)


@app.task(name='wt.echo')
def echo(*args, **kwargs):
    return [list(args), kwargs]


@app.task(name='wt.fail')
def fail(*args):
    raise ValueError('bad', 1)


@app.task(name='wt.note')
def note(*args):
    seen.append(list(args))


def shapes():
    when = datetime(2030, 1, 2, 3, 4, 5, 678000, tzinfo=timezone.utc)
    yield 'plain', lambda: add.apply_async((1, 2))
    yield 'keywords', lambda: add.apply_async((1,), {'y': 2})
    yield 'options', lambda: add.apply_async(
        (1, 2), priority=3, shadow='nick', time_limit=30, soft_time_limit=20, eta=when, headers={'X': 1},
        ignore_result=True, retries=2, root_id='root', parent_id='parent', creator_id=7)
    yield 'expires', lambda: add.apply_async((1, 2), expires=when)
    yield 'links', lambda: add.apply_async((1, 2), link=[add.s(3), note.si('x')], link_error=note.s())
    yield 'no priority', lambda: add.apply_async((1, 2), priority=None)
    yield 'unicode', lambda: echo.apply_async(('häß', None, True, 1.5, [1, {'a': "it's"}]), {'k': 'v'})
    yield 'by name', lambda: app.send_task('wt.elsewhere', (1,), ignore_result=False)
    yield 'chain of two', lambda: chain(add.s(1, 2), add.s(3)).apply_async()
    yield 'chain of four', lambda: chain(add.s(1, 2), add.s(3), add.si(1, 1), add.s(4)).apply_async()
    yield 'chain with link', lambda: (add.s(1, 2) | add.s(3)).apply_async(link=note.s(), countdown=None)
    yield 'chain with errback', lambda: chain(add.s(1, 2), add.s(3)).on_error(note.s()).apply_async()
    yield 'chain with options', lambda: chain(add.s(1, 2).set(priority=4), add.s(3).set(is_result=True)).apply_async(creator_id=7)
    yield 'chain with id', lambda: chain(add.s(1, 2), add.s(3)).apply_async(task_id='last')
    yield 'chain in chain', lambda: chain(add.s(1, 2), chain(add.s(3), add.s(4)), add.s(5)).apply_async()
    yield 'group', lambda: group(add.s(1, 2), add.s(3, 4)).apply_async()
    yield 'group with args', lambda: group(add.s(2), add.si(3, 4)).apply_async((1,))
    yield 'group of chains', lambda: group(chain(add.s(1, 2), add.s(3)), add.s(4, 5)).apply_async()
    yield 'chord', lambda: chord([add.s(1, 2), add.s(3, 4)])(tsum.s())
    yield 'chord with body options', lambda: chord([add.s(1, 2)], tsum.s().set(is_result=True, priority=2)).apply_async()
    yield 'chord of chains', lambda: chord([chain(add.s(1, 2), add.s(3)), add.s(4, 5)])(tsum.s())
    yield 'chord without header', lambda: chord([])(tsum.s())
    yield 'group in chain', lambda: chain(group(add.s(1, 2), add.s(3, 4)), tsum.s()).apply_async()
    yield 'group at the end', lambda: chain(add.s(1, 2), group(add.s(3), add.s(4))).apply_async()
    yield 'chord in chain', lambda: chain(add.s(1, 2), group(add.s(3), add.s(4)), tsum.s()).apply_async()
    yield 'map', lambda: tsum.map([[1, 2], [3]]).apply_async()
    yield 'starmap', lambda: add.starmap([(1, 2), (3, 4)]).apply_async()
    yield 'chunks', lambda: add.chunks([(1, 2), (3, 4), (5, 6)], 2).apply_async()


def drain():
    messages = []
    with Connection('memory://') as connection:
        queue = connection.SimpleQueue('celery')
        while True:
            try:
                message = queue.get_nowait()
            except queue.Empty:
                return messages
            properties = {k: v for k, v in message.properties.items() if k not in ('delivery_info', 'delivery_tag', 'body_encoding')}
            messages.append({
                'headers': message.headers, 'properties': properties,
                'contentType': message.content_type, 'contentEncoding': message.content_encoding,
                'body': base64.b64encode(message.body if isinstance(message.body, bytes) else message.body.encode()).decode(),
            })
            message.ack()


def produce():
    out = {}
    for name, send in shapes():
        send()
        out[name] = drain()
    app.conf.task_protocol = 1
    app.amqp.__dict__.pop('create_task_message', None)
    for name, send in shapes():
        if name in ('plain', 'keywords', 'links', 'chain of two', 'chord'):
            send()
            out[name + ', protocol 1'] = drain()
    return out


def run(messages, results):
    with Connection('memory://') as connection:
        producer = connection.Producer()
        queue = app.amqp.queues['celery']
        for m in messages:
            producer.publish(
                base64.b64decode(m['body']), exchange='', routing_key='celery', declare=[queue], headers=m['headers'],
                content_type=m['contentType'], content_encoding=m['contentEncoding'], **m['properties'])
    out = {}
    with start_worker(app, pool='solo', perform_ping_check=False, loglevel='ERROR', shutdown_timeout=30):
        for id in results:
            result = app.AsyncResult(id)
            value = result.get(timeout=60, propagate=False)
            out[id] = {'state': result.state, 'result': value if result.state == 'SUCCESS' else repr(value)}
    return {'results': out, 'notes': seen}


request = json.load(sys.stdin)
stdout, sys.stdout = sys.stdout, sys.stderr
json.dump(produce() if 'produce' in request else run(**request['run']), stdout)
