import { hasRabbitmq, NO_RABBITMQ } from '../../support/rabbitmq.js';
import { exercise } from './exercise.js';

const missing = hasRabbitmq() ? undefined : NO_RABBITMQ;
for (const results of ['redis', 'postgres', 'rpc'] as const) await exercise('rabbitmq', results, missing);
