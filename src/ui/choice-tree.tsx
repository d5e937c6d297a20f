import { Tile } from './choice.tsx';
import { FieldNotes, fieldId } from './field-parts.tsx';
import { Icon } from './icon.tsx';

export interface TreeOption {
  value: string;
  label: string;
  hint?: string | undefined;
}

export interface TreeGroup {
  key: string;
  /** With options it folds; without any, `option` stands alone. */
  label: string;
  options: readonly TreeOption[];
  /** Of a row that is no group. */
  option?: TreeOption;
}

interface ChoiceTreeProps {
  name: string;
  label: string;
  groups: readonly TreeGroup[];
  value?: string | undefined;
  error?: string | undefined;
  /** Every group is unfolded: the groups are what a search found. */
  open?: boolean;
}

/** One choice among many, in groups that fold. The group of the choice is open. Works without script. */
export function ChoiceTree({ name, label, groups, value, error, open = false }: ChoiceTreeProps) {
  const id = fieldId(name);
  let count = 0;
  const tile = (option: TreeOption) => {
    const own = count === 0 ? id : `${id}-${count}`;
    count += 1;
    const { hint, ...rest } = option;
    return (
      <Tile
        key={option.value}
        {...{ name, id: own, type: 'radio', required: false, disabled: false }}
        option={hint ? { ...rest, hint } : rest}
        checked={option.value === value}
      />
    );
  };
  return (
    <fieldset class={error ? 'field field--wrong' : 'field'} aria-describedby={error ? `${id}-error` : undefined}>
      <legend class="field__label">{label}</legend>
      <FieldNotes id={id} hint={undefined} hintHidden={false} error={error} />
      <div class="tree">
        {groups.map((group) =>
          group.option ? (
            tile(group.option)
          ) : (
            <details
              key={group.key}
              class="tree__group"
              open={open || group.options.some((one) => one.value === value)}
            >
              <summary class="tree__summary">
                <Icon name="plus" class="tree__sign" />
                <span>{group.label}</span>
              </summary>
              <div class="tiles tree__rows">{group.options.map(tile)}</div>
            </details>
          ),
        )}
      </div>
    </fieldset>
  );
}
