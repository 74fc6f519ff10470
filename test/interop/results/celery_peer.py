"""A Celery application that stores and reads results as told: one JSON command a line in, one JSON answer a line out."""

import json
import logging
import pickle
import sys
from datetime import date, datetime, time, timedelta, timezone  # noqa: F401 (names for eval)
from decimal import Decimal  # noqa: F401
from uuid import UUID  # noqa: F401

import psycopg2
from celery import Celery
from celery.app.task import Context

logging.disable(logging.CRITICAL)
url, serializer = sys.argv[1:3]
app = Celery("peer", backend=url.replace("postgresql://", "db+postgresql+psycopg2://", 1))
app.conf.update(result_serializer=serializer, accept_content=["json", "pickle", "yaml", "msgpack"], result_extended=len(sys.argv) > 3)


def failure(error):
    return {"type": type(error).__name__, "module": type(error).__module__, "args": repr(error.args)}


def store(id, state, value, traceback=None):
    """`value` is a Python expression."""
    app.backend.store_result(id, eval(value), state, traceback=traceback)


def store_extended(id):
    request = Context(
        id=id, task="py.name", args=[1, "a"], kwargs={"b": 2}, hostname="w@h", retries=3, delivery_info={"routing_key": "q"}
    )
    app.backend.store_result(id, 1, "SUCCESS", request=request)


def extended(id):
    found = app.AsyncResult(id)
    return [found.name, found.args, found.kwargs, found.worker, found.retries, found.queue]


def get(id):
    try:
        return {"value": repr(app.AsyncResult(id).get(timeout=10))}
    except Exception as error:
        return {"raised": failure(error)}


def meta(id):
    result = app.AsyncResult(id)
    info = result.info
    stored = result.date_done
    return {
        "state": result.state,
        "info": failure(info) if isinstance(info, BaseException) else repr(info),
        "traceback": result.traceback,
        "date_done": stored if stored is None or isinstance(stored, str) else stored.isoformat(),
        "children": repr(result.children),
    }


def save_group(id, members):
    app.GroupResult(id, [app.AsyncResult(member) for member in members]).save()


def restore_group(id):
    group = app.GroupResult.restore(id)
    return group and [member.id for member in group]


def pickled_group(id, members):
    """The row as Celery up to 5.6 writes it: the object itself, backend and all."""
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        group = app.GroupResult(id, [app.AsyncResult(member) for member in members])
        cursor.execute(
            "INSERT INTO celery_tasksetmeta (id, taskset_id, result) VALUES (nextval('taskset_id_sequence'), %s, %s)",
            (id, pickle.dumps(group)),
        )


def unpickle(id):
    """As the platform reads: plain pickle."""
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT result FROM celery_taskmeta WHERE task_id = %s", (id,))
        (value,) = cursor.fetchone()
        return repr(None if value is None else pickle.loads(bytes(value)))


for line in sys.stdin:
    command = json.loads(line)
    try:
        answer = {"ok": globals()[command["do"]](*command["with"])}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
