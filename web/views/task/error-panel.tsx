import type { JSX } from 'preact';
import type { TaskDetail } from '../../../src/platform/views/index.js';
import { t } from '../../i18n/translate.js';
import { CopyButton } from '../../parts/buttons.js';
import { Foreign } from '../../parts/foreign.js';
import { Icon } from '../../parts/icon.js';
import { href, withQuery } from '../../routing/location.js';
import { quoted } from '../overview/failures.js';
import { foldFrames, framesOf } from './traceback.js';

/** A stack deeper than this is shown up to here; the rest is in the copy. */
const RUNS = 200;

export function ErrorPanel({ task }: { task: TaskDetail }): JSX.Element | null {
  const { failure } = task;
  if (failure === null) return null;
  const from = new Date(Date.now() - 86_400_000).toISOString();
  return (
    <div class="error-panel">
      <div class="error-head">
        <p class="error-title">
          <b>
            <Foreign text={failure.type} />
          </b>
          <span>
            <Foreign text={failure.message.slice(0, 4000)} />
          </span>
        </p>
        <div class="error-tools">
          <a
            class="button"
            href={href(
              withQuery('/tasks', {
                state: 'failed',
                type: task.name,
                from,
                q: `error:${quoted(failure.type)}`,
              }),
            )}
          >
            {t('error.same', { n: failure.sameIn24Hours })}
          </a>
          {failure.traceback !== null && <CopyButton text={failure.traceback} label={t('error.copy')} />}
        </div>
      </div>
      {failure.traceback === null ? (
        <p class="soft">{t('error.noTraceback')}</p>
      ) : (
        <Traceback text={failure.traceback} />
      )}
    </div>
  );
}

function Traceback({ text }: { text: string }): JSX.Element {
  return (
    <div class="traceback">
      {foldFrames(framesOf(text))
        .slice(0, RUNS)
        .map((run, index) =>
          'kind' in run ? (
            <pre key={index} class={run.kind}>
              <Foreign text={run.text} />
            </pre>
          ) : (
            <details key={index}>
              <summary>
                <Icon name="right" />
                {t('error.folded', { n: run.length })}
              </summary>
              <pre class="frame">
                <Foreign text={run.map((frame) => frame.text).join('\n')} />
              </pre>
            </details>
          ),
        )}
    </div>
  );
}
