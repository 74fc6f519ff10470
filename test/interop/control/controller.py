"""Celery's control client: reads `[kind, command, arguments, destination]` a line, prints what `--json` would show."""
import json
import sys

from peer import app

for line in sys.stdin:
    command, arguments, destination = json.loads(line)
    limit = len(destination) if destination else None
    replies = app.control.broadcast(
        command, arguments=arguments, destination=destination, reply=True, timeout=3 if limit else 1, limit=limit)
    print(json.dumps({name: answer for reply in replies or [] for name, answer in reply.items()}), flush=True)
