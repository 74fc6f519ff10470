"""A Celery app as the architecture has it on SQS: topic exchange, work queue by task name, monitor queue for all."""

import os
import sys

from celery import Celery
from celery.signals import worker_init
from kombu import Exchange, Queue

PREFIX = os.environ["PEER_QUEUE_PREFIX"]
exchange = Exchange("task_exchange", type="topic")

app = Celery("export", broker=os.environ["PEER_BROKER_URL"])
app.conf.update(
    broker_transport_options={
        "region": "us-east-1",
        "is_secure": False,
        "queue_name_prefix": PREFIX,
        "visibility_timeout": 20,
        "wait_time_seconds": 5,
        "polling_interval": 0.1,
    },
    task_queues=[
        Queue("export", exchange, routing_key="export"),
        Queue("platform.fifo", exchange, routing_key="#"),
    ],
    task_default_exchange="task_exchange",
    task_default_exchange_type="topic",
    task_default_queue="export",
    task_routes=(lambda name, *_, **__: {"exchange": "task_exchange", "routing_key": name.split(".")[0]},),
    task_ignore_result=True,
    worker_enable_remote_control=False,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=False,
    # One connection for publishing, so that what is declared once stays known.
    broker_pool_limit=1,
)


def declare_queues():
    """On SQS the exchange lives in the memory of the producer's connection: it must know every queue before it
    publishes, or the message reaches none."""
    with app.producer_pool.acquire(block=True) as producer:
        for queue in app.amqp.queues.values():
            queue(producer.channel).declare()


@worker_init.connect
def before_work(**_):
    declare_queues()


@app.task(name="export.note", bind=True, max_retries=1)
def note(self, number, fail_first=False):
    if fail_first and self.request.retries == 0:
        raise self.retry(countdown=1)
    with open(os.environ["PEER_NOTES"], "a", encoding="utf8") as notes:
        notes.write(f"{number} {self.request.id} {self.request.retries}\n")
    return number


if __name__ == "__main__":
    declare_queues()
    ids = [note.delay(number).id for number in range(int(sys.argv[1]))]
    ids.append(note.delay(-1, fail_first=True).id)
    print("\n".join(ids))
