import type { JSX } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import type { ActionReport } from '../../src/platform/views/index.js';
import { Problem } from '../client/request.js';
import { useStore } from '../client/store.js';
import { t } from '../i18n/translate.js';
import { showToast } from '../parts/announce.js';
import { Dialog } from '../parts/dialog.js';
import { Foreign } from '../parts/foreign.js';
import { Icon } from '../parts/icon.js';
import { href } from '../routing/location.js';
import { type Question, question } from './ask.js';
import { FieldView, firstValues, problemOf } from './fields.js';
import { newKey, perform, startBulk } from './perform.js';
import { ReportView } from './report.js';

export function ActionDialog(): JSX.Element | null {
  const asked = useStore(question);
  return asked === null ? null : <QuestionDialog asked={asked} />;
}

function QuestionDialog({ asked }: { asked: Question }): JSX.Element {
  const [values, setValues] = useState(() => firstValues(asked.fields ?? []));
  const [typed, setTyped] = useState('');
  const [report, setReport] = useState<ActionReport>();
  const [refusal, setRefusal] = useState<string>();
  const [busy, setBusy] = useState(false);
  const key = useMemo(newKey, [asked]);
  const sent = useRef(false);
  const close = (): void => question.set(null);
  const wrong = (asked.fields ?? []).map((field) => problemOf(field, values[field.name] ?? '')).find(Boolean);
  const ready = wrong === undefined && (asked.confirm === undefined || typed.trim() === asked.confirm);

  const submit = async (): Promise<void> => {
    if (sent.current || !ready) return;
    sent.current = true;
    setBusy(true);
    setRefusal(undefined);
    try {
      if (asked.act.kind === 'bulk') {
        await startBulk(asked.act.request(values), key);
        close();
      } else {
        const done = await perform(asked.act.action, asked.act.targets, asked.act.parameters(values), key);
        const [only] = done.items;
        if (done.items.length === 1 && only?.outcome === 'done') {
          showToast({ tone: 'ok', text: `${t(`action.${asked.act.action}`)}: ${only.message}` });
          close();
        } else setReport(done);
      }
      asked.done?.();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setRefusal(error.message);
      sent.current = false;
    } finally {
      setBusy(false);
    }
  };

  if (report !== undefined) {
    return (
      <Dialog title={asked.title} onClose={close}>
        <ReportView report={report} />
        <footer class="dialog-foot">
          <button type="button" class="button primary" onClick={close}>
            {t('close')}
          </button>
        </footer>
      </Dialog>
    );
  }
  return (
    <Dialog title={asked.title} onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {asked.body !== undefined && (
          <p class="dialog-body">
            <Foreign text={asked.body} />
          </p>
        )}
        {asked.warning !== undefined && (
          <p class="callout warn">
            <Icon name="warning" />
            {asked.warning}
          </p>
        )}
        {asked.download !== undefined && (
          <a class="button" href={href(`/api/v1${asked.download.value}`)} download>
            <Icon name="download" />
            {asked.download.label}
          </a>
        )}
        {asked.fields?.map((field) => (
          <FieldView
            key={field.name}
            field={field}
            value={values[field.name] ?? ''}
            onChange={(value) => setValues({ ...values, [field.name]: value })}
          />
        ))}
        {asked.confirm !== undefined && (
          <label class="field">
            <span>
              {t('confirm.type')} <code>{asked.confirm}</code>
            </span>
            <input
              name="confirm"
              value={typed}
              autocomplete="off"
              spellcheck={false}
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
          </label>
        )}
        {refusal !== undefined && (
          <p class="callout bad" role="alert">
            <Icon name="warning" />
            <Foreign text={refusal} />
          </p>
        )}
        <footer class="dialog-foot">
          <button type="button" class="button" onClick={close}>
            {t('cancel')}
          </button>
          <button
            type="submit"
            class={asked.danger === true ? 'button danger' : 'button primary'}
            disabled={busy || !ready}
          >
            {asked.button}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
