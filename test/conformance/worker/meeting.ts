import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { patiently } from './patiently.js';

/** Where a case and its tasks meet, in whichever process or thread these run. */
export class Meeting {
  readonly #server: Server;
  readonly #notes = new Map<string, unknown[]>();
  readonly #gates = new Map<string, Gate>();
  readonly #sockets = new Set<Socket>();
  #changed: (() => void)[] = [];

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => this.#hear(socket));
  }

  static async open(): Promise<Meeting> {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return new Meeting(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** What tasks have left under a name so far, in order. */
  notes<T = unknown>(name: string): readonly T[] {
    return (this.#notes.get(name) ?? []) as readonly T[];
  }

  /** Waits until that many are there. */
  async noted<T = unknown>(name: string, count = 1): Promise<readonly T[]> {
    const enough = async (): Promise<void> => {
      while (this.notes(name).length < count)
        await new Promise<void>((resolve) => this.#changed.push(resolve));
    };
    await patiently(enough(), `${count} notes of ${name}`);
    return this.notes<T>(name);
  }

  /** Puts a gate at which tasks wait. */
  gate(name: string): Gate {
    const gate = new Gate(name);
    this.#gates.set(name, gate);
    return gate;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #hear(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    // Its process may be killed at any time.
    socket.on('error', () => {});
    const lines = createInterface({ input: socket });
    lines.on('error', () => {});
    lines.on(
      'line',
      (line) =>
        void this.#answer(JSON.parse(line) as Word).then((answer) => {
          if (socket.writable) socket.write(`${JSON.stringify(answer)}\n`);
        }),
    );
  }

  async #answer({ kind, name, data }: Word): Promise<unknown> {
    if (kind === 'pass') {
      await this.#gates.get(name)?.wait();
      return true;
    }
    const notes = this.#notes.get(name) ?? [];
    this.#notes.set(name, notes);
    notes.push(data);
    for (const resolve of this.#changed.splice(0)) resolve();
    return notes.length;
  }
}

interface Word {
  readonly kind: 'note' | 'pass';
  readonly name: string;
  readonly data?: unknown;
}

/** Something tasks wait at until the case opens it; `reached` resolves when the first one waits. */
export class Gate {
  readonly reached: Promise<void>;
  #arrive: () => void = () => {};
  readonly #opened: Promise<void>;
  #open: () => void = () => {};

  constructor(name: string) {
    this.reached = patiently(
      new Promise((resolve) => {
        this.#arrive = resolve;
      }),
      `a task reaches the gate ${name}`,
    );
    // A case that never looks must not fail by it.
    this.reached.catch(() => {});
    this.#opened = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  async wait(): Promise<void> {
    this.#arrive();
    await this.#opened;
  }

  open(): void {
    this.#open();
  }
}
