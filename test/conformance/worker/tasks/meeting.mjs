import { connect } from 'node:net';

/** The end of a case's meeting point that its tasks have, in whichever process or thread they run. */
export function meetingAt(port) {
  /** Says something, and waits for the answer. */
  const say = (word) =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(`${JSON.stringify(word)}\n`));
      let answer = '';
      socket.setEncoding('utf8');
      socket.on('data', (text) => {
        answer += text;
        if (answer.endsWith('\n')) socket.end();
      });
      socket.on('close', () =>
        answer === '' ? reject(new Error('nobody answers')) : resolve(JSON.parse(answer)),
      );
      socket.on('error', reject);
    });
  return {
    /** Leaves a note for the case. Resolves with how many of that name there are now. */
    note: (name, data = null) => say({ kind: 'note', name, data }),
    /** Waits until the case lets it through; at once, where the case has put no gate. */
    pass: (name) => say({ kind: 'pass', name }),
  };
}
