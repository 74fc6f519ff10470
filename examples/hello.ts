import { Celery, createWorker } from 'cadasta-workertoolbox';

const app = new Celery('hello', { settings: { broker_url: 'memory://', result_backend: 'cache+memory://' } });
const add = app.task('math.add', (x: number, y: number) => x + y);

const worker = createWorker(app);
await worker.start();
const result = await add.delay(2, 3);
console.log(await result.get({ timeout: 10 })); // 5
await worker.stop();
await app.close();
