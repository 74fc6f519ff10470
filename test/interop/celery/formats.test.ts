import { afterAll } from 'vitest';
import { celeryPython } from '../../support/python.js';
import { hasRabbitmq, NO_RABBITMQ } from '../../support/rabbitmq.js';
import { makeSigners } from '../../support/signers.js';
import { FLOWS } from './cases/flow.js';
import { formatCases, signedCases } from './cases/formats.js';
import { exercise } from './exercise.js';
import { rabbitmqPlace } from './support/place.js';

const python = celeryPython();
const signers = python ? makeSigners(python, ['python', 'typescript']) : undefined;
afterAll(() => signers?.remove());
const common = {
  place: rabbitmqPlace,
  anyProperty: false,
  flows: FLOWS.filter(({ at }) => at !== 'both'),
  shared: false,
  missing: hasRabbitmq() ? undefined : NO_RABBITMQ,
};

await exercise('Celery on RabbitMQ in every format', {
  ...common,
  accept: ['json', 'yaml', 'msgpack', 'pickle'],
  cases: [formatCases],
});

await exercise('Celery on RabbitMQ, signed', {
  ...common,
  ...(signers && { signers }),
  cases: [signedCases],
});
