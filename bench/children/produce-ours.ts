import { benchApp } from './bench-app.js';
import { onCommand, windowed } from './on-command.js';

const [url = '', count = '0', window = '500', settings] = process.argv.slice(2);

/** The whole producer: calls of a task, each awaited until the broker has it. */
const { noop } = benchApp(url, settings);
await noop.delay(1, 2);
await onCommand(() => windowed(Number(count), Number(window), () => noop.delay(1, 2)));
