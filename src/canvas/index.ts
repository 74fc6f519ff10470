export { addToChord } from './add-to-chord.js';
export { type ApplyParts, applySignature } from './apply-signature.js';
export { type BuiltinOptions, builtinTasks } from './builtins.js';
export {
  type CanvasInputTask,
  type CanvasTask,
  type InputSignatures,
  type PositionalSignatures,
  type TaskFactory,
  taskFactory,
} from './canvas-task.js';
export { failChord } from './chord-end.js';
export { ChordKeeper } from './chord-keeper.js';
export { chordPartsOf } from './chord-parts.js';
export { chain, chord, group, type OpenChord, signature } from './compose.js';
export type { ChordBackend } from './end-chord.js';
export { endOrGiveBack } from './end-counted-chord.js';
export { callErrback, isCalledHere, type TaskFailure } from './errbacks.js';
export type { CanvasResult } from './handle.js';
export { replaceTask } from './replace.js';
export type { CanvasApp } from './sending.js';
export {
  type AnySignature,
  type Linkable,
  Signature,
  type SignatureCall,
  type SignatureOptions,
} from './signature.js';
export type { StampingVisitor, StampOptions } from './stamp.js';
export { taskIdsOf } from './task-ids.js';
