/** The values of a statement: nothing a user said is ever part of its text. */
export class Parameters {
  readonly values: unknown[] = [];

  /** The placeholder that stands for the value. */
  add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

/** A text as the pattern of LIKE that matches it literally. */
export const likeLiteral = (text: string): string => text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`);
