import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../i18n/translate.js';
import { say } from './announce.js';
import { Icon, type IconName } from './icon.js';

export function CopyButton({ text, label }: { text: string; label: string }): JSX.Element {
  const [done, setDone] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setDone(true);
    say(t('copied'));
    setTimeout(() => setDone(false), 1500);
  };
  return (
    <button type="button" class="button quiet" onClick={() => void copy()}>
      <Icon name={done ? 'check' : 'copy'} />
      {label}
    </button>
  );
}

/** A small copy sign beside an id. */
export function CopyMark({ text }: { text: string }): JSX.Element {
  const [done, setDone] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setDone(true);
    say(t('copied'));
    setTimeout(() => setDone(false), 1500);
  };
  return (
    <button
      type="button"
      class="mark-button"
      aria-label={t('copy')}
      title={t('copy')}
      onClick={() => void copy()}
    >
      <Icon name={done ? 'check' : 'copy'} />
    </button>
  );
}

interface MenuProps {
  readonly label: string;
  readonly icon?: IconName;
  readonly count?: number;
  readonly children: (close: () => void) => ComponentChildren;
  readonly align?: 'start' | 'end';
}

/** A button that opens a small panel; Escape and a click elsewhere close it. */
export function Menu({ label, icon, count = 0, children, align = 'end' }: MenuProps): JSX.Element {
  const [open, setOpen] = useState(false);
  const room = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    const outside = (event: Event): void => {
      if (!room.current?.contains(event.target as Node)) setOpen(false);
    };
    const escape = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    document.addEventListener('keydown', escape);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
      document.removeEventListener('keydown', escape);
    };
  }, [open]);
  return (
    <div class="menu" ref={room}>
      <button ref={button} type="button" class="button" aria-expanded={open} onClick={() => setOpen(!open)}>
        {icon !== undefined && <Icon name={icon} />}
        <span class="label">{label}</span>
        {count > 0 && <span class="pill">{count}</span>}
        <Icon name="down" />
      </button>
      {open && <div class={`menu-panel ${align}`}>{children(() => setOpen(false))}</div>}
    </div>
  );
}
