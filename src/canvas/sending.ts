import type { App } from '../app/index.js';
import type { Draft } from './draft.js';
import type { CallParts } from './merge.js';
import type { ResultNode } from './result-node.js';

/** What sending needs of an app. */
export type CanvasApp = Pick<App, 'send' | 'tasks' | 'conf' | 'replyTo' | 'backend' | 'clock'> &
  Partial<Pick<App, 'routeOf' | 'chordBackend' | 'eagerApp'>>;

/** One sending of a canvas. */
export interface Sending {
  readonly app: CanvasApp;
  /** Ends the wait for the broker. */
  readonly signal?: AbortSignal | undefined;
  /** What is sent now is part of something that is recorded as one child of the running task. */
  readonly member?: boolean;
}

/** Sends any signature. Handed to what sends one kind, which sends its members with it. */
export type ApplyDraft = (sending: Sending, draft: Draft, parts: CallParts) => Promise<ResultNode>;
