"""Celery's worker with the tasks of table.ts, each with the options its case gives it."""

import json
import os
import time

from celery import Celery
from celery.exceptions import Ignore, Reject

settings = json.loads(os.environ["PEER_SETTINGS"])
app = Celery("settlement")
app.conf.update(settings["conf"])


def again(self):
    return self.request.delivery_info.get("redelivered") or self.request.retries > 0


def ignore(self):
    raise Ignore()


def reject(self, requeue=False):
    if again(self):
        return "again"
    raise Reject("not today", requeue=requeue)


def fail(self):
    if again(self):
        return "again"
    raise ValueError("broken")


def retry(self):
    if again(self):
        return "again"
    raise self.retry(countdown=0)


def retry_for_ever(self):
    raise self.retry(exc=ValueError("broken"), countdown=0)


def retry_nameless(self):
    raise self.retry(countdown=0)


def sleep(self):
    if again(self):
        return "again"
    time.sleep(30)


def die(self):
    if again(self):
        return "again"
    os._exit(3)


for case in settings["cases"]:
    app.task(globals()[case["kind"]], name=case["task"], bind=True, **case["options"])


@app.task(name="noop")
def noop():
    return "done"
