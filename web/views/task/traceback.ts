/** A line of a stack with the code under it, or text between. */
export interface Frame {
  readonly text: string;
  /** Of a library or the runtime: folded. */
  readonly foreign: boolean;
  readonly kind: 'frame' | 'text';
}

const PYTHON = /^ {2}File "(.+)", line \d+/;
const NODE = /^\s+at .*?\(?((?:file:\/\/|node:|\/|[A-Z]:\\)[^)]*)\)?$/;
const LIBRARY =
  /site-packages|dist-packages|\/lib\/python|node_modules|^node:|\/cadasta-workertoolbox\/dist\/|<frozen/;

/** Takes a traceback of Python or of JavaScript apart, line by line, in order. */
export function framesOf(traceback: string): Frame[] {
  const frames: Frame[] = [];
  for (const line of traceback.split('\n')) {
    const where = PYTHON.exec(line)?.[1] ?? NODE.exec(line)?.[1];
    const last = frames.at(-1);
    if (where !== undefined) frames.push({ text: line, foreign: LIBRARY.test(where), kind: 'frame' });
    else if (last?.kind === 'frame' && /^ {4}/.test(line))
      frames[frames.length - 1] = { ...last, text: `${last.text}\n${line}` };
    else if (last?.kind === 'text') frames[frames.length - 1] = { ...last, text: `${last.text}\n${line}` };
    else frames.push({ text: line, foreign: false, kind: 'text' });
  }
  return frames;
}

/** Frames in runs: of ours each by itself, of libraries together. */
export function foldFrames(frames: readonly Frame[]): (Frame | readonly Frame[])[] {
  const runs: (Frame | Frame[])[] = [];
  for (const frame of frames) {
    const last = runs.at(-1);
    if (!frame.foreign) runs.push(frame);
    else if (Array.isArray(last)) last.push(frame);
    else runs.push([frame]);
  }
  return runs;
}
