import { exercise } from './exercise.js';
import { sqsPlace } from './support/place.js';

await exercise('Celery on SQS', { place: sqsPlace, anyProperty: true });
