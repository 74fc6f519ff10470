import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Control, createControl } from '../../../src/remote/index.js';
import { keysOf } from '../../support/keys-of.js';
import { type Ours, startOurs, startOursHere } from './both.js';
import { type Controller, type Meeting, PythonCelery, type Running } from './python.js';

const OURS = 'ts@here';
const PEER = 'py@here';

/** Commands of Python's command line to our worker and back, on one broker. */
export function exerciseCommands(python: string, meeting: () => Meeting): void {
  describe('remote control in both directions', () => {
    let ours: Ours;
    let celery: PythonCelery;
    let peer: Running;
    let client: Controller;
    let control: Control;

    beforeAll(async () => {
      celery = new PythonCelery(python, meeting());
      peer = celery.start('worker', '-n', PEER, '-c', '1', '-l', 'info');
      ours = await startOurs(meeting(), { hostname: OURS });
      control = createControl(ours.app);
      client = celery.controller();
      await peer.line(/ready/);
    }, 60_000);
    afterAll(async () => {
      await ours.close();
      await Promise.all([client.stop(), peer.stop()]);
    }, 30_000);

    const toUs = async (command: string, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> =>
      (await client.ask(command, args, [OURS]))[OURS];
    const toBoth = <R>(command: string): Promise<Record<string, R>> =>
      client.ask<R>(command, {}, [OURS, PEER]);

    it('answers every inspect command with the keys a Python worker has', async () => {
      for (const command of [
        'ping',
        'clock',
        'active',
        'reserved',
        'scheduled',
        'revoked',
        'active_queues',
      ]) {
        const { [OURS]: our, [PEER]: theirs } = await toBoth<unknown>(command);
        expect({ command, keys: keysOf(our) }).toEqual({ command, keys: keysOf(theirs) });
      }
      const { [OURS]: our, [PEER]: theirs } = await toBoth<Record<string, object>>('stats');
      const { outcomes, quarantined, duplicates, lost, state: _state, loop: _loop, ...known } = our ?? {};
      expect(keysOf(known)).toEqual(keysOf(theirs));
      expect({ outcomes, quarantined, duplicates, lost }).toMatchObject({ quarantined: 0, lost: 0 });
      const { [OURS]: report } = await toBoth<{ ok: string }>('report');
      expect(report?.ok).toMatch(/software -> cadasta-workertoolbox/);
    }, 60_000);

    it('shows settings without a secret, and registered tasks with their limits', async () => {
      const { [OURS]: conf } = await toBoth<Record<string, unknown>>('conf');
      expect(conf).toMatchObject({ task_default_queue: 'our-tasks' });
      expect(JSON.stringify(conf)).not.toMatch(/:guest@/);
      const all = (await toUs('conf', { with_defaults: true })) as Record<string, unknown>;
      expect(Object.keys(all).length).toBeGreaterThan(100);
      const { [OURS]: names } = await toBoth<string[]>('registered');
      expect(names).toContain('ours.add');
      expect(names).toContain('ours.limited [rate_limit=10/m]');
    }, 30_000);

    it('shows what runs, what waits for a slot and what waits for its time', async () => {
      const { app, gate } = ours;
      const send = (options: Readonly<Record<string, unknown>> = {}): Promise<{ id: string }> =>
        app.send({ task: 'ours.wait', args: [], kwargs: { password: 'hunter2' }, options });
      const [running, , waiting] = [await send(), await send(), await send()];
      const later = await send({ countdown: 4 });
      await expect.poll(() => ours.worker.info().scheduled.length, { timeout: 10_000 }).toBe(1);
      await expect.poll(() => ours.worker.info().active.length, { timeout: 10_000 }).toBe(2);
      const { [OURS]: active } = await toBoth<Record<string, unknown>[]>('active');
      expect(active?.find(({ id }) => id === running.id)).toEqual({
        id: running.id,
        name: 'ours.wait',
        args: [],
        kwargs: { password: '********' },
        type: 'ours.wait',
        hostname: OURS,
        time_start: expect.any(Number) as number,
        acknowledged: false,
        delivery_info: expect.objectContaining({ redelivered: false }) as object,
        worker_pid: process.pid,
      });
      const { [OURS]: scheduled } = await toBoth<{ eta: string; request: object }[]>('scheduled');
      expect(scheduled?.[0]).toMatchObject({ priority: 6, request: { id: later.id } });
      const ids = [running.id, waiting?.id ?? '', later.id, 'unknown'];
      const found = (await toUs('query_task', { ids })) as Record<string, [string, object]>;
      expect(Object.fromEntries(Object.entries(found).map(([id, [state]]) => [id, state]))).toEqual({
        [running.id]: 'active',
        [waiting?.id ?? '']: 'reserved',
        [later.id]: 'scheduled',
      });
      await toUs('revoke', { task_id: later.id });
      gate.open();
      await expect.poll(() => ours.worker.info().active.length, { timeout: 10_000 }).toBe(0);
      expect(ours.worker.info().scheduled).toEqual([]);
    }, 60_000);

    it.each<[string, Readonly<Record<string, unknown>>, unknown]>([
      [
        'rate_limit',
        { task_name: 'ours.add', rate_limit: '10/m' },
        { ok: 'new rate limit set successfully' },
      ],
      ['rate_limit', { task_name: 'ours.add', rate_limit: '0' }, { ok: 'rate limit disabled successfully' }],
      ['rate_limit', { task_name: 'nowhere', rate_limit: '1/s' }, { error: 'unknown task' }],
      [
        'rate_limit',
        { task_name: 'ours.add', rate_limit: 'often' },
        { error: expect.stringMatching(/^Invalid rate limit string: /) as string },
      ],
      ['time_limit', { task_name: 'ours.add', soft: 5, hard: 10 }, { ok: 'time limits set successfully' }],
      ['time_limit', { task_name: 'nowhere', soft: 5 }, { error: 'unknown task' }],
      ['pool_grow', { n: 2 }, { ok: 'pool will grow' }],
      ['pool_shrink', { n: 2 }, { ok: 'pool will shrink' }],
      ['pool_restart', {}, { error: "ValueError('Pool restarts not enabled')" }],
      ['autoscale', { max: 4, min: 2 }, { error: "ValueError('Autoscale not enabled')" }],
      ['enable_events', {}, { ok: 'task events enabled' }],
      ['enable_events', {}, { ok: 'task events already enabled' }],
      ['disable_events', {}, { ok: 'task events disabled' }],
      ['disable_events', {}, { ok: 'task events already disabled' }],
      ['heartbeat', {}, null],
      ['add_consumer', { queue: 'further' }, { ok: 'add consumer further' }],
      ['cancel_consumer', { queue: 'further' }, { ok: 'no longer consuming from further' }],
      ['terminate', { signal: 'TERM', task_id: ['nobody'] }, { ok: 'terminate: tasks unknown' }],
      [
        'revoke_by_stamped_headers',
        { headers: { batch: ['7'] } },
        { ok: "headers {'batch': ['7']} flagged as revoked, but not terminated" },
      ],
    ])('obeys %s %j', async (command, args, answer) => {
      expect(await toUs(command, args)).toEqual(answer);
    });

    it('answers the command line of Celery', async () => {
      const inspected = await celery.run('inspect', 'active_queues', '--json', '--timeout', '3', '-d', OURS);
      expect(JSON.parse(inspected.out.split('\n')[0] ?? '')).toMatchObject({
        [OURS]: [{ name: 'our-tasks' }],
      });
      const told = await celery.run('control', 'rate_limit', 'ours.add', '0', '-d', OURS, '--timeout', '3');
      expect(told.out).toMatch(/ts@here: OK\s+rate limit disabled successfully/);
      const { code, out } = await celery.run('status', '--timeout', '3');
      expect({ code, out }).toMatchObject({
        code: 0,
        out: expect.stringContaining('2 nodes online') as string,
      });
    }, 60_000);

    it('says of an unknown command and of bad arguments what Python says', async () => {
      const options = { destination: [OURS, PEER], timeout: 2 };
      expect(await control.broadcast('nosuch', {}, options)).toEqual({
        [OURS]: { error: "KeyError('nosuch')" },
        [PEER]: { error: "KeyError('nosuch')" },
      });
      const replies = await control.broadcast<{ error: string }>('rate_limit', {}, options);
      expect(replies[OURS]?.error).toMatch(/^TypeError\(/);
      expect(replies[PEER]?.error).toMatch(/^TypeError\(/);
    }, 20_000);

    it('is found by pattern, and only then', async () => {
      const nodes = async (pattern: string, matcher: 'glob' | 'pcre'): Promise<string[]> =>
        Object.keys(await control.broadcast('ping', {}, { pattern, matcher, timeout: 2.5 })).sort();
      expect(await nodes('ts@*', 'glob')).toEqual([OURS]);
      expect(await nodes('[pt][ys]@here', 'glob')).toEqual([PEER, OURS]);
      expect(await nodes('(ts|xx)@', 'pcre')).toEqual([OURS]);
      expect(await nodes('nobody*', 'glob')).toEqual([]);
    }, 30_000);

    it('does not run what Python revoked, and shows it', async () => {
      const id = 'f0000000-0000-4000-8000-000000000001';
      expect(await toUs('revoke', { task_id: id })).toEqual({ ok: `tasks {'${id}'} flagged as revoked` });
      const { [OURS]: revoked } = await toBoth<string[]>('revoked');
      expect(revoked).toContain(id);
      await ours.app.send({ task: 'ours.add', args: [1, 2], kwargs: {}, options: { task_id: id } });
      await expect
        .poll(() => ours.worker.info().counts.outcomes.revoked, { timeout: 10_000 })
        .toBeGreaterThan(0);
    }, 30_000);

    it('tells what is revoked to workers that come later, of either language', async () => {
      const id = 'f0000000-0000-4000-8000-000000000002';
      await control.revoke(id, { timeout: 5, destination: [PEER] });
      const second = await startOursHere(meeting(), { hostname: 'ts2@here', queues: ['elsewhere'] });
      expect(second.worker.info().revoked).toContain(id);
      expect(second.app.lamport.value).toBeGreaterThan(5);
      const own = 'f0000000-0000-4000-8000-000000000003';
      await second.worker.revoke([own]);
      const late = celery.startHere('worker', '-n', 'py2@here', '-c', '1', '-Q', 'elsewhere', '-l', 'info');
      await late.line(/ready/);
      // On Redis it says that it is ready before it listens.
      const theirs = async (): Promise<unknown> =>
        (await control.broadcast('revoked', {}, { timeout: 1, destination: ['py2@here'] }))['py2@here'];
      await expect.poll(theirs, { timeout: 15_000 }).toEqual(expect.arrayContaining([own, id]));
    }, 60_000);

    it('commands a Python worker by our client', async () => {
      const options = { destination: [PEER], timeout: 3 };
      expect(await control.ping(options)).toEqual({ [PEER]: { ok: 'pong' } });
      expect(await control.rateLimit('peer.add', '5/m', options)).toEqual({
        [PEER]: { ok: 'new rate limit set successfully' },
      });
      expect(await control.timeLimit('peer.add', { soft: 1, hard: 2 }, options)).toEqual({
        [PEER]: { ok: 'time limits set successfully' },
      });
      expect(await control.poolGrow(1, options)).toEqual({ [PEER]: { ok: 'pool will grow' } });
      expect(await control.addConsumer('more', options)).toEqual({ [PEER]: { ok: 'add consumer more' } });
      expect(await control.enableEvents(options)).toEqual({ [PEER]: { ok: 'task events enabled' } });
    }, 40_000);

    it('stops when Python says so, and a Python worker when we say so', async () => {
      await celery.run('control', 'shutdown', '-d', OURS, '--timeout', '0.2');
      await ours.worker.stopped;
      expect(Object.keys(await control.ping({ timeout: 1 }))).toEqual([PEER]);
      await control.shutdown({ destination: [PEER] });
      await peer.line(/Got shutdown from remote/);
    }, 40_000);
  });
}
