import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Problem } from '../client/request.js';
import type { Resource } from '../client/resource.js';
import { type MessageKey, t } from '../i18n/translate.js';
import { href } from '../routing/location.js';
import { Icon, type IconName } from './icon.js';

interface HeadProps {
  readonly title: string;
  readonly children?: ComponentChildren;
  readonly note?: ComponentChildren;
  readonly back?: { readonly to: string; readonly label: string };
}

/** The top of a view: its name, one line about it, and what can be done with all of it. */
export function PageHead({ title, note, back, children }: HeadProps): JSX.Element {
  useEffect(() => {
    document.title = `${title} · Worker Toolbox`;
  }, [title]);
  return (
    <header class="page-head">
      <div class="page-title">
        {back !== undefined && (
          <a class="back" href={href(back.to)}>
            <Icon name="left" />
            {back.label}
          </a>
        )}
        <h1 tabIndex={-1}>{title}</h1>
        {note !== undefined && <p class="note">{note}</p>}
      </div>
      <div class="page-tools">{children}</div>
    </header>
  );
}

interface SectionProps {
  readonly title: string;
  readonly tools?: ComponentChildren;
  readonly children: ComponentChildren;
  readonly class?: string;
}
export function Section({ title, tools, children, class: more = '' }: SectionProps): JSX.Element {
  return (
    <section class={`section ${more}`} aria-label={title}>
      <div class="section-head">
        <h2>{title}</h2>
        {tools}
      </div>
      {children}
    </section>
  );
}

/** Nothing to show, and what to do about it. */
export function Empty(props: {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ComponentChildren;
}): JSX.Element {
  return (
    <div class="empty">
      <span class="empty-icon">
        <Icon name={props.icon} />
      </span>
      <p class="empty-title">{props.title}</p>
      {props.children}
    </div>
  );
}

/** Grey lines in place of what is awaited; only after 300 ms, so that quick answers do not flicker. */
export function Skeleton({ lines = 8 }: { lines?: number }): JSX.Element | null {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  return (
    <div class="skeleton" role="status" aria-label={t('loading')}>
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} />
      ))}
    </div>
  );
}

export function ProblemView({ problem }: { problem: Problem }): JSX.Element {
  const kind: MessageKey =
    problem.status === 403
      ? 'problem.forbidden'
      : problem.status === 404
        ? 'problem.missing'
        : problem.status === 410
          ? 'problem.deleted'
          : problem.passing
            ? 'problem.passing'
            : problem.code === 'NOT_READY'
              ? 'problem.absent'
              : 'problem.refused';
  const root = problem.body['rootId'];
  return (
    <Empty icon={problem.passing ? 'lost' : 'warning'} title={t(kind)}>
      <p class="soft">{problem.message}</p>
      {typeof root === 'string' && (
        <a class="button" href={href(`/tree/${encodeURIComponent(root)}`)}>
          {t('family.open')}
        </a>
      )}
    </Empty>
  );
}

/** A resource in all its states: awaited, refused, there. */
export function Shown<T>(props: {
  readonly of: Resource<T>;
  readonly lines?: number;
  readonly children: (data: T) => ComponentChildren;
}): JSX.Element {
  const { data, problem, loading } = props.of;
  if (data !== undefined)
    return <div class={loading ? 'fresh waiting' : 'fresh'}>{props.children(data)}</div>;
  if (problem !== undefined) return <ProblemView problem={problem} />;
  return <Skeleton {...(props.lines === undefined ? {} : { lines: props.lines })} />;
}
