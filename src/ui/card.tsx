import type { ComponentChildren } from 'preact';
import { Icon } from './icon.tsx';
import type { IconName } from './icons.ts';

interface CardProps {
  title?: ComponentChildren;
  /** Rank of the title's heading on the page. */
  level?: 2 | 3;
  /** A line under the title: source and time of the figures, for one. */
  note?: ComponentChildren;
  /** Stands beside the title: a link «Все», a status. */
  aside?: ComponentChildren;
  tone?: 'plain' | 'tint';
  id?: string;
  children: ComponentChildren;
}

export function Card({ title, level = 2, note, aside, tone = 'plain', id, children }: CardProps) {
  const Heading = `h${level}` as 'h2' | 'h3';
  return (
    <section class={tone === 'tint' ? 'card card--tint' : 'card'} id={id}>
      {title && (
        <div class="card__head">
          <Heading class="card__title">{title}</Heading>
          {aside && <div class="card__aside">{aside}</div>}
        </div>
      )}
      {note && <p class="card__note">{note}</p>}
      {children}
    </section>
  );
}

interface ActionCardProps {
  href: string;
  title: string;
  icon: IconName;
  text?: ComponentChildren;
  /** The number on the card with the words that explain it: { count: 13, label: 'неоплаченных квитанций' }. */
  badge?: { count: number; label: string } | undefined;
}

/** A card that is one link. The whole of it is the target. */
export function ActionCard({ href, title, icon, text, badge }: ActionCardProps) {
  return (
    <li class="action-card">
      <span class="action-card__icon">
        <Icon name={icon} />
      </span>
      <span class="action-card__words">
        <a class="action-card__link" href={href}>
          {title}
        </a>
        {text && <span class="action-card__text">{text}</span>}
        {badge && badge.count > 0 && (
          <span class="action-card__badge">
            <b class="badge">{badge.count}</b> {badge.label}
          </span>
        )}
      </span>
    </li>
  );
}

/** Holds action cards: as many in a row as fit. */
export function CardGrid({ label, children }: { label?: string; children: ComponentChildren }) {
  return (
    <ul class="card-grid" aria-label={label}>
      {children}
    </ul>
  );
}

/** Two columns from a tablet on: the main thing and what stands beside it. */
export function Columns({ children }: { children: ComponentChildren }) {
  return <div class="columns">{children}</div>;
}

/** Things one below another with the page's rhythm. */
export function Stack({ children }: { children: ComponentChildren }) {
  return <div class="stack">{children}</div>;
}
