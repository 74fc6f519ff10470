import type { JSX } from 'preact';
import { pieces } from '../format/foreign.js';

/** A text that came from outside: text nodes only, kept apart from the direction of what stands around it. */
export function Foreign({ text }: { text: string }): JSX.Element {
  const parts = pieces(text);
  if (parts.length === 1 && typeof parts[0] === 'string') return <bdi>{text}</bdi>;
  return (
    <bdi>
      {parts.map((part, index) =>
        typeof part === 'string' ? (
          part
        ) : (
          <span key={index} class="unseen" title={part.code}>
            {part.name}
          </span>
        ),
      )}
    </bdi>
  );
}
