import type { JSX } from 'preact';
import { t } from '../i18n/translate.js';
import type { Field } from './ask.js';

export const firstValues = (fields: readonly Field[]): Readonly<Record<string, string>> =>
  Object.fromEntries(fields.map((field) => [field.name, String(field.value ?? '')]));

/** Why the text of a field cannot be taken; undefined when it can. */
export function problemOf(field: Field, text: string): string | undefined {
  if (field.kind === 'choice') return undefined;
  if (text.trim() === '') return field.optional === true ? undefined : t('field.needed');
  if (field.kind === 'number' && !Number.isFinite(Number(text))) return t('field.number');
  if (field.kind !== 'json') return undefined;
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

interface Props {
  readonly field: Field;
  readonly value: string;
  readonly onChange: (value: string) => void;
}
export function FieldView({ field, value, onChange }: Props): JSX.Element {
  if (field.kind === 'choice') {
    return (
      <fieldset class="field">
        <legend>{field.label}</legend>
        {field.choices.map((choice) => (
          <label key={choice.value} class="choice">
            <input
              type="radio"
              name={field.name}
              value={choice.value}
              checked={choice.value === value}
              onChange={() => onChange(choice.value)}
            />
            <span>{choice.label}</span>
          </label>
        ))}
      </fieldset>
    );
  }
  const wrong = field.kind === 'json' && value !== '' ? problemOf(field, value) : undefined;
  const common = {
    name: field.name,
    value,
    spellcheck: false,
    autocomplete: 'off',
    'aria-invalid': wrong !== undefined,
  } as const;
  return (
    <label class="field">
      <span>{field.label}</span>
      {field.kind === 'json' || field.kind === 'area' ? (
        <textarea
          {...common}
          class="mono"
          rows={field.kind === 'json' ? 6 : 4}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      ) : (
        <input
          {...common}
          inputMode={field.kind === 'number' ? 'decimal' : 'text'}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
      {wrong !== undefined ? (
        <small class="bad">{wrong}</small>
      ) : (
        field.hint !== undefined && <small>{field.hint}</small>
      )}
    </label>
  );
}
