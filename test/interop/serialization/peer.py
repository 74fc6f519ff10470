"""Python's side of the serialization tests: one JSON document in, one out."""

import base64
import collections
import datetime as dt
import decimal
import enum
import json
import pickle
import sys
import uuid
import zlib
import zoneinfo

from celery import Celery, chain, group
from celery.exceptions import Retry, SoftTimeLimitExceeded, TaskRevokedError
from celery.utils.saferepr import saferepr
from celery.utils.serialization import UnpickleableExceptionWrapper
from dateutil import tz
from kombu.utils import json as kombu_json

UTC = dt.timezone.utc
app = Celery('peer', backend='db+sqlite:///:memory:', broker='memory://')


@app.task(name='math.add')
def add(x, y):
    return x + y


class CustomError(Exception):
    """An exception class no other program knows."""


class Colour(enum.Enum):
    RED = 1


class Thing:
    """An object with attributes, one of them itself."""

    def __init__(self):
        self.size = 3
        self.me = self


Point = collections.namedtuple('Point', 'x y')


def shared():
    inner = [1]
    return [inner, inner, {'again': inner}]


def recursive():
    loop = [1]
    loop.append(loop)
    return loop


def counted():
    groups = collections.defaultdict(list)
    groups['a'].append(1)
    return groups


def instance_error():
    error = ValueError('bad', 1)
    error.note = 'seen'
    return error


SAMPLES = {
    'none': None,
    'true': True,
    'false': False,
    'zero': 0,
    'seven': 7,
    'byte': 255,
    'three hundred': 300,
    'minus five': -5,
    'minus 200': -200,
    'word': 65_536,
    'int32 max': 2**31 - 1,
    'int32 min': -(2**31),
    'beyond int32': 2**31,
    'beyond -int32': -(2**31) - 1,
    'safe max': 2**53 - 1,
    '2**53': 2**53,
    '2**53 + 1': 2**53 + 1,
    '-2**53 - 1': -(2**53) - 1,
    '2**63': 2**63,
    '-2**63': -(2**63),
    '2**70': 2**70,
    '10**600': 10**600,
    '-10**700': -(10**700),
    'half': 1.5,
    'tenth': 0.1,
    'minus zero': -0.0,
    'huge float': 1e300,
    'tiny float': 5e-324,
    'infinity': float('inf'),
    'minus infinity': float('-inf'),
    'nan': float('nan'),
    'empty text': '',
    'text': "it's \"quoted\" \\ \n",
    'umlaut': 'hé ü ß',
    'emoji': '😀 مرحبا',
    'nul': 'a\0b',
    'lone surrogate': 'a\ud800b\udfff',
    'long text': 'ab é ' * 100,
    'very long text': 'x' * 70_000,
    'empty bytes': b'',
    'utf-8 bytes': 'hé'.encode(),
    'bytes': bytes(range(256)),
    'long bytes': b'\xff\x00' * 400,
    'bytearray': bytearray(b'ab\xff'),
    'empty list': [],
    'list': [1, 'a', None, True, 1.5],
    'long list': list(range(2500)),
    'nested': [[[[]], {}], {'a': {'b': [1, {'c': []}]}}],
    'shared': shared(),
    'recursive': recursive(),
    'empty tuple': (),
    'one tuple': (1,),
    'two tuple': (1, 2),
    'three tuple': (1, 2, 3),
    'four tuple': (1, 2, 3, 'x'),
    'empty dict': {},
    'dict': {'a': 1, 'b': [1, 2]},
    'proto dict': {'__proto__': {'polluted': True}, 'constructor': 1},
    'long dict': {f'k{n}': n for n in range(2500)},
    'int keys': {1: 'a', 2: 'b'},
    'mixed keys': {None: 1, True: 2, 1.5: 3, 'x': 4},
    'tuple keys': {(1, 'a'): 'x'},
    'set': {1, 2, 3},
    'empty set': set(),
    'frozenset': frozenset(['a', 'b']),
    'set of tuples': {(1, 2)},
    'datetime': dt.datetime(2024, 1, 2, 3, 4, 5, 6),
    'datetime without micros': dt.datetime(2024, 1, 2, 3, 4),
    'datetime utc': dt.datetime(2024, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC),
    'datetime year 1': dt.datetime(1, 1, 1, tzinfo=UTC),
    'datetime year 9999': dt.datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC),
    'datetime offset': dt.datetime(2024, 1, 2, 3, 4, 5, tzinfo=dt.timezone(dt.timedelta(hours=5, minutes=30))),
    'datetime negative offset': dt.datetime(2024, 1, 2, 3, tzinfo=dt.timezone(-dt.timedelta(hours=9, minutes=30, seconds=15))),
    'datetime zone': dt.datetime(2024, 7, 2, 3, 4, 5, tzinfo=zoneinfo.ZoneInfo('Europe/Paris')),
    'datetime fold': dt.datetime(2024, 10, 27, 2, 30, fold=1, tzinfo=zoneinfo.ZoneInfo('Europe/Paris')),
    'datetime first of fold': dt.datetime(2024, 10, 27, 2, 30, tzinfo=zoneinfo.ZoneInfo('Europe/Paris')),
    'datetime gap': dt.datetime(2024, 3, 31, 2, 30, tzinfo=zoneinfo.ZoneInfo('Europe/Paris')),
    'datetime gap fold': dt.datetime(2024, 3, 31, 2, 30, fold=1, tzinfo=zoneinfo.ZoneInfo('Europe/Paris')),
    'datetime dateutil utc': dt.datetime(2024, 1, 2, tzinfo=tz.tzutc()),
    'datetime dateutil offset': dt.datetime(2024, 1, 2, tzinfo=tz.tzoffset(None, 3600)),
    'date': dt.date(2024, 1, 2),
    'time': dt.time(1, 2, 3),
    'time micros': dt.time(23, 59, 59, 999_999),
    'time offset': dt.time(1, 2, 3, tzinfo=dt.timezone(-dt.timedelta(hours=5))),
    'timedelta': dt.timedelta(days=1, seconds=2, microseconds=3),
    'negative timedelta': -dt.timedelta(microseconds=1),
    'decimal': decimal.Decimal('1.10'),
    'decimal exponent': decimal.Decimal('-1E+50'),
    'decimal nan': decimal.Decimal('NaN'),
    'uuid': uuid.UUID('12345678-1234-5678-1234-567812345678'),
    'small uuid': uuid.UUID(int=5),
    'ordered dict': collections.OrderedDict([('b', 1), ('a', 2)]),
    'default dict': counted(),
    'counter': collections.Counter('aab'),
    'deque': collections.deque([1, 2], 5),
    'complex': 1 + 2j,
    'enum': Colour.RED,
    'namedtuple': Point(1, 2),
    'object': Thing(),
    'class': Thing,
    'function': json.dumps,
    'error': ValueError('bad', 1),
    'error with state': instance_error(),
    'os error': FileNotFoundError(2, 'No such file'),
    'celery error': TaskRevokedError('expired'),
    'soft limit': SoftTimeLimitExceeded(),
    'retry': Retry('again', ValueError('x'), 5),
    'custom error': CustomError('boom'),
    'wrapped error': UnpickleableExceptionWrapper('app.errors', 'Odd', ('a', 1), 'Odd(a, 1)'),
    'failure': {'exc_type': 'ValueError', 'exc_message': ('bad', 1), 'exc_module': 'builtins'},
    'signature': add.s(1, 2).set(countdown=3),
    'chain': chain(add.s(1, 2), add.s(3)),
    'group': group(add.s(1, 2), add.s(3, 4)),
    'task body': ((1, 2), {'x': None}, {'callbacks': [add.s(1)], 'errbacks': None, 'chain': None, 'chord': None}),
    'async result': app.AsyncResult('child', parent=app.AsyncResult('parent')),
    'group result': app.GroupResult('g', [app.AsyncResult('a'), app.AsyncResult('b')]),
}


