import type { ChaosRow } from '../harness/row.js';
import { backlogRows } from './backlog.js';
import { beatRows } from './beat-killed.js';
import { blockedLoopRows } from './blocked-loop.js';
import { rabbitmqRows } from './broker-rabbitmq.js';
import { redisRows } from './broker-redis.js';
import { sqsRows } from './broker-sqs.js';
import { databaseRows } from './database-away.js';
import { databaseRefusesRows } from './database-refuses.js';
import { halfSentRows } from './half-sent.js';
import { monitorPoisonRows } from './monitor-poison.js';
import { orderRows } from './order.js';
import { poisonRows } from './poison.js';
import { poolRows } from './pools.js';
import { resultWriteRows } from './result-write-cut.js';
import { trackingRows } from './tracking.js';
import { valueRows } from './values.js';
import { workerKilled } from './worker-killed.js';
import { workerStopped } from './worker-stopped.js';

/** Every row, in the order of the fault matrix. */
export const ROWS: readonly ChaosRow[] = [
  ...workerKilled,
  ...resultWriteRows,
  ...poolRows,
  ...workerStopped,
  ...blockedLoopRows,
  ...backlogRows,
  ...trackingRows,
  ...orderRows,
  ...monitorPoisonRows,
  ...halfSentRows,
  ...databaseRows,
  ...databaseRefusesRows,
  ...rabbitmqRows,
  ...redisRows,
  ...sqsRows,
  ...poisonRows,
  ...valueRows,
  ...beatRows,
];
