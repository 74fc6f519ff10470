"""One SELECT, one INSERT, one COMMIT and one acknowledgement for each message: the shape of a ConsumerMixin over an ORM."""
import json
import sys

import psycopg2
from kombu import Connection, Queue
from kombu.mixins import ConsumerMixin


class Sync(ConsumerMixin):
    def __init__(self, connection, database, queue):
        self.connection = connection
        self.database = database
        self.queue = queue

    def get_consumers(self, Consumer, channel):
        return [Consumer([Queue(self.queue, no_declare=True)], callbacks=[self.record], accept=['json'],
                         prefetch_count=64)]

    def record(self, body, message):
        headers = message.headers
        args, kwargs, _ = body
        with self.database.cursor() as cursor:
            cursor.execute('SELECT 1 FROM tasks_backgroundtask WHERE task_id = %s', (headers['id'],))
            if cursor.fetchone() is None:
                cursor.execute(
                    'INSERT INTO tasks_backgroundtask (id, task_id, type, root_id, input, options) '
                    'VALUES (%s, %s, %s, %s, %s, %s)',
                    (headers['id'].replace('-', '')[:24], headers['id'], headers['task'], headers['root_id'],
                     json.dumps({'args': args, 'kwargs': kwargs}), json.dumps({'retries': headers['retries']})))
        self.database.commit()
        message.ack()


if __name__ == '__main__':
    url, queue, database = sys.argv[1:4]
    with Connection(url) as connection:
        Sync(connection, psycopg2.connect(database), queue).run()
