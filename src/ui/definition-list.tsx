import type { ComponentChildren } from 'preact';
import { NO_INFORMATION } from './format.ts';

export interface Definition {
  term: string;
  /** Nothing (null, undefined, '') reads «Информация не указана»; give `empty` for figures. */
  value?: ComponentChildren;
  empty?: string;
}

const isNothing = (value: ComponentChildren) => value === null || value === undefined || value === '';

export function DefinitionList({ items }: { items: readonly Definition[] }) {
  return (
    <dl class="definitions">
      {items.map(({ term, value, empty = NO_INFORMATION }) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{isNothing(value) ? <span class="quiet">{empty}</span> : value}</dd>
        </div>
      ))}
    </dl>
  );
}
