import type { Role, SessionView } from '../../src/platform/views/index.js';
import { startLive } from './live.js';
import { Problem, request, setCsrf, whenSignedOut } from './request.js';
import { forgetAll } from './resource.js';
import { createStore } from './store.js';

/** `undefined` before the server was asked, null when nobody is signed in. */
export const session = createStore<SessionView | null | undefined>(undefined);
export const sessionProblem = createStore<Problem | undefined>(undefined);

function enter(view: SessionView): void {
  setCsrf(view.csrf ?? null);
  sessionProblem.set(undefined);
  session.set(view);
  startLive();
}

export async function readSession(): Promise<void> {
  try {
    enter(await request<SessionView>('/session'));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.status === 401) return session.set(null);
    sessionProblem.set(error);
    setTimeout(() => void readSession(), 3000);
  }
}
whenSignedOut(() => session.set(null));

export async function signIn(user: string, password: string): Promise<void> {
  enter(await request<SessionView>('/session', { method: 'POST', body: { user, password } }));
}

export async function signOut(): Promise<void> {
  await request('/session', { method: 'DELETE' });
  forgetAll();
  session.set(null);
}

const RANK: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, admin: 2 };
export function mayAct(needed: Role): boolean {
  const who = session.get();
  return who !== null && who !== undefined && RANK[who.role] >= RANK[needed];
}
