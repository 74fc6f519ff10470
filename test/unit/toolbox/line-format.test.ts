import { expect, test } from 'vitest';
import { lineFormat } from '../../../src/toolbox/logging/line-format.js';

const parts = {
  level: 'INFO',
  levelNumber: 30,
  time: Date.UTC(2026, 1, 3, 4, 5, 6, 78),
  name: 'export',
  pid: 12,
  message: '100 % done',
  task: 'math.add',
  id: 'the-id',
};

// What Python's logging makes of the same record.
test.each([
  ['%(levelname)s:%(name)s:%(message)s', null, 'INFO:export:100 % done'],
  ['%(asctime)s %(process)d', null, '2026-02-03 04:05:06,078 12'],
  ['[%(levelname)-8s] [%(levelname)8s] [%(process)05d] 100%%', null, '[INFO    ] [    INFO] [00012] 100%'],
  ['%(asctime)s', '%d/%b/%y %H:%M:%S %% %a %B %z', '03/Feb/26 04:05:06 % Tue February +0000'],
  ['%(task_name)s(%(task_id)s) %(created)f', null, 'math.add(the-id) 1770091506.078'],
  ['%(nonsense)s %(processName)s', null, '??? export'],
])('%s with dates as %s', (format, dates, line) => {
  expect(lineFormat(format, dates)(parts)).toBe(line);
});

test('a record of no task has no name of one', () => {
  expect(lineFormat('%(task_name)s[%(task_id)s]', null)({ ...parts, task: undefined, id: undefined })).toBe(
    '???[???]',
  );
});
