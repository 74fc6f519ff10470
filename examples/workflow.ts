import { Celery, chain, chord, createWorker, group } from 'cadasta-workertoolbox';

const app = new Celery('flow', { settings: { broker_url: 'memory://', result_backend: 'cache+memory://' } });
const add = app.task('math.add', (x: number, y: number) => x + y);
const sum = app.task('math.sum', (numbers: number[]) => numbers.reduce((a, b) => a + b, 0));

const worker = createWorker(app);
await worker.start();

// One after the other: the result of each is the first argument of the next.
const chained = await chain(add.s(1, 2), add.s(3), add.s(4)).delay();
console.log(await chained.get({ timeout: 30 })); // 10

// At the same time.
const grouped = await group([add.s(1, 1), add.s(2, 2)]).delay();
console.log(await grouped.get({ timeout: 30 })); // [ 2, 4 ]

// At the same time, then one task with all results.
const joined = await chord([add.s(1, 1), add.s(2, 2)])(sum.s());
console.log(await joined.get({ timeout: 30 })); // 6

await worker.stop();
await app.close();
