import type { JSX } from 'preact';
import type { TaskDetail } from '../../../src/platform/views/index.js';
import { pythonLiteral, shellWord } from '../../format/python.js';
import { t } from '../../i18n/translate.js';
import { CopyButton } from '../../parts/buttons.js';
import { Foreign } from '../../parts/foreign.js';
import { Section } from '../../parts/page.js';
import { ShownValueView } from '../../parts/shown-value.js';

interface Copies {
  readonly json: string;
  readonly python: string;
  readonly command: string;
}

/** The call in three notations: data, Python, and our command line. */
export function copiesOf(task: Pick<TaskDetail, 'name' | 'input'>): Copies {
  const args = task.input.args.json ?? [];
  const kwargs = task.input.kwargs.json ?? {};
  const positional = Array.isArray(args) ? args.map(pythonLiteral) : [];
  const named = Object.entries(kwargs as Readonly<Record<string, unknown>>).map(([key, value]) =>
    /^[A-Za-z_]\w*$/.test(key)
      ? `${key}=${pythonLiteral(value)}`
      : `**{${pythonLiteral(key)}: ${pythonLiteral(value)}}`,
  );
  const words = [`workertoolbox call ${shellWord(task.name)}`];
  if (positional.length > 0) words.push(`--args ${shellWord(JSON.stringify(args))}`);
  if (named.length > 0) words.push(`--kwargs ${shellWord(JSON.stringify(kwargs))}`);
  return {
    json: JSON.stringify({ args, kwargs }, null, 2),
    python: `app.signature(${pythonLiteral(task.name)}, args=[${positional.join(', ')}], kwargs=dict(${named.join(', ')})).delay()`,
    command: words.join(' '),
  };
}

export function ArgumentsPanel({ task }: { task: TaskDetail }): JSX.Element {
  const copies = copiesOf(task);
  const path = `/tasks/${encodeURIComponent(task.id)}`;
  return (
    <>
      <div class="panel-tools">
        {task.definition !== null && (
          <code class="signature">
            <Foreign text={task.definition.signature} />
          </code>
        )}
        <span class="grow" />
        <CopyButton text={copies.json} label="JSON" />
        <CopyButton text={copies.python} label="Python" />
        <CopyButton text={copies.command} label={t('copy.command')} />
      </div>
      <div class="halves">
        <Section title={t('arguments.positional')}>
          <ShownValueView value={task.input.args} download={`${path}/args`} />
        </Section>
        <Section title={t('arguments.named')}>
          <ShownValueView value={task.input.kwargs} download={`${path}/kwargs`} />
        </Section>
      </div>
    </>
  );
}
