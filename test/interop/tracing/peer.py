"""A Python program that traces: starts a trace with a call of ts.step, then works off the queue py, printing its spans."""
import json
import sys

from celery import Celery
from kombu import Queue
from opentelemetry import trace
from opentelemetry.instrumentation.celery import CeleryInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult

broker, py_queue, ts_queue = sys.argv[1:4]


class Lines(SpanExporter):
    def export(self, spans):
        for span in spans:
            line = {
                "name": span.name,
                "trace": f"{span.context.trace_id:032x}",
                "span": f"{span.context.span_id:016x}",
                "parent": f"{span.parent.span_id:016x}" if span.parent else None,
                "attributes": dict(span.attributes),
            }
            print("SPAN " + json.dumps(line, default=str), flush=True)
        return SpanExportResult.SUCCESS


provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(Lines()))
trace.set_tracer_provider(provider)
CeleryInstrumentor().instrument()

app = Celery("peer", broker=broker)
app.conf.update(
    task_queues=[Queue(py_queue, routing_key=py_queue)],
    task_default_queue=py_queue,
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    broker_connection_retry_on_startup=True,
)


@app.task(name="py.step")
def py_step(x):
    return x + 1


@app.task(name="ts.step")
def ts_step(x):
    raise NotImplementedError("runs elsewhere; a task unknown here would get no span of its own")


with trace.get_tracer("peer").start_as_current_span("request"):
    ts_step.apply_async(args=[1], queue=ts_queue)

app.worker_main(["worker", "-P", "solo", "-Q", py_queue, "-n", "peer@here", "--without-gossip", "--without-mingle", "--without-heartbeat"])
