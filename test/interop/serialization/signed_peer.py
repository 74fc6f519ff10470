"""Signs with Celery's own serializer, and reads what we signed. One question on stdin, one answer on stdout."""

import base64
import json
import sys

from celery.security.certificate import Certificate, FSCertStore
from celery.security.key import PrivateKey
from celery.security.serialization import SecureSerializer
from celery.security.utils import get_digest_algorithm
from kombu.serialization import dumps

given = json.load(sys.stdin)
key = PrivateKey(open(given['key']).read(), password=given.get('password'))
certificate = Certificate(open(given['cert']).read())
store = FSCertStore(given['store'])
SEPARATOR = b'\x00\x01'


def serializer(digest, inner):
    return SecureSerializer(key=key, cert=certificate, cert_store=store, digest=digest, serializer=inner)


def older(value):
    """The layout up to Celery 5.4."""
    content_type, encoding, body = dumps(value, serializer='json')
    body = body.encode()
    signature = key.sign(body, get_digest_algorithm('sha256'))
    parts = [certificate.get_id().encode(), signature, content_type.encode(), encoding.encode(), body]
    return base64.b64encode(SEPARATOR.join(parts)).decode()


def reading(text, digest):
    try:
        return {'ok': serializer(digest, 'json').deserialize(text)}
    except Exception as error:
        return {'error': type(error).__name__}


json.dump(
    {
        'id': certificate.get_id(),
        'signed': {
            f'{digest} {inner}': serializer(digest, inner).serialize(given['value'])
            for digest in ('sha256', 'sha512', 'sha3_256')
            for inner in ('json', 'yaml', 'msgpack', 'pickle')
        },
        'older': older(given['value']),
        'read': {digest: reading(text, digest) for digest, text in given['ours'].items()},
    },
    sys.stdout,
)
