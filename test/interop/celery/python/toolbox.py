"""An app as the Python toolbox sets it up: a topic exchange, a queue for each service, the monitor queue for everything."""

import json
import os
from contextlib import ExitStack

from celery import Celery
from celery.signals import worker_init
from kombu import Exchange, Queue

MONITOR = "platform.fifo"
# Connections that publish. A chain inside a group needs a second one while the group has the first.
PUBLISHERS = 3

exchange = Exchange("task_exchange", type="topic")
serializer = os.environ.get("PEER_SERIALIZER", "json")
accept = os.environ.get("PEER_ACCEPT", f"json,{serializer}").split(",")
security = json.loads(os.environ.get("PEER_SECURITY", "{}"))


def route(name, args, kwargs, options, task=None, **_):
    return {"exchange": exchange, "routing_key": name.split(".")[0]}


app = Celery("interop", broker=os.environ["PEER_BROKER_URL"], backend=os.environ["PEER_RESULT_URL"])
app.conf.update(
    task_default_exchange=exchange.name,
    task_default_exchange_type=exchange.type,
    task_queues=[
        Queue("celery", exchange, routing_key="celery"),
        Queue(MONITOR, exchange, routing_key="#"),
        *(Queue(name, exchange, routing_key=name) for name in os.environ["PEER_QUEUES"].split(",")),
    ],
    task_routes=(route,),
    task_track_started=True,
    task_serializer="auth" if security else serializer,
    result_serializer=serializer,
    accept_content=accept,
    result_accept_content=["json", serializer],
    worker_redirect_stdouts=False,
    broker_connection_retry_on_startup=False,
    broker_pool_limit=PUBLISHERS,
)
if app.conf.broker_url.startswith("sqs:"):
    app.conf.update(
        worker_enable_remote_control=False,
        broker_transport_options={
            "region": "us-east-1",
            "is_secure": False,
            "queue_name_prefix": "dev-",
            "visibility_timeout": 20,
            "wait_time_seconds": 5,
            "polling_interval": 0.1,
        },
    )


if security:
    app.conf.update(security)
    app.setup_security()


def setup_app():
    """Declares every queue on each connection that publishes: on SQS the exchange lives in its memory."""
    app.tasks["celery.chord_unlock"].max_retries = 43200
    keep_connection()
    with ExitStack() as stack:
        for _ in range(PUBLISHERS):
            producer = stack.enter_context(app.producer_or_acquire())
            for queue in app.amqp.queues.values():
                producer.maybe_declare(queue)


def keep_connection():
    """Lets the process keep its database connection, as a worker's child processes do; else it makes one for each query."""
    sessions = getattr(app.backend, "session_manager", None)
    if sessions is not None:
        sessions.forked = True


@worker_init.connect
def before_work(**_):
    setup_app()


def extract_followups(task):
    """The callbacks of a task, for the workflow that it starts; they leave the task, its errbacks stay."""
    callbacks, errbacks = task.request.callbacks, task.request.errbacks
    task.request.callbacks = None
    return {"link": callbacks, "link_error": errbacks}
