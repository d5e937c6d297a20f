import type { ComponentChildren } from 'preact';
import { ChoiceField, type ChoiceFieldProps } from './choice.tsx';
import { describe, type FieldBase, FieldNotes, fieldId, RequiredMark } from './field-parts.tsx';

interface TextField extends FieldBase {
  kind: 'text';
  type?: 'text' | 'email' | 'tel' | 'password' | 'search' | 'url';
  /** Lines of a long text. */
  rows?: number;
  maxLength?: number;
  autocomplete?: string;
  inputMode?: 'text' | 'numeric' | 'decimal' | 'email' | 'tel';
  placeholder?: string;
  /** As wide as what is typed in it: an index, a flat number. */
  short?: boolean;
}

interface NumberField extends FieldBase {
  kind: 'number';
  /** «м³», «кВт·ч»: shown in the control, read with the label. */
  unit?: string;
  wholeOnly?: boolean;
}

interface MoneyField extends FieldBase {
  kind: 'money';
}

interface DateField extends FieldBase {
  kind: 'date';
}

interface FileField extends FieldBase {
  kind: 'file';
  /** File name extensions, as `accept` takes them: «.pdf,.jpg». */
  accept?: string;
  multiple?: boolean;
  /** The id of another form that it goes with. */
  form?: string;
}

export type FieldProps = TextField | NumberField | MoneyField | DateField | FileField | ChoiceFieldProps;

/** A label, a hint, a control and its error, wired for screen readers. Pages never wire aria by hand. */
export function Field(props: FieldProps) {
  if (props.kind === 'choice') return <ChoiceField {...props} />;
  const id = fieldId(props.name);
  return (
    <div class={props.error ? 'field field--wrong' : 'field'}>
      <label class={props.labelHidden ? 'visually-hidden' : 'field__label'} for={id}>
        {props.label}
        {props.required && <RequiredMark />}
      </label>
      <FieldNotes id={id} hint={hintOf(props)} hintHidden={props.hintHidden} error={props.error} />
      <Control {...props} />
    </div>
  );
}

const hintOf = (props: FieldProps): ComponentChildren =>
  props.hint ?? (props.kind === 'date' ? 'День, месяц и год, например 15.11.2026' : undefined);

function Control(props: Exclude<FieldProps, ChoiceFieldProps>) {
  const id = fieldId(props.name);
  const unit = props.kind === 'money' ? '₽' : props.kind === 'number' ? props.unit : undefined;
  const common = {
    id,
    name: props.name,
    required: props.required,
    disabled: props.disabled,
    ...describe(id, { hint: hintOf(props), error: props.error }, Boolean(unit)),
  };
  if (props.kind === 'file')
    return (
      <input
        {...common}
        class="input input--file"
        type="file"
        accept={props.accept}
        multiple={props.multiple}
        form={props.form}
      />
    );
  if (props.kind === 'text') return <TextControl {...props} common={common} />;
  if (props.kind === 'date') {
    return (
      <input
        {...common}
        class="input input--date"
        type="text"
        inputMode="numeric"
        autocomplete="off"
        placeholder="ДД.ММ.ГГГГ"
        maxLength={10}
        value={props.value}
      />
    );
  }
  // Not type=number: it refuses the decimal comma, changes on a scroll and loses what was mistyped.
  const inputMode = props.kind === 'number' && props.wholeOnly ? 'numeric' : 'decimal';
  return (
    <span class="input-unit">
      <input
        {...common}
        class="input input--number"
        type="text"
        inputMode={inputMode}
        autocomplete="off"
        value={props.value}
      />
      {unit && (
        <span class="input-unit__unit" id={`${id}-unit`}>
          {unit}
        </span>
      )}
    </span>
  );
}

function TextControl({ common, ...props }: TextField & { common: Record<string, unknown> }) {
  const { rows, type = 'text', short, value, maxLength, autocomplete, inputMode, placeholder } = props;
  if (rows)
    return (
      <textarea
        {...common}
        class="input input--text"
        rows={rows}
        maxLength={maxLength}
        placeholder={placeholder}
        value={value}
      />
    );
  const typing: Record<string, unknown> = { type, maxLength, autocomplete, inputMode, placeholder };
  // A password is never sent back to the page.
  return (
    <input
      {...common}
      {...typing}
      class={short ? 'input input--short' : 'input'}
      value={type === 'password' ? undefined : value}
    />
  );
}
