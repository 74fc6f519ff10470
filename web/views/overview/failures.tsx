import type { JSX } from 'preact';
import type { OverviewView } from '../../../src/platform/views/index.js';
import { formatNumber, t } from '../../i18n/translate.js';
import { Foreign } from '../../parts/foreign.js';
import { Moment } from '../../parts/moment.js';
import { Empty, Section } from '../../parts/page.js';
import { href, taskPath, withQuery } from '../../routing/location.js';

/** The sample often begins with the name of its exception, which stands before it already. */
const unsaid = ({ error, sample }: OverviewView['failures'][number]): string =>
  sample.startsWith(`${error}: `) ? sample.slice(error.length + 2) : sample;

/** Recent failures, one line for each kind of task and exception. */
export function FailureList({ failures }: { failures: OverviewView['failures'] }): JSX.Element {
  return (
    <Section title={t('overview.failures')}>
      {failures.length === 0 ? (
        <Empty icon="check" title={t('overview.failures.none')} />
      ) : (
        <ul class="rows">
          {failures.map((failure) => (
            <li key={`${failure.task} ${failure.error}`} data-row={failure.lastId}>
              <div class="failure">
                <a class="grow" href={href(taskPath(failure.lastId))}>
                  <b>
                    <Foreign text={failure.task} />
                  </b>
                  <span class="failure-error clamp">
                    <Foreign text={failure.error} />
                    {failure.sample !== '' && (
                      <span class="soft">
                        {' '}
                        <Foreign text={unsaid(failure)} />
                      </span>
                    )}
                  </span>
                </a>
                <span class="failure-side">
                  <a
                    class="count bad"
                    href={href(
                      withQuery('/tasks', {
                        state: 'failed',
                        type: failure.task,
                        q: `error:${quoted(failure.error)}`,
                      }),
                    )}
                  >
                    {formatNumber(failure.count)}
                  </a>
                  <Moment at={failure.lastAt} as="ago" />
                </span>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

export const quoted = (word: string): string =>
  /^[\w.]+$/.test(word) ? word : `"${word.replaceAll('"', '')}"`;
