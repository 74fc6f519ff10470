import type { SignatureData } from './signature-data.js';

/** A signature's six wire fields and nothing else, whatever object carries them. */
export const plainSignature = ({
  task,
  args,
  kwargs,
  options,
  subtask_type,
  immutable,
}: SignatureData): SignatureData => ({
  task,
  args,
  kwargs,
  options,
  subtask_type,
  immutable,
});

/** One signature, several or none, as the list that messages carry; null for none. */
export function signatureList(
  given: SignatureData | readonly SignatureData[] | null | undefined,
): readonly SignatureData[] | null {
  if (given === null || given === undefined) return null;
  const list: readonly SignatureData[] = Array.isArray(given) ? given : [given as SignatureData];
  return list.length === 0 ? null : list.map(plainSignature);
}
