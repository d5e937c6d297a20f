import type { ComponentChildren } from 'preact';
import { Button } from './button.tsx';
import { counted } from './format.ts';
import { Icon } from './icon.tsx';

interface FilterProps {
  action: string;
  /** How many conditions are set: with any the form is unfolded. */
  active: number;
  /** The list without conditions. */
  resetHref: string;
  label?: string;
  /** What the line says while the form is unfolded: «Свернуть поиск». */
  openLabel?: string;
  /** Unfolded without conditions too. */
  open?: boolean;
  children: ComponentChildren;
}

/** The search above a list. It folds away, and its conditions stand in the address of the page. */
export function Filter({ action, active, resetHref, label = 'Поиск', openLabel, open = false, children }: FilterProps) {
  return (
    <search class="filter">
      <details open={open || active > 0}>
        <summary class="filter__summary">
          <Icon name="search" />
          <span class={openLabel && 'filter__label'}>{label}</span>
          {openLabel && <span class="filter__open-label">{openLabel}</span>}
          {active > 0 && <span class="filter__active">{counted(active, ['условие', 'условия', 'условий'])}</span>}
          <Icon name="chevron-down" class="filter__sign" />
        </summary>
        <form class="filter__form" action={action} method="get" noValidate>
          <div class="filter__fields">{children}</div>
          <div class="actions">
            <Button>Найти</Button>
            {active > 0 && <a href={resetHref}>Сбросить условия</a>}
          </div>
        </form>
      </details>
    </search>
  );
}
