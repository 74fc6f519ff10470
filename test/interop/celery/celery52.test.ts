import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { canvasCases, familyCases } from './cases/canvas.js';
import { FLOWS } from './cases/flow.js';
import { olderCases } from './cases/older.js';
import { outcomeCases } from './cases/outcomes.js';
import { timeCases } from './cases/time.js';
import { exercise } from './exercise.js';
import { sqsPlace } from './support/place.js';

const bundled = fileURLToPath(new URL('../../../.venv-celery52/bin/python', import.meta.url));
const interpreter = process.env.WORKERTOOLBOX_PYTHON_CELERY52 ?? (existsSync(bundled) ? bundled : undefined);

/** The Celery that Debian 12 has. */
await exercise('Celery 5.2 on SQS', {
  place: sqsPlace,
  anyProperty: true,
  flows: FLOWS.filter(({ at }) => at !== 'both'),
  cases: [olderCases, outcomeCases, timeCases, canvasCases, familyCases],
  older: true,
  shared: false,
  ...(interpreter === undefined
    ? {
        missing:
          'optional: a Python with the packages of python/celery52.txt, in .venv-celery52 or named by WORKERTOOLBOX_PYTHON_CELERY52',
      }
    : { interpreter }),
});
