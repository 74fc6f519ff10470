"""Reads ISO times from stdin as Celery's worker does (dateutil, naive means UTC) and prints milliseconds, or null where it refuses."""
import json
import sys
from datetime import datetime, timedelta, timezone

from celery.utils.time import maybe_iso8601, maybe_make_aware

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def read(text):
    try:
        moment = maybe_make_aware(maybe_iso8601(text), timezone.utc)
        return (moment - EPOCH) / timedelta(milliseconds=1)
    except (ValueError, OverflowError):
        return None


print(json.dumps([read(text) for text in json.load(sys.stdin)]))
