import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createControl, type ReceivedEvent, receiveEvents } from '../../../src/remote/index.js';
import { ourApp, startOursHere } from './both.js';
import { type Meeting, PythonCelery, type Running } from './python.js';

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  'task-received': ['uuid', 'name', 'args', 'kwargs', 'root_id', 'parent_id', 'retries', 'eta', 'expires'],
  'task-started': ['uuid'],
  'task-succeeded': ['uuid', 'result', 'runtime'],
  'task-failed': ['uuid', 'exception', 'traceback'],
};
const COMMON = ['type', 'hostname', 'utcoffset', 'pid', 'clock', 'timestamp', 'local_received'];

/** Events of both sides, heard by both. */
export function exerciseEvents(python: string, meeting: () => Meeting): void {
  describe('events in both directions', () => {
    let celery: PythonCelery;
    let dump: Running;

    beforeAll(async () => {
      celery = new PythonCelery(python, meeting());
      dump = celery.start('events', '--dump');
      await dump.line(/starting capture/);
    }, 30_000);
    afterAll(() => dump.stop(), 20_000);

    it('Python sees our workers come, work and go, and our producers send', async () => {
      const ours = await startOursHere(
        meeting(),
        { hostname: 'ev@here', taskEvents: true },
        { task_send_sent_event: true },
      );
      // The dump has no other sign that its queue is bound.
      await dump.line(/ev@here .*heartbeat.*freq=2/);
      const { id } = await ours.app.send({ task: 'ours.add', args: [1, 2], kwargs: {}, options: {} });
      const { id: bad } = await ours.app.send({ task: 'ours.fail', args: ['no'], kwargs: {}, options: {} });
      await dump.line(
        new RegExp(`gen${process.pid}@.* sent: ours.add\\(${id}\\) args=\\(1, 2\\) kwargs=\\{\\}`),
      );
      await dump.line(new RegExp(`ev@here .* received: ours.add\\(${id}\\)`));
      await dump.line(new RegExp(`ev@here .* started: ours.add\\(${id}\\)`));
      await dump.line(/ev@here .* succeeded: ours.add.*result=3, runtime=0/);
      await dump.line(new RegExp(`ev@here .* failed: ours.fail\\(${bad}\\).*ValueError\\('no'\\)`));
      const revoked = 'f0000000-0000-4000-8000-00000000000a';
      await ours.worker.revoke([revoked]);
      await ours.app.send({ task: 'ours.add', args: [1, 1], kwargs: {}, options: { task_id: revoked } });
      await dump.line(/ev@here .* revoked: ours.add.*expired=False.*terminated=False/);
      await ours.close();
      await dump.line(/ev@here .*shutdown: active=0.*processed=2.*sw_ident=cadasta-workertoolbox/);
    }, 60_000);

    it('we hear a Python worker with the fields ours sends', async () => {
      const heard: ReceivedEvent[] = [];
      const app = ourApp(meeting());
      onTestFinished(() => app.close());
      await receiveEvents(app, { onEvent: (event) => heard.push(event) });
      const ours = await startOursHere(meeting(), { hostname: 'both@here', taskEvents: true });
      const peer = celery.startHere('worker', '-n', 'pe@here', '-c', '1', '-E', '-l', 'info');
      await peer.line(/ready/);
      const of = (node: string, type: string): ReceivedEvent | undefined =>
        heard.find((event) => event.hostname === node && event.type === type);
      await ours.app.send({ task: 'ours.add', args: [1, 2], kwargs: {}, options: {} });
      await ours.app.send({ task: 'ours.fail', args: ['no'], kwargs: {}, options: {} });
      for (const [task, args] of [
        ['peer.add', [1, 2]],
        ['peer.fail', ['no']],
      ] as const) {
        await ours.app.send({ task, args, kwargs: {}, options: { queue: 'peer-tasks' } });
      }
      for (const [type, fields] of Object.entries(FIELDS)) {
        await expect
          .poll(() => of('pe@here', type) && of('both@here', type), { timeout: 15_000 })
          .toBeDefined();
        for (const node of ['pe@here', 'both@here']) {
          expect(Object.keys(of(node, type) ?? {}).sort(), `${node} ${type}`).toEqual(
            [...COMMON, ...fields].sort(),
          );
        }
      }
      expect(of('pe@here', 'task-succeeded')).toMatchObject({ result: '3' });
      expect(of('both@here', 'task-succeeded')).toMatchObject({ result: '3' });
      await expect.poll(() => of('pe@here', 'worker-heartbeat'), { timeout: 10_000 }).toBeDefined();
      await expect.poll(() => of('both@here', 'worker-heartbeat'), { timeout: 10_000 }).toBeDefined();
      const { instance, ...beat } = { ...of('both@here', 'worker-heartbeat') } as Record<string, unknown>;
      expect(instance).toMatch(/^[0-9a-f]{8}\./);
      expect(Object.keys(beat).sort()).toEqual(Object.keys(of('pe@here', 'worker-heartbeat') ?? {}).sort());
      const clocks = heard.filter(({ hostname }) => hostname === 'both@here').map(({ clock }) => clock);
      expect(clocks).toEqual([...clocks].sort((a, b) => a - b));
      await peer.stop();
      await expect.poll(() => of('pe@here', 'worker-offline'), { timeout: 10_000 }).toBeDefined();
    }, 60_000);

    it('in an election both languages name the same winner, who sends the task', async () => {
      const ours = await startOursHere(meeting(), { hostname: 'el@here' });
      const peer = celery.startHere('worker', '-n', 'pel@here', '-c', '1', '-l', 'debug');
      // It hears events: on Redis it says that it is ready before it does.
      await peer.line(/ el@here joined the party/);
      const seen = async (): Promise<unknown> => ours.worker.info().steps.remote?.neighbours;
      await expect.poll(seen, { timeout: 10_000 }).toContain('pel@here');
      const action = {
        task: 'ours.add',
        args: [20, 3],
        kwargs: {},
        options: { queue: 'our-tasks' },
        subtask_type: null,
        immutable: false,
      };
      const control = createControl(ours.app);
      const stand = (node: string): Promise<unknown> =>
        control.broadcast(
          'election',
          { id: 'e1', topic: 'task', action },
          { destination: [node], reply: false },
        );
      const peerClock = async (): Promise<number> => {
        const answers = await control.broadcast<{ clock: number }>(
          'clock',
          {},
          { destination: ['pel@here'] },
        );
        return answers['pel@here']?.clock ?? 0;
      };
      const ran = (): number | undefined => ours.worker.info().counts.total['ours.add'];
      // One after the other: Celery decides at the first acknowledgement, and its worker ends with an IndexError when it
      // has heard of one candidate only.
      await stand('el@here');
      await expect.poll(ran, { timeout: 15_000 }).toBe(1);
      // Our heartbeats tell it the time.
      const { value: stood } = ours.app.lamport;
      await expect.poll(peerClock, { timeout: 20_000 }).toBeGreaterThan(stood);
      await stand('pel@here');
      await peer.line(/node el@here\.\d+ elected for 'e1'/);
      await peer.stop();
      expect(ran()).toBe(1);
    }, 60_000);
  });
}
