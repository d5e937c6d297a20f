import type { ComponentChildren } from 'preact';
import { NO_INFORMATION } from './format.ts';

export interface Definition {
  term: string;
  /** Nothing (null, undefined, '') reads «Информация не указана»; give `empty` for figures. */
  value?: ComponentChildren;
  empty?: string;
}

const isNothing = (value: ComponentChildren) => value === null || value === undefined || value === '';

interface DefinitionListProps {
  items: readonly Definition[];
  /** Short values side by side, as many in a row as fit. */
  compact?: boolean;
}

export function DefinitionList({ items, compact = false }: DefinitionListProps) {
  return (
    <dl class={compact ? 'definitions definitions--compact' : 'definitions'}>
      {items.map(({ term, value, empty = NO_INFORMATION }) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{isNothing(value) ? <span class="quiet">{empty}</span> : value}</dd>
        </div>
      ))}
    </dl>
  );
}
