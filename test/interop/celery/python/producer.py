"""A Python program that publishes and reads results, told what to do by lines of JSON on stdin."""

import json
import sys
from datetime import date, datetime, time, timedelta, timezone  # noqa: F401 -- for expressions
from decimal import Decimal  # noqa: F401 -- for expressions
from uuid import UUID  # noqa: F401 -- for expressions

import psycopg2
from celery import chain, chord, group
from celery.canvas import chunks, xmap

from toolbox import app, setup_app

database = psycopg2.connect(sys.argv[1])
database.autocommit = True


def build(plan):
    """A workflow, put together with Celery's own words."""
    if "chain" in plan:
        made = chain(*map(build, plan["chain"]))
    elif "group" in plan:
        made = group(*map(build, plan["group"]))
    elif "header" in plan:
        made = chord([*map(build, plan["header"])], build(plan["body"]))
    elif "map" in plan:
        made = xmap(app.signature(plan["map"]), plan["it"], app=app)
    elif "chunks" in plan:
        made = chunks(app.signature(plan["chunks"]), plan["it"], plan["size"], app=app)
    else:
        made = app.signature(
            plan["task"],
            args=tuple(plan.get("args", ())),
            kwargs=plan.get("kwargs", {}),
            immutable=plan.get("immutable", False),
        )
    made.set(**plan.get("options", {}))
    for callback in plan.get("link", ()):
        made.link(build(callback))
    for errback in plan.get("link_error", ()):
        made.link_error(build(errback))
    return made


def send(plan, call):
    if "eta" in call:
        call["eta"] = datetime.fromisoformat(call["eta"])
    for name in ("link", "link_error"):
        if name in call:
            call[name] = [build(callback) for callback in call[name]]
    return build(plan).apply_async(**call).as_tuple()


def send_old(task, args):
    """By the first message protocol."""
    app.amqp.create_task_message, modern = app.amqp.as_task_v1, app.amqp.create_task_message
    try:
        return app.send_task(task, args).as_tuple()
    finally:
        app.amqp.create_task_message = modern


def send_values(task, expression):
    return app.send_task(task, [eval(expression)]).as_tuple()


def same(id, expression):
    """None when the stored result is what the expression gives, types included; else what it is."""
    wanted, found = eval(expression), app.AsyncResult(id).get(timeout=5)
    return None if alike(wanted, found) else repr(found)


def alike(a, b):
    if isinstance(a, (list, tuple)):
        return isinstance(b, (list, tuple)) and len(a) == len(b) and all(map(alike, a, b))
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(alike(a[key], b[key]) for key in a)
    return type(a) is type(b) and a == b


def seen(id):
    """What a Python program sees of a task."""
    result = app.AsyncResult(id)
    state, info, traceback = result.state, result.info, result.traceback
    if not isinstance(info, BaseException):
        return {"state": state, "value": showable(info), "traceback": traceback}
    error = {
        "type": type(info).__name__,
        "module": type(info).__module__,
        "args": showable(info.args),
        "builtin": isinstance(info, (ValueError, TypeError, KeyError, ZeroDivisionError)),
    }
    return {"state": state, "error": error, "traceback": traceback}


def showable(value):
    return json.loads(json.dumps(value, default=repr), parse_constant=str)


def family(root):
    """A family as the platform derives it from the two tables."""
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT task_id FROM tasks_backgroundtask WHERE root_id = %s AND type <> 'celery.chord_unlock'", (root,)
        )
        ids = [id for (id,) in cursor.fetchall()]
    states = {id: app.AsyncResult(id).state for id in ids}
    distinct = set(states.values())
    if len(distinct) == 1:
        (overall,) = distinct
    else:
        overall = "FAILURE" if "FAILURE" in distinct else "STARTED"
    return {"states": states, "overall": overall}


setup_app()
print(json.dumps({"ok": "ready"}), flush=True)
for line in sys.stdin:
    command = json.loads(line)
    try:
        answer = {"ok": globals()[command["do"]](*command["with"])}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
