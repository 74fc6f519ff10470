/**
 * A Celery result object out of a pickle, as data. The backend that Python pickles along with it, which holds the
 * database password, is dropped unread.
 */
export class ResultReference {
  readonly kind: 'AsyncResult' | 'GroupResult';
  readonly id: string;
  /** Members of a GroupResult. */
  readonly children: readonly ResultReference[];
  readonly parent: ResultReference | null;
  constructor(
    kind: 'AsyncResult' | 'GroupResult',
    id: string,
    children: readonly ResultReference[] = [],
    parent: ResultReference | null = null,
  ) {
    this.kind = kind;
    this.id = id;
    this.children = children;
    this.parent = parent;
  }
}
