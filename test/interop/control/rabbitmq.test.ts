import { celeryPython, NO_PYTHON } from '../../support/python.js';
import { describeRabbitmq } from '../../support/rabbitmq.js';
import { exerciseCommands } from './exercise-commands.js';
import { exerciseEvents } from './exercise-events.js';
import { exerciseFlower } from './exercise-flower.js';

const python = celeryPython();

describeRabbitmq(python === undefined ? `RabbitMQ (${NO_PYTHON})` : 'RabbitMQ', (vhost) => {
  if (python === undefined) return;
  const meeting = (): { url: string } => ({ url: vhost().url });
  exerciseCommands(python, meeting);
  exerciseEvents(python, meeting);
  exerciseFlower(python, meeting);
});
