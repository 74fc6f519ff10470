/**
 * AMQP topic matching: words are separated by dots, `*` stands for exactly one word, `#` for any number of words.
 * Runs in time linear in key length for each pattern word, so hostile keys cost nothing. kombu's virtual matcher
 * differs for patterns such as `a.#` (see docs/decisions); for `#` alone and exact keys all agree.
 */
export function topicMatches(pattern: string, routingKey: string): boolean {
  const words = pattern.split('.');
  const key = routingKey === '' ? [] : routingKey.split('.');
  // reachable[j]: the pattern words so far can consume exactly the first j words of the key.
  let reachable = new Set([0]);
  for (const word of words) {
    const next = new Set<number>();
    if (word === '#') {
      const from = Math.min(...reachable);
      for (let j = from; j <= key.length; j += 1) next.add(j);
    } else {
      for (const j of reachable) if (j < key.length && (word === '*' || word === key[j])) next.add(j + 1);
    }
    if (next.size === 0) return false;
    reachable = next;
  }
  return reachable.has(key.length);
}
