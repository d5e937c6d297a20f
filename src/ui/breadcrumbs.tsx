import { Icon } from './icon.tsx';

export interface Crumb {
  label: string;
  /** The last crumb is the page itself and has none. */
  href?: string;
}

/** The way here. On a phone only the step back is shown. */
export function Breadcrumbs({ crumbs }: { crumbs: readonly Crumb[] }) {
  const back = crumbs.findLastIndex((crumb) => crumb.href);
  return (
    <nav class="breadcrumbs" aria-label="Путь к странице">
      <ol>
        {crumbs.map(({ label, href }, index) => (
          <li key={index} class={index === back ? 'breadcrumbs__back' : undefined}>
            {index > 0 && <Icon name="chevron-right" class="breadcrumbs__sign" />}
            {href ? (
              <a href={href}>
                {index === back && <Icon name="arrow-left" class="breadcrumbs__arrow" />}
                {label}
              </a>
            ) : (
              <span aria-current="page">{label}</span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
