import { hasRabbitmq, NO_RABBITMQ } from '../../support/rabbitmq.js';
import { canvasCases, familyCases } from './cases/canvas.js';
import { FLOWS } from './cases/flow.js';
import { outcomeCases } from './cases/outcomes.js';
import { pickleCases } from './cases/pickle.js';
import { valueCases } from './cases/values.js';
import { exercise } from './exercise.js';
import { rabbitmqPlace } from './support/place.js';

await exercise('Celery with pickle', {
  place: rabbitmqPlace,
  anyProperty: false,
  serializer: 'pickle',
  flows: FLOWS.filter(({ at }) => at !== 'both'),
  cases: [valueCases, outcomeCases, canvasCases, familyCases, pickleCases],
  shared: false,
  missing: hasRabbitmq() ? undefined : NO_RABBITMQ,
});
