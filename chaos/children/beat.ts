import { appendFileSync } from 'node:fs';
import { silentLogger } from '../../src/base/index.js';
import { Beat, openEntryStore } from '../../src/beat/index.js';
import { chaosApp } from './chaos-app.js';
import { type BeatPlan, leadersOf } from './plans.js';

const { settings, ledger, store: place, leaseMs } = JSON.parse(process.argv[2] ?? '') as BeatPlan;

// As the command line does: between two ticks no open connection keeps the process alive.
const alive = setInterval(() => undefined, 60_000);
const { app } = chaosApp(settings, ledger);
app.logger = {
  ...silentLogger,
  // Whom the row is to kill.
  info: (_fields, message) => {
    if (message === 'beat: this instance leads') appendFileSync(leadersOf(ledger), `${process.pid}\n`);
  },
};
const store = await openEntryStore(app, place);
const beat = new Beat(app, { store, leaseMs });
process.once('SIGTERM', () => {
  void beat
    .stop()
    .then(() => Promise.all([app.close(), store.close()]))
    .then(() => clearInterval(alive));
});
await beat.start();
console.log('ready');
