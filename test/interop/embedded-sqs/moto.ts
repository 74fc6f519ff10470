import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { celeryPython } from '../../support/python.js';
import { python } from './support.js';

export const NO_MOTO = 'needs moto, flask and flask-cors in the Python peer';
const peer = celeryPython();
export const hasMoto =
  peer !== undefined && spawnSync(peer, ['-c', 'import moto, flask, flask_cors']).status === 0;

/** Starts moto, which plays SQS, S3 and STS, for the test at hand. */
export async function motoUrl(): Promise<string> {
  const port = await freePort();
  const moto = python(['-m', 'moto.server', '-H', '127.0.0.1', '-p', `${port}`]);
  let ended: Error | undefined;
  moto.output.catch((error: Error) => {
    ended = error;
  });
  while (!(await answers(port))) {
    if (ended !== undefined) throw ended;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return `http://127.0.0.1:${port}`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
