import { canvasCases } from './cases/canvas.js';
import { ALL_CASES, exercise } from './exercise.js';
import { sqsPlace } from './support/place.js';

await exercise('Celery on SQS', { place: sqsPlace, anyProperty: true, cases: [...ALL_CASES, canvasCases] });
