import type { Attributes, AttributeValue, Resource } from './project.js';

/** The names of all attributes that any of the records has, in the order they first appear. */
export function attributeNames(records: readonly { readonly attributes: Attributes }[]): readonly string[] {
  return [...new Set(records.flatMap(({ attributes }) => Object.keys(attributes)))];
}

/** An attribute as one cell: lists as text, what is not there as nothing. */
export function cellOf(value: AttributeValue | undefined): string | number | boolean | null {
  return Array.isArray(value) ? value.join(', ') : (value ?? null);
}

/** The records of one kind that a file belongs to, as one cell. */
export const linkedIds = ({ links }: Resource, type: Resource['links'][number]['type']): string =>
  links
    .filter((link) => link.type === type)
    .map(({ id }) => id)
    .join(', ');
