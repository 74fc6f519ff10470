"""Python's side: a worker that says what it ran, and a beat with one entry."""
import os

from celery import Celery

app = Celery("peer", broker=os.environ["BROKER_URL"])
app.conf.update(
    broker_transport_options={"global_keyprefix": os.environ["PREFIX"]},
    task_default_queue="msg",
    worker_redirect_stdouts=False,
    beat_schedule={"from python": {"task": "msg.from_python", "schedule": 0.5, "args": ["ä"], "options": {"expires": 60}}},
)


@app.task(name="msg.from_typescript", bind=True)
def from_typescript(self, *args, **kwargs):
    headers = self.request.headers or {}
    print("RAN", self.request.id, args, kwargs, headers.get("celery_beat_task"), self.request.expires is not None, flush=True)
