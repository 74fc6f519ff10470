"""Answers questions about schedules: JSON lines in, JSON lines out. Times are milliseconds since 1970."""
import json
import sys
from datetime import datetime, timedelta, timezone

from celery import Celery
from celery.schedules import crontab, schedule, solar

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
apps = {}


def app_in(zone):
    if zone not in apps:
        apps[zone] = Celery(set_as_current=False)
        apps[zone].conf.timezone = zone
    return apps[zone]


def instant(ms):
    return EPOCH + timedelta(milliseconds=ms)


def made(case, app, now):
    kind, common = case["schedule"].pop("type"), {"app": app, "nowfun": lambda: now}
    if kind == "crontab":
        return crontab(**case["schedule"], **common)
    if kind == "solar":
        return solar(**case["schedule"], **common)
    return schedule(case["schedule"]["every"], relative=case["schedule"].get("relative", False), **common)


def answer(case):
    app = app_in(case["zone"])
    app.conf.beat_cron_starting_deadline = case.get("deadline")
    now = instant(case["now"]).astimezone(app.timezone)
    try:
        asked = made(case, app, now)
    except Exception as exc:
        return {"error": type(exc).__name__, "message": str(exc)}
    last = instant(case["last"]).astimezone(app.timezone)
    remaining = asked.remaining_estimate(last)
    due, then = asked.is_due(last)
    if not isinstance(asked, solar):
        return {"remaining": round(remaining / timedelta(milliseconds=1)), "due": due, "then": round(then * 1000)}
    return {"remaining": remaining / timedelta(milliseconds=1)}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))))
