"""A Celery application on any broker and result store: `worker` consumes from a queue; `calls` sends and reads as told, one JSON
command a line in, one JSON answer a line out."""

import json
import logging
import sys

from celery import Celery, chain, chord, group

mode, settings = sys.argv[1], json.loads(sys.argv[2])
app = Celery("peer")
app.conf.update(settings)
ours, theirs = settings["ours"], settings["theirs"]


@app.task(name="py.add")
def add(x, y):
    return x + y


@app.task(name="py.total")
def total(numbers):
    return sum(numbers)


@app.task(name="py.listed")
def listed(values):
    return values


@app.task(name="py.fail")
def fail(*args):
    raise ValueError("bad", 1)


@app.task(name="py.progress", bind=True)
def progress(self):
    self.update_state(state="PROGRESS", meta={"percent": 40})
    return "done"


def signature(name, *args):
    return app.signature(name, args=args).set(queue=theirs if name.startswith("py.") else ours)


def tree(data):
    """`[name, arguments...]`, or a chord, chain or group of such."""
    if isinstance(data, dict):
        if "chord" in data:
            return chord([tree(part) for part in data["chord"]], tree(data["body"]))
        if "chain" in data:
            return chain(*[tree(step) for step in data["chain"]])
        return group([tree(member) for member in data["group"]])
    return signature(*data)


def run(data):
    result = tree(data).apply_async()
    try:
        return {"id": result.id, "value": result.get(timeout=20)}
    except Exception as error:
        return {"id": result.id, "raised": type(error).__name__, "args": [str(arg) for arg in error.args]}


def get(id):
    return app.AsyncResult(id).get(timeout=20)



def meta(id):
    return app.backend.decode(app.backend.get(app.backend.get_key_for_task(id)))


def save_group(id, members):
    app.GroupResult(id, [app.AsyncResult(member) for member in members]).save()


def restore_group(id):
    found = app.GroupResult.restore(id)
    return found and [member.id for member in found]


if mode == "worker":
    app.worker_main(["worker", "-n", "theirs@%h", "-Q", theirs, "-c", "2", "-P", "threads", "-l", "warning", "--without-mingle", "--without-gossip"])
else:
    logging.disable(logging.CRITICAL)
    for line in sys.stdin:
        command = json.loads(line)
        try:
            answer = {"ok": globals()[command["do"]](*command["with"])}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)
