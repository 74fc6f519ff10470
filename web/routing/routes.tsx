import type { JSX } from 'preact';
import { t } from '../i18n/translate.js';
import { Empty, PageHead } from '../parts/page.js';
import { Audit } from '../views/audit.js';
import { Tree } from '../views/family/tree.js';
import { Overview } from '../views/overview/overview.js';
import { Quarantine } from '../views/quarantine/quarantine.js';
import { Quarantined } from '../views/quarantine/quarantined.js';
import { Queue } from '../views/queues/queue.js';
import { Queues } from '../views/queues/queues.js';
import { Schedules } from '../views/schedules.js';
import { System } from '../views/system.js';
import { Task } from '../views/task/task.js';
import { Tasks } from '../views/tasks/tasks.js';
import { Type } from '../views/types/type.js';
import { Types } from '../views/types/types.js';
import { Worker } from '../views/workers/worker.js';
import { Workers } from '../views/workers/workers.js';
import { href } from './location.js';

type View = (argument: string) => JSX.Element;
const ROUTES: readonly (readonly [pattern: RegExp, view: View])[] = [
  [/^\/$/, () => <Overview />],
  [/^\/tasks$/, () => <Tasks />],
  [/^\/task\/([^/]+)$/, (id) => <Task id={id} />],
  [/^\/task\/([^/]+)\/family$/, (id) => <Tree root={id} />],
  [/^\/tree\/([^/]+)$/, (id) => <Tree root={id} />],
  [/^\/queues$/, () => <Queues />],
  [/^\/queue\/([^/]+)$/, (name) => <Queue name={name} />],
  [/^\/workers$/, () => <Workers />],
  [/^\/worker\/([^/]+)$/, (name) => <Worker name={name} />],
  [/^\/schedules$/, () => <Schedules />],
  [/^\/quarantine$/, () => <Quarantine />],
  [/^\/quarantine\/([^/]+)$/, (id) => <Quarantined id={id} />],
  [/^\/types$/, () => <Types />],
  [/^\/type\/([^/]+)$/, (name) => <Type name={name} />],
  [/^\/audit$/, () => <Audit />],
  [/^\/system$/, () => <System />],
];

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The view at a path; `key` changes when another view, or the same one of another thing, takes its place. */
export function viewAt(path: string): { key: string; view: JSX.Element } {
  for (const [pattern, view] of ROUTES) {
    const match = pattern.exec(path);
    if (match !== null) return { key: path, view: view(decoded(match[1] ?? '')) };
  }
  return { key: path, view: <NotFound /> };
}

function NotFound(): JSX.Element {
  return (
    <>
      <PageHead title={t('notFound')} />
      <Empty icon="question" title={t('notFound.note')}>
        <a class="button" href={href('/')}>
          {t('nav.overview')}
        </a>
      </Empty>
    </>
  );
}
