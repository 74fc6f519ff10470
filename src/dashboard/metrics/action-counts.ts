/** How often which role had what done, since this process began. */
export class ActionCounts {
  readonly #counts = new Map<string, { action: string; role: string; count: number }>();

  count(action: string, role: string): void {
    const key = `${action} ${role}`;
    const known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, { action, role, count: 1 });
    else known.count += 1;
  }

  all(): readonly { action: string; role: string; count: number }[] {
    return [...this.#counts.values()];
  }
}
