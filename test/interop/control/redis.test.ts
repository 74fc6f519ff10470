import { celeryPython, NO_PYTHON } from '../../support/python.js';
import { describeRedis } from '../../support/redis.js';
import { exerciseCommands } from './exercise-commands.js';
import { exerciseEvents } from './exercise-events.js';
import { exerciseFlower } from './exercise-flower.js';

const python = celeryPython();

describeRedis(python === undefined ? `Redis (${NO_PYTHON})` : 'Redis', (place) => {
  if (python === undefined) return;
  const meeting = (): { url: string; prefix: string } => ({ url: place().url, prefix: place().prefix });
  exerciseCommands(python, meeting);
  exerciseEvents(python, meeting);
  exerciseFlower(python, meeting);
});
