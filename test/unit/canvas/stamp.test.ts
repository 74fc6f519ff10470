import { describe, expect, it } from 'vitest';
import type { SignatureData } from '../../../src/app/index.js';
import { chain, chord, group, type StampingVisitor, signature } from '../../../src/canvas/index.js';

const s = (name: string) => signature(undefined, name);
const optionsOf = (data: SignatureData): Readonly<Record<string, unknown>> => data.options;

/** Notes what it is asked, and stamps each task with its name. */
function noting(more: Partial<StampingVisitor> = {}): { visitor: StampingVisitor; asked: string[] } {
  const asked: string[] = [];
  const note =
    (what: string) =>
    ({ task }: SignatureData): undefined =>
      void asked.push(`${what} ${task}`);
  const visitor = {
    onSignature: ({ task }: SignatureData) => {
      asked.push(`signature ${task}`);
      return { name: task };
    },
    onChainStart: note('chain'),
    onChainEnd: note('end of chain'),
    onGroupStart: note('group'),
    onGroupEnd: note('end of group'),
    onChordBody: note('body'),
    onCallback: note('callback'),
    onErrback: note('errback'),
    ...more,
  };
  return { visitor, asked };
}

describe('stamping', () => {
  it('asks a visitor for each part, in order', () => {
    const { visitor, asked } = noting();
    const workflow = chain(s('a').link(s('x')).linkError(s('y')), chord([s('b'), s('c')], s('d')));
    workflow.stamp(visitor);
    expect(asked).toEqual([
      'chain celery.chain',
      'callback x',
      'signature x',
      'errback y',
      'signature y',
      'signature a',
      'group celery.group',
      'signature b',
      'signature c',
      'end of group celery.group',
      'body celery.chord',
      'signature d',
      'end of chain celery.chain',
    ]);
  });

  it('gives members what is chosen for the whole, and prefers what was given', () => {
    const { visitor } = noting({ onGroupStart: () => ({ batch: 7, name: 'all' }) });
    const { kwargs } = group(s('a'), s('b')).stamp(visitor, { stamps: { who: 'me' } });
    for (const task of kwargs['tasks'] as SignatureData[]) {
      expect(optionsOf(task)).toEqual({
        who: 'me',
        batch: 7,
        name: 'all',
        stamped_headers: ['who', 'batch', 'name'],
      });
    }
  });

  it('asks for the header of a chord, where the visitor knows of chords', () => {
    const { visitor, asked } = noting({
      onChordHeaderStart: () => ({ part: true }),
      onChordHeaderEnd: () => undefined,
    });
    const { kwargs } = chord([s('a')], s('b')).stamp(visitor);
    expect(asked).toEqual(['signature a', 'body celery.chord', 'signature b']);
    expect((kwargs['body'] as SignatureData).options).toMatchObject({ part: true, name: 'b' });
  });

  it('replaces stamps of the same name, or puts both in a list', () => {
    const once = s('a').stamp({ who: 'x', tags: ['m'] });
    expect(optionsOf(once.stamp({ who: 'y', tags: ['n'] }))).toMatchObject({ who: 'y', tags: ['n', 'm'] });
    expect(optionsOf(once.stamp({ who: 'y' }, { appendStamps: true }))).toEqual({
      who: ['y', 'x'],
      tags: ['m'],
      stamped_headers: ['who', 'tags'],
    });
  });

  it('takes for plain options what a visitor does not name as stamps', () => {
    const plain = s('a').stamp({ onSignature: () => ({ stamped_headers: ['who'], who: 'x', priority: 3 }) });
    expect(optionsOf(plain)).toEqual({ stamped_headers: ['who'], who: 'x', priority: 3 });
  });

  it('keeps the stamps of a signature from its callbacks', () => {
    const linked = s('a').stamp({ own: 1 }).link(s('x')).stamp({ later: 2 });
    expect(optionsOf((linked.options['link'] as SignatureData[])[0]!)).toEqual({
      later: 2,
      stamped_headers: ['later'],
    });
  });
});
