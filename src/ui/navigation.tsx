import { Icon } from './icon.tsx';
import type { IconName } from './icons.ts';

export interface NavItem {
  href: string;
  /** In full, for the menu bar: «Обращения и ответы на них». */
  label: string;
  /** For the phone's bottom bar: «Обращения». */
  short?: string;
  icon: IconName;
  /** How many things wait there. */
  badge?: number | undefined;
  children?: readonly { href: string; label: string }[];
}

const isActive = (item: NavItem, active: string | undefined) =>
  item.href === active || (item.children?.some((child) => child.href === active) ?? false);
const current = (href: string, active: string | undefined) => (href === active ? ('page' as const) : undefined);

/** A label in two lines of about one length: the bar is then as narrow as its words allow. */
function TwoLines({ label }: { label: string }) {
  // A preposition goes with the word after it.
  const words = label.replace(/(^| )(\p{L}) /gu, '$1$2\u00a0').split(' ');
  const longest = (cut: number) => Math.max(words.slice(0, cut).join(' ').length, words.slice(cut).join(' ').length);
  const cut = words.map((_, index) => index).reduce((best, index) => (longest(index) < longest(best) ? index : best));
  return (
    <span>
      {cut > 0 && <span class="menu__line">{words.slice(0, cut).join(' ')}</span>}{' '}
      <span class="menu__line">{words.slice(cut).join(' ')}</span>
    </span>
  );
}

function Badge({ count }: { count: number | undefined }) {
  if (!count) return null;
  return (
    <span class="badge">
      {count > 99 ? '99+' : count}
      <span class="visually-hidden"> ждут вас</span>
    </span>
  );
}

/** The blue bar of wide screens. A list under an item opens by pointer, by click and by key. */
export function MenuBar({ items, active }: { items: readonly NavItem[]; active: string | undefined }) {
  return (
    <nav class="menu" aria-label="Главное меню">
      <ul>
        {items.map((item) => (
          <li key={item.href} class={isActive(item, active) ? 'menu__item menu__item--active' : 'menu__item'}>
            <a class="menu__link" href={item.href} aria-current={current(item.href, active)}>
              <TwoLines label={item.label} />
              <Badge count={item.badge} />
            </a>
            {item.children && (
              <>
                <details class="menu__opener" name="menu">
                  <summary>
                    <Icon name="chevron-down" />
                    <span class="visually-hidden">Ещё в разделе «{item.label}»</span>
                  </summary>
                </details>
                <ul class="menu__list">
                  {item.children.map((child) => (
                    <li key={child.href}>
                      <a href={child.href} aria-current={current(child.href, active)}>
                        {child.label}
                      </a>
                    </li>
                  ))}
                </ul>
              </>
            )}
          </li>
        ))}
      </ul>
    </nav>
  );
}

interface BottomBarProps {
  places: readonly NavItem[];
  items: readonly NavItem[];
  active: string | undefined;
}

/** At most five places under the thumb; the fifth holds the rest of the menu. */
export function BottomBar({ places, items, active }: BottomBarProps) {
  const shown = places.slice(0, 4);
  const rest = items
    .flatMap((item) => [item, ...(item.children ?? []).map((child) => ({ ...child, icon: 'chevron-right' as const }))])
    .filter((item) => !shown.some((place) => place.href === item.href));
  const elsewhere = !shown.some((place) => isActive(place, active)) && rest.some((item) => item.href === active);
  return (
    <nav class="bottom-bar" aria-label="Меню">
      <ul>
        {shown.map((place) => (
          <li key={place.href}>
            <a class="bottom-bar__place" href={place.href} aria-current={current(place.href, active)}>
              <Icon name={place.icon} />
              <span>{place.short ?? place.label}</span>
              <Badge count={place.badge} />
            </a>
          </li>
        ))}
        {rest.length > 0 && (
          <li>
            <details class="bottom-bar__more" name="menu">
              <summary class={elsewhere ? 'bottom-bar__place bottom-bar__place--active' : 'bottom-bar__place'}>
                <Icon name="ellipsis" />
                <span>Ещё</span>
              </summary>
              <ul class="bottom-bar__list">
                {rest.map((item) => (
                  <li key={item.href}>
                    <a href={item.href} aria-current={current(item.href, active)}>
                      <Icon name={item.icon} />
                      <span>{item.label}</span>
                      <Badge count={'badge' in item ? item.badge : undefined} />
                    </a>
                  </li>
                ))}
              </ul>
            </details>
          </li>
        )}
      </ul>
    </nav>
  );
}
