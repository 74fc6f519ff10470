import * as library from 'cadasta-workertoolbox';
import { meetingAt } from './meeting.mjs';
import { defineTasks } from './tasks.mjs';

// What the threads and processes of a pool load: the query of this module's URL says what the case has chosen.
const { searchParams } = new URL(import.meta.url);

export const app = new library.Celery('cases').configFromObject(JSON.parse(searchParams.get('settings')));
defineTasks(app, library, meetingAt(Number(searchParams.get('meeting'))));
