import type { ChangeEvent, ChangeTopic } from '../../src/platform/views/index.js';
import { href } from '../routing/location.js';
import { createStore } from './store.js';

/** `live` by the stream, `polling` without it, `paused` by the person, `hidden` while nobody looks. */
export type LiveState = 'connecting' | 'live' | 'polling' | 'paused' | 'hidden';
export const liveState = createStore<LiveState>('connecting');

type Listener = (topics: ReadonlySet<string> | 'all') => void;
const listeners = new Set<Listener>();
const POLL_MS = 5000;

let stream: EventSource | undefined;
let polling: ReturnType<typeof setInterval> | undefined;
let paused = false;
let started = false;

const tell = (topics: ReadonlySet<string> | 'all'): void => {
  for (const listener of listeners) listener(topics);
};

function poll(): void {
  liveState.set('polling');
  polling ??= setInterval(() => {
    tell('all');
    // A stream that was refused is closed for good: try again beside the polling.
    if (stream?.readyState === EventSource.CLOSED) open();
  }, POLL_MS);
}

function stopPolling(): void {
  clearInterval(polling);
  polling = undefined;
}

function open(): void {
  stream?.close();
  stream = new EventSource(href('/api/v1/stream'));
  stream.addEventListener('open', () => {
    stopPolling();
    liveState.set('live');
  });
  stream.addEventListener('change', (event: MessageEvent<string>) => {
    const { topics } = JSON.parse(event.data) as ChangeEvent;
    tell(new Set(topics));
  });
  stream.addEventListener('error', poll);
}

function close(state: LiveState): void {
  stream?.close();
  stream = undefined;
  stopPolling();
  liveState.set(state);
}

function settle(): void {
  if (paused) return close('paused');
  if (document.hidden) return close('hidden');
  if (stream !== undefined) return;
  liveState.set('connecting');
  open();
  tell('all');
}

/** Starts to listen; once, after signing in. */
export function startLive(): void {
  if (!started) document.addEventListener('visibilitychange', settle);
  started = true;
  settle();
}

export function togglePause(): void {
  paused = !paused;
  settle();
}

/** Calls `listener` when something of `topics` changed, or may have. */
export function onChange(topics: readonly ChangeTopic[], listener: () => void): () => void {
  const heard: Listener = (changed) => {
    if (changed === 'all' || topics.some((topic) => changed.has(topic))) listener();
  };
  listeners.add(heard);
  return () => void listeners.delete(heard);
}
