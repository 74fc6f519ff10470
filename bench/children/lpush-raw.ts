import { Redis } from 'ioredis';
import { onCommand, windowed } from './on-command.js';
import { redisEnvelope, taskMessage } from './sample-message.js';

const [url = '', queue = '', count = '0', window = '500'] = process.argv.slice(2);

/** The client alone: one LPUSH for each message, `window` at a time. */
const redis = new Redis(url);
await redis.ping();
const text = redisEnvelope(taskMessage('bench.noop'), queue);

await onCommand(() => windowed(Number(count), Number(window), () => redis.lpush(queue, text)));
