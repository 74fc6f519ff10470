import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { PeekView } from '../../../src/platform/views/index.js';
import { roleReason } from '../../actions/action-button.js';
import { useResource } from '../../client/resource.js';
import { mayAct } from '../../client/session.js';
import { formatBytes } from '../../format/duration.js';
import { t } from '../../i18n/translate.js';
import { Foreign } from '../../parts/foreign.js';
import { Icon } from '../../parts/icon.js';
import { Moment } from '../../parts/moment.js';
import { Empty, Shown } from '../../parts/page.js';
import { href, taskPath } from '../../routing/location.js';

/** The first messages of the queue, looked at only when asked: a look can hide them from workers for a moment. */
export function Peek({ name }: { name: string }): JSX.Element {
  const [open, setOpen] = useState(false);
  const peek = useResource<PeekView>(
    open ? `/queues/${encodeURIComponent(name)}/peek?confirmed=true` : null,
    [],
  );
  if (!open) {
    const why = mayAct('operator') ? undefined : roleReason('operator');
    return (
      <p class="peek-start">
        <button
          type="button"
          class="button"
          aria-disabled={why !== undefined}
          {...(why === undefined ? {} : { title: why })}
          onClick={() => {
            if (why === undefined) setOpen(true);
          }}
        >
          <Icon name="search" />
          {t('peek.look')}
        </button>
        <span class="soft">{t('peek.note')}</span>
      </p>
    );
  }
  return (
    <Shown of={peek} lines={4}>
      {({ messages }) =>
        messages.length === 0 ? (
          <Empty icon="queues" title={t('peek.none')} />
        ) : (
          <ul class="peeked">
            {messages.map((message, index) => (
              <li key={message.taskId ?? index}>
                <details>
                  <summary>
                    <b>
                      <Foreign text={message.taskName ?? t('peek.noName')} />
                    </b>
                    {message.taskId !== null && <code>{message.taskId.slice(0, 8)}</code>}
                    {message.sent !== null && <Moment at={message.sent} as="ago" />}
                    <span class="soft">{formatBytes(message.bytes)}</span>
                  </summary>
                  {message.taskId !== null && <a href={href(taskPath(message.taskId))}>{t('task')}</a>}
                  <pre class="code">
                    <Foreign text={message.body} />
                  </pre>
                </details>
              </li>
            ))}
          </ul>
        )
      }
    </Shown>
  );
}
