import type { ComponentChildren } from 'preact';
import { classesOf } from './button.tsx';
import { describe, FieldNotes, fieldId, RequiredMark } from './field-parts.tsx';
import { Icon } from './icon.tsx';
import type { IconName } from './icons.ts';

interface ChosenProps {
  name: string;
  label: string;
  /** What is chosen; nothing reads `empty`. */
  value?: ComponentChildren;
  empty?: string;
  hint?: ComponentChildren;
  error?: string | undefined;
  required?: boolean;
  icon: IconName;
  /** «Выбрать адрес»: what the button says before and after a choice. */
  action: { choose: string; change: string };
  /** The button sends the form, so that nothing typed is lost on the way to the window. */
  submit: { name: string; value: string };
  /** More ways to the same: one-tap choices, a link. */
  children?: ComponentChildren;
}

/** A field whose value is chosen in a window of its own, opened by its button. */
export function Chosen(props: ChosenProps) {
  const { name, label, value, empty = 'Не выбрано', hint, error, required, icon, action, submit, children } = props;
  const id = fieldId(name);
  return (
    <fieldset class={error ? 'field field--wrong' : 'field'}>
      <legend class="field__label">
        {label}
        {required && <RequiredMark />}
      </legend>
      <FieldNotes id={id} hint={hint} hintHidden={false} error={error} />
      <div class="chosen">
        <p class="chosen__value">{value || <span class="quiet">{empty}</span>}</p>
        <button
          type="submit"
          id={id}
          class={classesOf('secondary')}
          {...submit}
          aria-describedby={describe(id, { hint, error })['aria-describedby']}
        >
          <Icon name={icon} />
          <span>{value ? action.change : action.choose}</span>
        </button>
      </div>
      {children}
    </fieldset>
  );
}
