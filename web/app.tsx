import type { JSX } from 'preact';
import { ActionDialog } from './actions/action-dialog.js';
import { BulkTray } from './actions/bulk-tray.js';
import { togglePause } from './client/live.js';
import { session, sessionProblem } from './client/session.js';
import { useStore } from './client/store.js';
import { t, useLanguage } from './i18n/translate.js';
import { helpOpen, KeyboardHelp } from './keyboard/help.js';
import { useKeys } from './keyboard/keys.js';
import { stepRow } from './keyboard/rows.js';
import { Announcements } from './parts/announce.js';
import { ProblemView, Skeleton } from './parts/page.js';
import { navigate, usePlace } from './routing/location.js';
import { viewAt } from './routing/routes.js';
import { Shell } from './shell/shell.js';
import { SignIn } from './views/sign-in.js';

function Signed(): JSX.Element {
  const place = usePlace();
  useKeys({
    'g o': () => navigate('/'),
    'g t': () => navigate('/tasks'),
    'g q': () => navigate('/queues'),
    'g w': () => navigate('/workers'),
    'g s': () => navigate('/schedules'),
    'g d': () => navigate('/quarantine'),
    j: () => stepRow(1),
    k: () => stepRow(-1),
    '.': togglePause,
    '?': () => helpOpen.set(true),
    '/': () => navigate('/tasks?focus=search'),
  });
  const { key, view } = viewAt(place.path);
  return (
    <Shell>
      <main id="main" key={key} tabIndex={-1}>
        {view}
      </main>
      <BulkTray />
      <ActionDialog />
      <KeyboardHelp />
    </Shell>
  );
}

export function App(): JSX.Element {
  useLanguage();
  const who = useStore(session);
  const problem = useStore(sessionProblem);
  return (
    <>
      {who === undefined ? (
        <main class="alone" aria-label={t('loading')}>
          {problem === undefined ? <Skeleton lines={4} /> : <ProblemView problem={problem} />}
        </main>
      ) : who === null ? (
        <SignIn />
      ) : (
        <Signed />
      )}
      <Announcements />
    </>
  );
}
