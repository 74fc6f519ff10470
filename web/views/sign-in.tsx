import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Problem } from '../client/request.js';
import { signIn } from '../client/session.js';
import { t } from '../i18n/translate.js';
import { fieldText } from '../parts/form.js';
import { Icon } from '../parts/icon.js';
import { Brand } from '../shell/brand.js';

export function SignIn(): JSX.Element {
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  document.title = `${t('signIn')} · Worker Toolbox`;
  const submit = async (form: HTMLFormElement): Promise<void> => {
    const password = new FormData(form).get('password');
    if (typeof password !== 'string') return;
    setBusy(true);
    try {
      await signIn(fieldText(form, 'user'), password);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error.status === 401 ? t('signIn.wrong') : error.message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <main class="sign-in">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit(event.currentTarget);
        }}
      >
        <Brand />
        <h1>Worker Toolbox</h1>
        <p class="soft">{t('signIn.note')}</p>
        <label>
          {t('signIn.user')}
          <input name="user" autocomplete="username" required autofocus spellcheck={false} />
        </label>
        <label>
          {t('signIn.password')}
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        {problem !== undefined && (
          <p class="callout bad" role="alert">
            <Icon name="warning" />
            {problem}
          </p>
        )}
        <button type="submit" class="button primary" disabled={busy}>
          {t('signIn')}
        </button>
      </form>
    </main>
  );
}
