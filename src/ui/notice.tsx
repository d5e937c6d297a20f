import type { ComponentChildren } from 'preact';
import { ButtonLink } from './button.tsx';
import { HouseDrawing } from './drawing.tsx';
import { Icon } from './icon.tsx';
import type { IconName } from './icons.ts';

export type Tone = 'info' | 'good' | 'warn' | 'danger';

const SIGNS: Record<Tone, { icon: IconName; word: string }> = {
  info: { icon: 'info', word: 'К сведению' },
  good: { icon: 'circle-check', word: 'Готово' },
  warn: { icon: 'triangle-alert', word: 'Внимание' },
  danger: { icon: 'circle-alert', word: 'Важно' },
};

interface NoticeProps {
  tone?: Tone;
  title?: ComponentChildren;
  /** The answer to what the person has just done: read aloud when the page opens. */
  announce?: boolean;
  children?: ComponentChildren;
}

/** A block one must not overlook. Its tone is a sign and a word besides the colour. */
export function Notice({ tone = 'info', title, announce = false, children }: NoticeProps) {
  const { icon, word } = SIGNS[tone];
  return (
    <div class={`notice notice--${tone}`} role={announce ? 'status' : undefined}>
      <Icon name={icon} class="notice__icon" />
      <div class="notice__words">
        <p class="notice__title">
          {title ? (
            <>
              <span class="visually-hidden">{word}: </span>
              {title}
            </>
          ) : (
            word
          )}
        </p>
        {children && <div class="notice__text">{children}</div>}
      </div>
    </div>
  );
}

interface DoneNoticeProps {
  /** What is said of each step: «changed» → «Права изменены». */
  words: Readonly<Record<string, string>>;
  /** The word in the page's own address, as anybody may have typed it. */
  done: string | null | undefined;
  children?: ComponentChildren;
}

/** What the step before this page has done. A word that is none of ours says nothing. */
export function DoneNotice({ words, done, children }: DoneNoticeProps) {
  if (!done || !Object.hasOwn(words, done)) return null;
  return (
    <Notice tone="good" announce title={words[done]}>
      {children}
    </Notice>
  );
}

interface EmptyStateProps {
  /** Why it is empty: «Квитанции за октябрь ещё нет». */
  title: ComponentChildren;
  /** Who must act and by when: «Её размещает ООО «…» до 1 ноября». */
  children?: ComponentChildren;
  action?: { href: string; label: string } | undefined;
}

/** An empty place is never a dead end: why, who must act, by when, and what the reader can do. */
export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <div class="empty">
      <HouseDrawing dark />
      <div class="empty__words">
        <p class="empty__title">{title}</p>
        {children && <div class="empty__text">{children}</div>}
        {action && (
          <ButtonLink kind="secondary" href={action.href}>
            {action.label}
          </ButtonLink>
        )}
      </div>
    </div>
  );
}
