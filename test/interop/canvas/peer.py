"""The tasks of the forms in Python: `worker QUEUES` runs them, `client` sends forms as told, a line of JSON for each command."""

import json
import sys

from celery import Celery, chain, chord, group, signature  # noqa: F401 -- for expressions
from celery.canvas import StampingVisitor, chunks, xstarmap
from celery.result import GroupResult
from celery.signals import worker_ready
from redis import Redis

mode, settings = sys.argv[1], json.loads(sys.argv[2])
runs = Redis.from_url(settings["runs"])
app = Celery("canvas")
app.conf.update(
    broker_url=settings["broker"],
    result_backend=settings["results"],
    task_routes={f"{queue}.*": {"queue": queue} for queue in ("ts", "py", "both", "twice")},
    task_default_queue=settings["queue"],
    task_acks_late=True,
    worker_prefetch_multiplier=1,
    result_chord_retry_interval=0.2,
    broker_connection_retry_on_startup=False,
    broker_transport_options={"visibility_timeout": 30},
)


# A process keeps its database connection, as a prefork child does; else it makes one for each query.
if hasattr(app.backend, "session_manager"):
    app.backend.session_manager.forked = True


def record(self, tag, label, **more):
    request = self.request
    ran = {"label": label, "id": request.id, "parent": request.parent_id, "root": request.root_id, "group": request.group}
    runs.rpush(f"canvas:{tag}", json.dumps({**ran, "stamps": request.stamps or {}, **more}))


def add(self, x, y, tag=None, label=None):
    if tag:
        record(self, tag, label)
    return x + y


def total(self, values, tag=None, label=None):
    record(self, tag, label)
    return sum(values)


def note(self, value, tag=None, label=None):
    record(self, tag, label, given=value)
    return value


def fail(self, value=None, tag=None, label=None):
    record(self, tag, label)
    raise ValueError("bad")


def flaky(self, value, tag=None, label=None):
    record(self, tag, label)
    if self.request.retries == 0:
        raise self.retry(exc=ValueError("not yet"), countdown=0)
    return value


def swap(self, sig, tag=None, label=None):
    record(self, tag, label)
    return self.replace(signature(sig, app=app))


def grow(self, value, sig, tag=None, label=None):
    record(self, tag, label)
    self.add_to_chord(signature(sig, app=app))
    return value


def called(request, exc, traceback, tag=None, label=None):
    """An errback of the new convention: it is called, not sent."""
    runs.rpush(f"canvas:{tag}", json.dumps({"label": label, "id": None, "parent": request.id, "given": str(exc)}))


TASKS = (add, total, note, fail, flaky, swap, grow)
for queue in ("py", "both"):
    for function in TASKS:
        app.task(function, name=f"{queue}.{function.__name__}", bind=True)
    app.task(called, name=f"{queue}.called")


@worker_ready.connect
def on_ready(**_):
    print("ready", flush=True)


class Visitor(StampingVisitor):
    """The same as that of forms.ts."""

    def on_signature(self, sig, **headers):
        return {"short": sig.task.split(".")[1]}

    def on_chain_start(self, sig, **headers):
        return {"in_chain": True}

    def on_callback(self, sig, **headers):
        return {"back": True}


def stamped(sig):
    sig.stamp(visitor=Visitor(), who="me")
    return sig


def linked(sig, *callbacks):
    for callback in callbacks:
        sig.link(callback)
    return sig


def guarded(sig, *errbacks):
    for errback in errbacks:
        sig.link_error(errback)
    return sig


def words(queue, tag):
    """What expressions are made of."""

    def task(name):
        return lambda label, *args: app.signature(f"{queue}.{name}", args=args, kwargs={"tag": tag, "label": label})

    def over(kind):
        return lambda *args: kind(app.signature(f"{queue}.add"), *args, app=app)

    names = {name: task(name) for name in (*(function.__name__ for function in TASKS), "called")}
    # By itself the group of chunks loses the route of the task that is called.
    parted = lambda *args: over(chunks)(*args).group().set(queue=queue)  # noqa: E731
    return {**names, "starmap": over(xstarmap), "chunks": parted}


sent = {}


def send(expression, queue, tag):
    sent[tag] = eval(expression, {**globals(), **words(queue, tag)}).apply_async()


def outcome(tag):
    result = sent.pop(tag)
    before, node = [], result.parent
    while node is not None:
        if not isinstance(node, GroupResult):
            before.append(value_of(node))
        node = node.parent
    return {"value": value_of(result), "before": before}


def value_of(result):
    return shown(result.get(timeout=settings["patience"], propagate=False))


def shown(value):
    if isinstance(value, BaseException):
        return {"error": type(value).__name__}
    return [shown(one) for one in value] if isinstance(value, list) else value


if mode == "worker":
    app.worker_main(
        ["worker", "-n", "python@%h", "-Q", settings["queues"], "-c", "4", "-P", "threads", "-l", "warning"]
        + ["--without-mingle", "--without-gossip"]
    )
else:
    print("ready", flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        try:
            answer = {"ok": globals()[command["do"]](*command["with"])}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)
