import type { ComponentChildren } from 'preact';
import { Icon } from './icon.tsx';
import type { IconName } from './icons.ts';

export type StatusTone = 'neutral' | 'waiting' | 'info' | 'good' | 'warn' | 'danger';

const ICON_OF: Record<StatusTone, IconName> = {
  neutral: 'circle',
  waiting: 'clock',
  info: 'send',
  good: 'circle-check',
  warn: 'triangle-alert',
  danger: 'circle-x',
};

/** A state as a word with a sign; the colour only repeats them. */
export function Status({ tone, icon, children }: { tone: StatusTone; icon?: IconName; children: ComponentChildren }) {
  return (
    <span class={`status status--${tone}`}>
      <Icon name={icon ?? ICON_OF[tone]} />
      <span>{children}</span>
    </span>
  );
}

export interface TimelineItem {
  title: ComponentChildren;
  when?: ComponentChildren;
  text?: ComponentChildren;
  state: 'done' | 'current' | 'future' | 'refused';
}

const STATE_WORD = { done: 'Сделано', current: 'Сейчас', future: 'Впереди', refused: 'Отказ' } as const;
const STATE_ICON = { done: 'check', current: 'clock', future: 'circle', refused: 'x' } as const;

/** What happened to a thing and what comes next, earliest first. */
export function Timeline({ items }: { items: readonly TimelineItem[] }) {
  return (
    <ol class="timeline">
      {items.map(({ title, when, text, state }, index) => (
        <li
          key={index}
          class={`timeline__item timeline__item--${state}`}
          aria-current={state === 'current' ? 'step' : undefined}
        >
          <span class="timeline__sign">
            <Icon name={STATE_ICON[state]} />
          </span>
          <div>
            <p class="timeline__title">
              <span class="visually-hidden">{STATE_WORD[state]}: </span>
              {title}
            </p>
            {when && <p class="timeline__when">{when}</p>}
            {text && <div class="timeline__text">{text}</div>}
          </div>
        </li>
      ))}
    </ol>
  );
}
