import { hasRabbitmq, NO_RABBITMQ } from '../../support/rabbitmq.js';
import { exercise } from './exercise.js';
import { rabbitmqPlace } from './support/place.js';

await exercise('Celery on RabbitMQ', {
  place: rabbitmqPlace,
  anyProperty: false,
  missing: hasRabbitmq() ? undefined : NO_RABBITMQ,
});
