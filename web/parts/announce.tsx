import type { JSX } from 'preact';
import { createStore, useStore } from '../client/store.js';
import { Icon } from './icon.js';

const spoken = createStore('');
const REST_MS = 5000;
let last = 0;
let waiting: ReturnType<typeof setTimeout> | undefined;

/** Tells those who hear the page; at most one message in five seconds, the newest. */
export function say(text: string): void {
  clearTimeout(waiting);
  const speak = (): void => {
    last = Date.now();
    spoken.set(text);
  };
  const rest = last + REST_MS - Date.now();
  if (rest <= 0) speak();
  else waiting = setTimeout(speak, rest);
}

export interface Toast {
  readonly tone: 'ok' | 'bad';
  readonly text: string;
}
const toast = createStore<Toast | null>(null);
let fading: ReturnType<typeof setTimeout> | undefined;

/** A short word at the bottom of the page about what was just done. */
export function showToast(next: Toast): void {
  toast.set(next);
  say(next.text);
  clearTimeout(fading);
  fading = setTimeout(() => toast.set(null), 6000);
}

export function Announcements(): JSX.Element {
  const text = useStore(spoken);
  const shown = useStore(toast);
  return (
    <>
      <div class="hidden" role="status" aria-live="polite">
        {text}
      </div>
      {shown !== null && (
        <div class={`toast ${shown.tone}`}>
          <Icon name={shown.tone === 'ok' ? 'check' : 'warning'} />
          <span>{shown.text}</span>
          <button type="button" class="mark-button" aria-label="×" onClick={() => toast.set(null)}>
            <Icon name="cross" />
          </button>
        </div>
      )}
    </>
  );
}
