/** What every kind of field has: its id, its label's mark, its notes and their wiring. */
import type { ComponentChildren } from 'preact';
import { NBSP } from './format.ts';
import { Icon } from './icon.tsx';

export interface FieldBase {
  name: string;
  label: string;
  /** The label is read aloud but not shown: the column that the field stands in says it to the eye. */
  labelHidden?: boolean;
  hint?: ComponentChildren;
  /** The hint is read aloud but not shown: the words around the field say it to the eye. */
  hintHidden?: boolean;
  error?: string | undefined;
  required?: boolean;
  disabled?: boolean;
  /** What was typed comes back as it was, wrong or not. */
  value?: string | undefined;
}

/** The id of a field's control, to link to it: names with brackets and dots are allowed. */
export const fieldId = (name: string): string => `field-${name.replace(/[^\p{L}\p{N}_-]+/gu, '-')}`;

export const RequiredMark = () => (
  <span class="required" aria-hidden="true">
    {NBSP}*
  </span>
);

interface Notes {
  id: string;
  hint: ComponentChildren;
  hintHidden: boolean | undefined;
  error: string | undefined;
}

export function FieldNotes({ id, hint, hintHidden, error }: Notes) {
  return (
    <>
      {hint && (
        <p class={hintHidden ? 'visually-hidden' : 'field__hint'} id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="field__error" id={`${id}-error`}>
          <Icon name="circle-alert" />
          <span>
            <span class="visually-hidden">Ошибка: </span>
            {error}
          </span>
        </p>
      )}
    </>
  );
}

/** The attributes that tie a control to its hint, its unit and its error. */
export const describe = (
  id: string,
  { hint, error }: { hint: ComponentChildren; error: string | undefined },
  unit = false,
) => ({
  'aria-describedby':
    [hint && `${id}-hint`, error && `${id}-error`, unit && `${id}-unit`].filter(Boolean).join(' ') || undefined,
  'aria-invalid': error ? ('true' as const) : undefined,
});
