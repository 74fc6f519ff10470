"""A Celery app on the broker the environment names: for the command line, a worker, Flower."""
import os
import time

from celery import Celery

app = Celery('peer', broker=os.environ['PEER_BROKER'], backend=os.environ.get('PEER_BACKEND'))
app.conf.update(
    task_default_queue='peer-tasks',
    broker_connection_retry_on_startup=True,
    broker_transport_options={'global_keyprefix': os.environ['PEER_PREFIX']} if os.environ.get('PEER_PREFIX') else {},
    task_send_sent_event=True,
)
if signer := os.environ.get('PEER_SIGNER'):
    app.conf.update(
        security_key=f'{signer}.key',
        security_certificate=f'{signer}.pem',
        security_cert_store=f'{os.path.dirname(signer)}/*.pem',
        task_serializer='auth',
        event_serializer='auth',
        accept_content=['auth'],
    )
    app.setup_security()


@app.task(name='peer.add')
def add(x, y):
    return x + y


@app.task(name='peer.fail')
def fail(text):
    raise ValueError(text)


@app.task(name='peer.sleep')
def sleep(seconds):
    time.sleep(seconds)


@app.task(name='ours.add')
def ours_add(x, y):
    """Flower changes the limits of tasks that its own app knows."""
