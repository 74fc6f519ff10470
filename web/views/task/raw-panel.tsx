import type { JSX } from 'preact';
import type { TaskDetail } from '../../../src/platform/views/index.js';
import { t } from '../../i18n/translate.js';
import { CopyButton } from '../../parts/buttons.js';
import { Section } from '../../parts/page.js';
import { ValueTree } from '../../parts/value-tree.js';

/** What was recorded of the message, unworked: its options and the row itself. */
export function RawPanel({ task }: { task: TaskDetail }): JSX.Element {
  const {
    input: _input,
    result: _result,
    failure: _failure,
    options,
    timeline: _timeline,
    attempts: _attempts,
    ...row
  } = task;
  return (
    <>
      <div class="panel-tools">
        <span class="grow" />
        <CopyButton text={JSON.stringify({ ...row, options }, null, 2)} label="JSON" />
      </div>
      <div class="halves">
        <Section title={t('raw.options')}>
          <div class="v-root">
            <ValueTree value={options} />
          </div>
        </Section>
        <Section title={t('raw.row')}>
          <div class="v-root">
            <ValueTree value={row} />
          </div>
        </Section>
      </div>
    </>
  );
}
