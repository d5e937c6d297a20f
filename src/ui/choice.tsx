import { describe, type FieldBase, FieldNotes, fieldId, RequiredMark } from './field-parts.tsx';

export interface Option {
  value: string;
  label: string;
  hint?: string;
  disabled?: boolean;
}

export interface ChoiceFieldProps extends Omit<FieldBase, 'value'> {
  kind: 'choice';
  /** One of few: radio. One of many: select. Several, or a single consent: checkbox. */
  as: 'radio' | 'select' | 'checkbox';
  options: readonly Option[];
  value?: string | readonly string[] | undefined;
  /** The first row of a select when nothing is chosen. */
  placeholder?: string;
}

/** A choice: a list that opens, or tiles big enough for a thumb. */
export function ChoiceField(props: ChoiceFieldProps) {
  return props.as === 'select' ? <Select {...props} /> : <Tiles {...props} />;
}

function Select({
  name,
  label,
  hint,
  hintHidden,
  error,
  required,
  disabled,
  options,
  value,
  placeholder,
}: ChoiceFieldProps) {
  const id = fieldId(name);
  return (
    <div class={error ? 'field field--wrong' : 'field'}>
      <label class="field__label" for={id}>
        {label}
        {required && <RequiredMark />}
      </label>
      <FieldNotes id={id} hint={hint} hintHidden={hintHidden} error={error} />
      <select
        id={id}
        name={name}
        class="input input--select"
        required={required}
        disabled={disabled}
        {...describe(id, { hint, error })}
      >
        {placeholder !== undefined && <option value="">{placeholder}</option>}
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}

function Tiles(props: ChoiceFieldProps) {
  const { name, label, hint, hintHidden, error, required, disabled, options, value, as } = props;
  const id = fieldId(name);
  const chosen = new Set(typeof value === 'string' ? [value] : (value ?? []));
  const [only] = options;
  if (as === 'checkbox' && options.length === 1 && only) {
    return (
      <div class={error ? 'field field--wrong' : 'field'}>
        <FieldNotes id={id} hint={hint} hintHidden={hintHidden} error={error} />
        <Tile
          {...{ name, id, option: only, type: as, required, disabled, described: describe(id, { hint, error }) }}
          checked={chosen.has(only.value)}
        />
      </div>
    );
  }
  return (
    <fieldset
      class={error ? 'field field--wrong' : 'field'}
      aria-describedby={describe(id, { hint, error })['aria-describedby']}
    >
      <legend class="field__label">
        {label}
        {required && <RequiredMark />}
      </legend>
      <FieldNotes id={id} hint={hint} hintHidden={hintHidden} error={error} />
      <div class="tiles">
        {options.map((option, index) => (
          <Tile
            key={option.value}
            {...{ name, option, type: as === 'checkbox' ? as : 'radio', disabled, checked: chosen.has(option.value) }}
            id={index === 0 ? id : `${id}-${index}`}
            required={as === 'radio' && required}
          />
        ))}
      </div>
    </fieldset>
  );
}

interface TileProps {
  name: string;
  id: string;
  type: 'radio' | 'checkbox';
  option: Option;
  checked: boolean;
  required: boolean | undefined;
  disabled: boolean | undefined;
  described?: Record<string, string | undefined>;
}

/** One radio or check box with its label, as big as a thumb. */
export function Tile({ name, id, type, option, checked, required, disabled, described = {} }: TileProps) {
  const hint = option.hint ? `${id}-about` : undefined;
  const about = [described['aria-describedby'], hint].filter(Boolean).join(' ') || undefined;
  return (
    <div class="tile">
      <input
        {...described}
        {...{ id, type, name, checked, required }}
        value={option.value}
        disabled={disabled || option.disabled}
        aria-describedby={about}
      />
      <label for={id}>
        {option.label}
        {type === 'checkbox' && required && <RequiredMark />}
      </label>
      {option.hint && (
        <p class="tile__hint" id={hint}>
          {option.hint}
        </p>
      )}
    </div>
  );
}
