import { expect, it } from 'vitest';
import { foldFrames, framesOf } from '../../../web/views/task/traceback.js';

const shape = (traceback: string): string[] =>
  foldFrames(framesOf(traceback)).map((run) =>
    'kind' in run ? `${run.kind}: ${run.text.trim()}` : `folded ${run.length}`,
  );

it('folds the libraries of a traceback of Python, and keeps code with its frame', () => {
  const traceback = `Traceback (most recent call last):
  File "/srv/.venv/lib/python3.11/site-packages/celery/app/trace.py", line 453, in trace_task
    R = retval = fun(*args, **kwargs)
  File "/srv/.venv/lib/python3.11/site-packages/celery/app/trace.py", line 736, in __protected_call__
    return self.run(*args, **kwargs)
  File "/srv/app/tasks.py", line 3, in add
    return x / y
           ~~^~~
ZeroDivisionError: division by zero`;
  expect(shape(traceback)).toEqual([
    'text: Traceback (most recent call last):',
    'folded 2',
    'frame: File "/srv/app/tasks.py", line 3, in add\n    return x / y\n           ~~^~~',
    'text: ZeroDivisionError: division by zero',
  ]);
});

it('folds the libraries and the runtime of a stack of Node', () => {
  const stack = `Error: no
    at add (file:///srv/app/tasks.js:3:9)
    at run (/srv/node_modules/cadasta-workertoolbox/dist/worker/run.js:1:1)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)`;
  expect(shape(stack)).toEqual([
    'text: Error: no',
    'frame: at add (file:///srv/app/tasks.js:3:9)',
    'folded 2',
  ]);
});

it('leaves what is no traceback as it is', () => {
  expect(shape('worker export@a was killed')).toEqual(['text: worker export@a was killed']);
});
