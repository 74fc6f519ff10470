"""A Python program on the same Redis, told what to do by lines of JSON on stdin; it answers with one line each.

Its first line: {"url": ..., "options": ...}."""

import base64
import json
import sys
import time

from kombu import Connection, Consumer, Exchange, Producer, Queue

setup = json.loads(sys.stdin.readline())
connection = Connection(setup["url"], transport_options=setup["options"])

consumers = {}


def queue_of(name, exchange, type, key):
    return Queue(name, Exchange(exchange, type=type) if exchange else None, routing_key=key)


def declare(queues):
    channel = connection.channel()
    for args in queues:
        queue_of(*args)(channel).declare()
    channel.close()


def publish(exchange, type, key, bodies, headers=None, properties=None, queues=()):
    channel = connection.channel()
    for args in queues:
        queue_of(*args)(channel).declare()
    producer = Producer(channel)
    for body in bodies:
        producer.publish(
            body,
            exchange=Exchange(exchange, type=type) if exchange else "",
            routing_key=key,
            headers={"id": body, **(headers or {})},
            **(properties or {}),
        )
    channel.close()


def describe(message):
    return {
        "body": base64.b64encode(message.body.encode() if isinstance(message.body, str) else message.body).decode(),
        "headers": message.headers,
        "properties": {k: v for k, v in message.properties.items() if k not in ("delivery_info", "delivery_tag")},
        "info": message.delivery_info,
        "content_type": message.content_type,
        "content_encoding": message.content_encoding,
    }


def turn(conn):
    """Waits for less than a BRPOP does: only then kombu, without an event loop, looks for abandoned messages."""
    try:
        conn.drain_events(timeout=0.2)
    except OSError:
        pass


def hold(name, args, count, prefetch=0):
    """Takes messages of a queue, settles none of them; describes them."""
    conn = Connection(setup["url"], transport_options=setup["options"])
    held = []
    consumer = Consumer(conn.channel(), queues=[queue_of(*args)], on_message=held.append)
    if prefetch:
        consumer.qos(prefetch_count=prefetch)
    consumer.consume()
    consumers[name] = conn, consumer, held
    end = time.monotonic() + 20
    while len(held) < count:
        if time.monotonic() > end:
            raise TimeoutError(f"{len(held)} of {count}")
        turn(conn)
    return [describe(message) for message in held]


def look(name, seconds):
    """Goes on consuming for a while; describes what has come in all."""
    conn, _, held = consumers[name]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        turn(conn)
    return [describe(message) for message in held]


def ack(name):
    conn, consumer, held = consumers[name]
    for message in held:
        message.ack()
    return len(held)


def close(name):
    """Ends a consumer in order: kombu gives back what it holds."""
    conn, consumer, _ = consumers.pop(name)
    consumer.cancel()
    consumer.channel.close()
    conn.close()


def members(exchange):
    channel = connection.channel()
    table = sorted(map(list, channel.get_table(exchange)))
    channel.close()
    return table


for line in sys.stdin:
    verb, *arguments = json.loads(line)
    try:
        answer = {"ok": globals()[verb](*arguments)}
    except Exception as error:  # noqa: BLE001 -- told to the test
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer, default=str), flush=True)
