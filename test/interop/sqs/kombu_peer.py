"""One message over SQS with kombu. Usage: kombu_peer.py publish|consume|reject|raw, its request as JSON on stdin, its answer on stdout."""

import base64
import json
import sys
import time

import boto3
from kombu import Connection, Consumer, Exchange, Producer, Queue

request = json.load(sys.stdin)
exchange = Exchange("task_exchange", type="topic")
queues = {
    name: Queue(name, exchange, routing_key=key)
    for name, key in {"export": "export", "platform.fifo": "#"}.items()
}


def connection():
    options = request["options"]
    for queue in options.get("predefined_queues", {}).values():
        # JSON has no numbers as keys.
        if "backoff_policy" in queue:
            queue["backoff_policy"] = {int(count): wait for count, wait in queue["backoff_policy"].items()}
    return Connection(request["url"], transport_options=options)


def publish():
    with connection() as conn:
        channel = conn.channel()
        for queue in queues.values():
            queue(channel).declare()
        Producer(channel).publish(
            base64.b64decode(request["body"]),
            exchange=exchange,
            routing_key="export",
            content_type=request["content_type"],
            content_encoding=request["content_encoding"],
            headers=request["headers"],
            **request["properties"],
        )
    return "sent"


def consume():
    """One message of a queue, acknowledged: as an application of Python's would see it."""
    seen = []

    def received(message):
        body = message.body
        message.ack()
        seen.append(
            {
                "body": base64.b64encode(body.encode() if isinstance(body, str) else body).decode(),
                "content_type": message.content_type,
                "content_encoding": message.content_encoding,
                "headers": message.headers,
                "properties": {k: v for k, v in message.properties.items() if k not in ("delivery_info", "delivery_tag")},
                "exchange": message.delivery_info["exchange"],
                "routing_key": message.delivery_info["routing_key"],
            }
        )

    with connection() as conn:
        channel = conn.channel()
        with Consumer(channel, queues=[queues[request["queue"]]], on_message=received):
            while not seen:
                conn.drain_events(timeout=20)
    return seen[0]


def reject():
    """One message of a queue, rejected; when, in milliseconds."""
    seen = []

    def received(message):
        seen.append({"at": time.time() * 1000})
        message.reject()

    with connection() as conn:
        channel = conn.channel()
        with Consumer(channel, queues=[queues[request["queue"]]], on_message=received, prefetch_count=1):
            while not seen:
                conn.drain_events(timeout=20)
    return seen[0]


def raw():
    """One message as SQS has it."""
    host = request["url"].split("@")[1]
    sqs = boto3.client(
        "sqs",
        endpoint_url=f"http://{host}",
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
    )
    url = sqs.get_queue_url(QueueName=request["queue"])["QueueUrl"]
    answer = sqs.receive_message(
        QueueUrl=url,
        WaitTimeSeconds=10,
        MessageSystemAttributeNames=["All"],
        MessageAttributeNames=["All"],
    )
    return answer["Messages"][0]


json.dump({"publish": publish, "consume": consume, "reject": reject, "raw": raw}[sys.argv[1]](), sys.stdout)