def b64(data):
    return base64.b64encode(data).decode()


def same(left, right):
    """Equal in type and value, all the way down."""
    if type(left) is not type(right):
        return False
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    if isinstance(left, float):
        return repr(left) == repr(right)
    if isinstance(left, decimal.Decimal):
        return str(left) == str(right)
    return left == right


def attempt(action):
    try:
        return {'ok': action()}
    except Exception as error:  # the test shows what went wrong
        return {'error': f'{type(error).__name__}: {error}'}


def verdict(name, load, data):
    try:
        read = load(base64.b64decode(data))
    except Exception as error:
        return f'{type(error).__name__}: {error}'
    return 'same' if same(read, SAMPLES[name]) else f'{read!r:.200} is not {SAMPLES[name]!r:.200}'


def groups(data):
    """What GroupResult.restore makes of a row."""
    app.set_current()
    read = pickle.loads(base64.b64decode(data))
    return {'type': type(read).__name__, 'id': read.id, 'children': [child.id for child in read.results]}


def main():
    given = json.load(sys.stdin)
    fuzz = given['fuzz']
    json.dump(
        {
            'pickles': {
                name: {str(p): attempt(lambda: b64(pickle.dumps(value, p))) for p in range(6)}
                for name, value in SAMPLES.items()
            },
            'jsons': {
                name: attempt(lambda: b64(kombu_json.dumps(value).encode('utf-8')))
                for name, value in SAMPLES.items()
                if name not in ('recursive', 'object')
            },
            'reprs': {name: saferepr(value, 1024) for name, value in SAMPLES.items()},
            'short reprs': {name: saferepr(value, 20) for name, value in SAMPLES.items()},
            'verdicts': {
                name: {
                    'pickle4': verdict(name, pickle.loads, forms['pickle4']),
                    'pickle2': verdict(name, pickle.loads, forms['pickle2']),
                    'json': forms['json'] and verdict(name, kombu_json.loads, forms['json']),
                }
                for name, forms in given['written'].items()
            },
            'fuzz': {
                'pickle': [
                    b64(pickle.dumps(pickle.loads(base64.b64decode(data)), index % 6))
                    for index, data in enumerate(fuzz['pickle'])
                ],
                'json': [b64(kombu_json.dumps(kombu_json.loads(base64.b64decode(data))).encode()) for data in fuzz['json']],
            },
            'group': groups(given['group']),
            'old style': [kombu_json.loads(base64.b64decode(data)) for data in given['old style']],
            'inflated': [b64(zlib.decompress(base64.b64decode(data))) for data in given['deflated']],
            'deflated': [b64(zlib.compress(base64.b64decode(data))) for data in given['plain']],
        },
        sys.stdout,
    )


sys.setrecursionlimit(5000)
main()
