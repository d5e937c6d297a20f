/** Ways through pages: tabs, steps of a journey, a pager. All of them are links. */
import { Icon } from './icon.tsx';

export interface Tab {
  href: string;
  label: string;
  /** As text where counting has ended before the last one: «1000+». */
  count?: number | string;
}

/** Each tab is a page of its own address; `active` is the href of the one shown. */
export function Tabs({ label, tabs, active }: { label: string; tabs: readonly Tab[]; active: string }) {
  return (
    <nav class="tabs" aria-label={label}>
      <ul>
        {tabs.map((tab) => (
          <li key={tab.href}>
            <a href={tab.href} aria-current={tab.href === active ? 'page' : undefined}>
              {tab.label}
              {tab.count !== undefined && <span class="tabs__count"> {tab.count}</span>}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

export interface Step {
  label: string;
  /** Where a step that is behind may be changed. */
  href?: string;
}

/** A journey as a declared list of steps; `current` counts from zero. */
export function Steps({ steps, current }: { steps: readonly Step[]; current: number }) {
  return (
    <nav class="steps" aria-label="Шаги">
      <p class="steps__count">
        Шаг {current + 1} из {steps.length}
      </p>
      <ol>
        {steps.map(({ label, href }, index) => {
          const state = index < current ? 'done' : index === current ? 'current' : 'future';
          return (
            <li
              key={label}
              class={`steps__item steps__item--${state}`}
              aria-current={state === 'current' ? 'step' : undefined}
            >
              <span class="steps__sign" aria-hidden="true">
                {state === 'done' ? <Icon name="check" /> : index + 1}
              </span>
              {state === 'done' && href ? <a href={href}>{label}</a> : <span>{label}</span>}
              {state === 'done' && <span class="visually-hidden"> (пройден)</span>}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

interface PagerProps {
  /** What is paged, for screen readers: «Страницы обращений». */
  label: string;
  previous?: string | undefined;
  next?: string | undefined;
  /** «Показаны 21–40 из 213», when the count is known. */
  note?: string;
}

/** By key, not by number: a page's address holds the last row seen, so new rows do not shift it. */
export function Pager({ label, previous, next, note }: PagerProps) {
  if (!previous && !next) return null;
  return (
    <nav class="pager" aria-label={label}>
      {previous ? (
        <a class="button button--secondary" href={previous} rel="prev">
          <Icon name="arrow-left" />
          <span>Назад</span>
        </a>
      ) : (
        <span />
      )}
      {note && <p class="pager__note">{note}</p>}
      {next ? (
        <a class="button button--secondary" href={next} rel="next">
          <span>Дальше</span>
          <Icon name="arrow-right" />
        </a>
      ) : (
        <span />
      )}
    </nav>
  );
}
