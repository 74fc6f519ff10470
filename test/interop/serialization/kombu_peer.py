"""Reads what we wrote with kombu's serializers, and writes it again; and writes texts that look like something else."""

import base64
import json
import sys
from datetime import date, datetime, timedelta, timezone

from kombu.serialization import dumps, loads

TYPES = {'yaml': 'application/x-yaml', 'msgpack': 'application/x-msgpack'}
given = json.load(sys.stdin)
shared = [1]
SAMPLES = {
    'texts': given['texts'],
    'numbers': [0, -1, 2**53 + 1, 2**63, -(2**63), 1.5, 1e16, 1e-7, -0.0, float('inf')],
    'long integer': 2**100,
    'dates': [date(2024, 2, 29), datetime(2024, 1, 2, 3, 4, 5, 678901), datetime(2024, 1, 2, 3, tzinfo=timezone(timedelta(hours=5, minutes=30)))],
    'set': {'a', 'b'},
    'bytes': [b'text', b'\x00\xff' * 100],
    'tuple': (1, (2,)),
    'keys': {1: 'a', 'b': 2, None: 3, True: 4, date(2024, 1, 1): 5},
    'shared': [shared, shared],
    'lines': 'a\n  b\n\nc \n',
    'long text': 'word ' * 100,
    'unicode': 'é\x00\x85\u2028\U0001f600\ufeff',
}


def attempt(action):
    try:
        return {'ok': action()}
    except Exception as error:
        return {'error': f'{type(error).__name__}: {error}'[:300]}


def written(name, value):
    _, _, body = dumps(value, serializer=name)
    return base64.b64encode(body if isinstance(body, bytes) else body.encode()).decode()


def again(name, data):
    body = base64.b64decode(data)
    return written(name, loads(body, TYPES[name], 'utf-8', accept=[TYPES[name]]))


json.dump(
    {
        'samples': {name: {key: attempt(lambda: written(name, value)) for key, value in SAMPLES.items()} for name in TYPES},
        'again': {name: [attempt(lambda: again(name, data)) for data in given['ours'][name]] for name in TYPES},
    },
    sys.stdout,
)
