import { useEffect, useRef } from 'preact/hooks';
import { keysOn } from '../client/prefs.js';

type Handlers = Readonly<Record<string, (event: KeyboardEvent) => void>>;
const stack: { current: Handlers }[] = [];

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.closest('input:not([type=checkbox]), textarea, select, [contenteditable]') !== null;

/** `g` waits this long for the letter of the view. */
const SECOND_KEY_MS = 1200;
let first: { key: string; at: number } | undefined;

/** Listens for the keys of the page; off in fields, in dialogs, with control keys, and when the person switched it off. */
export function listenToKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (!keysOn.get() || document.querySelector('dialog[open]') !== null) return;
    const pair =
      first !== undefined && event.timeStamp - first.at < SECOND_KEY_MS ? `${first.key} ${event.key}` : '';
    first = undefined;
    for (const handlers of [...stack].reverse()) {
      const handler = handlers.current[pair] ?? handlers.current[event.key];
      if (handler === undefined) continue;
      event.preventDefault();
      handler(event);
      return;
    }
    if (event.key === 'g') first = { key: 'g', at: event.timeStamp };
  });
}

/** While the component is there, these keys are its own; the component mounted last is asked first. */
export function useKeys(handlers: Handlers): void {
  const current = useRef(handlers);
  current.current = handlers;
  useEffect(() => {
    stack.push(current);
    return () => void stack.splice(stack.indexOf(current), 1);
  }, []);
}
