"""The Python worker's tasks. Those of `py.` only it has; those of `both.` the worker of the other language has as well."""

import builtins
import json
import time

from celery import chord, signature
from celery.signals import task_prerun, worker_ready

from toolbox import app, exchange, extract_followups


class ExportFailed(Exception):
    pass


def add(x, y):
    return x + y


def total(values):
    return sum(values)


def echo(value):
    return value


def fail(kind, *args):
    raise getattr(builtins, kind, ExportFailed)(*args)


def flaky(self, times, countdown=0, kind="ValueError"):
    """Fails so many times before it succeeds."""
    if self.request.retries < times:
        attempt = self.request.retries + 1
        raise self.retry(exc=getattr(builtins, kind)("attempt", attempt), countdown=countdown)
    return about(self)


def about(self):
    request = self.request
    properties = request.properties or {}
    return {
        "lang": "python",
        "id": request.id,
        "root": request.root_id,
        "parent": request.parent_id,
        "retries": request.retries,
        "group": request.group,
        "group_index": request.group_index,
        "time": time.time(),
        "eta": request.eta,
        "timelimit": list(request.timelimit or []),
        "priority": request.delivery_info.get("priority"),
        "custom": {name: properties[name] for name in ("creator_id", "is_result", "related_object_id") if name in properties},
        "header": request.get("x_trace"),
    }


def swap(self, sig):
    """Puts another signature in its own place."""
    return self.replace(signature(sig, app=app))


def project(org_slug, project_slug, output_type="all"):
    return [org_slug, project_slug, output_type]


def export(self, numbers, parts, result):
    """The platform's usual task: starts a chord, hands its own callbacks to the chord's last step."""
    header = [signature(f"{parts}.add", (number, number), app=app) for number in numbers]
    body = signature(f"{result}.echo", ("zipped",), immutable=True, app=app)
    chord(header)(body.set(queue=result, **extract_followups(self)).set(is_result=True))
    return True


PLAIN = (add, total, echo, fail, project)
BOUND = (flaky, about, export, swap)

for prefix in ("py", "both"):
    for function in PLAIN:
        app.task(function, name=f"{prefix}.{function.__name__}")
    for function in BOUND:
        app.task(function, name=f"{prefix}.{function.__name__}", bind=True)
    app.task(echo, name=f"{prefix}.silent", ignore_result=True)


def say(event, **more):
    print(json.dumps({"event": event, **more}), flush=True)


consumer = None


@app.task(name="both.hold")
def hold():
    return "python"


@app.task(name="py.listen")
def listen(queue):
    """Consumes from one more queue from now on."""
    consumer.add_task_queue(queue, exchange=exchange.name, exchange_type=exchange.type, routing_key=queue)


@worker_ready.connect
def on_ready(sender, **_):
    global consumer
    consumer = sender
    say("ready")


@task_prerun.connect
def on_prerun(task, args, **_):
    if task.name == "celery.chord_unlock":
        say("unlock", body=args[1]["options"]["task_id"])
