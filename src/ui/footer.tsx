import { FRAME_LINKS } from './header.tsx';

export interface FooterProps {
  /** Who runs the installation and how to reach the support. */
  operator?: string;
  phone?: string;
  email?: string;
  links?: readonly { href: string; label: string }[];
}

const LINKS = [
  { href: '/help', label: 'Помощь' },
  { href: '/agreement', label: 'Пользовательское соглашение' },
  { href: '/privacy', label: 'Обработка персональных данных' },
  { href: '/licences', label: 'Лицензии и источники' },
] as const;

/** Help, legal texts and whose data and drawings are shown. */
export function Footer({ operator, phone, email, links = LINKS }: FooterProps) {
  return (
    <footer class="footer">
      <div class="footer__inner">
        <div class="footer__help">
          <p class="footer__title">Нужна помощь?</p>
          <p>
            <a href={FRAME_LINKS.support}>Напишите в поддержку</a>
            {phone && (
              <>
                {' или позвоните: '}
                <a href={`tel:${phone.replace(/[^+\d]/g, '')}`}>{phone}</a>
              </>
            )}
            {email && (
              <>
                , почта <a href={`mailto:${email}`}>{email}</a>
              </>
            )}
          </p>
        </div>
        <ul class="footer__links">
          {links.map(({ href, label }) => (
            <li key={href}>
              <a href={href}>{label}</a>
            </li>
          ))}
        </ul>
        <p class="footer__sources">
          {operator && <span>{operator}. </span>}
          Адреса и карта: <a href="https://www.openstreetmap.org/copyright">© участники OpenStreetMap</a>.
        </p>
      </div>
    </footer>
  );
}
