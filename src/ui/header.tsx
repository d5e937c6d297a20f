import { Mark } from './drawing.tsx';
import { CSRF_FIELD } from './form.tsx';
import { Icon } from './icon.tsx';

/** Pages that the frame of every page leads to. */
export const FRAME_LINKS = {
  home: '/',
  vision: '/vision',
  signIn: '/sign-in',
  signOut: '/sign-out',
  settings: '/settings',
  acting: '/acting',
  help: '/help',
  support: '/support',
} as const;

export interface LayoutViewer {
  name: string;
  csrfToken: string;
}

interface HeaderProps {
  viewer: LayoutViewer | 'unknown' | null;
  path: string;
  demo: boolean;
  actingAs: string | undefined;
}

const withReturn = (href: string, path: string) => `${href}?returnTo=${encodeURIComponent(path)}`;

export function Header({ viewer, path, demo, actingAs }: HeaderProps) {
  return (
    <header class="header">
      <div class="header__top">
        <a class="header__vision" href={withReturn(FRAME_LINKS.vision, path)}>
          <Icon name="eye" />
          Версия для слабовидящих
        </a>
        {demo && <p class="header__demo">Демонстрационные данные</p>}
      </div>
      <div class="header__main">
        <a class="brand" href={FRAME_LINKS.home}>
          <Mark />
          <span class="brand__name">Домовой</span>
        </a>
        {viewer === 'unknown' ? null : viewer ? (
          <ViewerMenu viewer={viewer} actingAs={actingAs} />
        ) : (
          <a class="button button--primary header__sign-in" href={withReturn(FRAME_LINKS.signIn, path)}>
            <Icon name="log-in" />
            <span>Войти</span>
          </a>
        )}
      </div>
      {viewer && actingAs && (
        <div class="header__acting">
          <p>
            <Icon name="briefcase" />
            <span>
              Вы действуете как <b>{actingAs}</b>
            </span>
          </p>
        </div>
      )}
    </header>
  );
}

function ViewerMenu({ viewer, actingAs }: { viewer: LayoutViewer; actingAs: string | undefined }) {
  return (
    <details class="viewer">
      <summary>
        <Icon name="user" />
        <span class="viewer__name">{viewer.name}</span>
        <Icon name="chevron-down" class="viewer__sign" />
      </summary>
      <div class="viewer__menu">
        <a href={FRAME_LINKS.settings}>
          <Icon name="settings" />
          Настройки
        </a>
        <a href={FRAME_LINKS.acting}>
          <Icon name="briefcase" />
          {actingAs ? 'Действовать от другого имени' : 'Действовать от имени организации'}
        </a>
        <form action={FRAME_LINKS.signOut} method="post">
          <input type="hidden" name={CSRF_FIELD} value={viewer.csrfToken} />
          <button type="submit">
            <Icon name="log-out" />
            Выйти
          </button>
        </form>
      </div>
    </details>
  );
}
