import { ToolboxError } from '../base/index.js';

/** Content that needs no decoder and is never refused, as in kombu. */
const TRUSTED: ReadonlySet<string> = new Set(['application/data', 'application/text']);

/** The name of raw content; kombu knows it for writing only. */
export const RAW = 'raw';
export const RAW_TYPE = 'application/data';

/** What the acceptance of content asks of a registry. */
export interface ContentNames {
  typeOf(name: string): string | undefined;
  nameOf(contentType: string): string | undefined;
  names(): readonly string[];
}

/** Which content types an `accept_content` lets in. Each list is read once. */
export class Accepted {
  readonly #names: ContentNames;
  readonly #types = new WeakMap<readonly string[], ReadonlySet<string>>();

  constructor(names: ContentNames) {
    this.#names = names;
  }

  /** Throws CONTENT_DISALLOWED in Celery's words. Content types are compared letter by letter, as Celery does. */
  check(contentType: string, accept: readonly string[]): void {
    if (TRUSTED.has(contentType) || this.types(accept).has(contentType)) return;
    const name = this.#names.nameOf(contentType) ?? contentType;
    throw new ToolboxError(
      'CONTENT_DISALLOWED',
      `Refusing to deserialize untrusted content of type ${name} (${contentType})`,
      { fields: { contentType, accept: [...accept] } },
    );
  }

  /** The content types that a list of names and types stands for. Throws CONFIG_INVALID for a name nobody registered. */
  types(accept: readonly string[]): ReadonlySet<string> {
    const known = this.#types.get(accept);
    if (known !== undefined) return known;
    const types = new Set(accept.map((entry) => (entry.includes('/') ? entry : this.#typeOf(entry))));
    this.#types.set(accept, types);
    return types;
  }

  #typeOf(name: string): string {
    const type = this.#names.typeOf(name) ?? (name === RAW ? RAW_TYPE : undefined);
    if (type !== undefined) return type;
    throw new ToolboxError(
      'CONFIG_INVALID',
      `accept_content: no serializer is named ${name}; use ${this.#names.names().join(', ')}, or a content type such as application/json`,
      { fields: { key: 'accept_content', name } },
    );
  }
}
