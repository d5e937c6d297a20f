import { Page } from '../page.tsx';
import { fullName, type Person } from './claims.ts';

const PLACE = 'Учебный вход';
const WARNING = 'Люди и организации вымышлены, пароль не нужен.';

interface LoginPageProps {
  uid: string;
  people: readonly Person[];
  /** What was typed and not found. */
  unknownLogin?: string | undefined;
}

export function LoginPage({ uid, people, unknownLogin }: LoginPageProps) {
  const residents = people.filter(({ organizations }) => organizations.length === 0);
  const staff = people.filter(({ organizations }) => organizations.length > 0);
  return (
    <Page
      title={unknownLogin === undefined ? 'Кто входит?' : 'Ошибка: нет такого логина'}
      place={PLACE}
      warning={WARNING}
      wide
    >
      <h1>Кто входит?</h1>
      <p>Выберите человека — и вернётесь в личный кабинет под его именем.</p>
      <form method="post" action={`/interaction/${uid}/login`}>
        <People title="Жители" people={residents} />
        <People title="Организации, инспекция, оператор" people={staff} />
      </form>
      <h2>По логину</h2>
      <LoginForm uid={uid} people={people} unknownLogin={unknownLogin} />
      <h2>Передумали?</h2>
      <form method="post" action={`/interaction/${uid}/cancel`}>
        <button class="center" type="submit">
          Вернуться без входа
        </button>
      </form>
    </Page>
  );
}

function People({ title, people }: { title: string; people: readonly Person[] }) {
  if (people.length === 0) return null;
  return (
    <>
      <h2>{title}</h2>
      <div class="choices two">
        {people.map((person) => (
          <button name="login" value={person.login} type="submit">
            <b>{fullName(person)}</b>
            <small>{person.shows}</small>
          </button>
        ))}
      </div>
    </>
  );
}

function LoginForm({ uid, people, unknownLogin }: LoginPageProps) {
  const failed = unknownLogin !== undefined;
  return (
    <form method="post" action={`/interaction/${uid}/login`} class="card">
      {failed ? (
        <p class="error" id="login-error">
          {unknownLogin ? `Логина «${unknownLogin}» здесь нет. Например: ${people[0]!.login}` : 'Введите логин.'}
        </p>
      ) : null}
      <div class="inline">
        <div>
          <label for="login">Логин</label>
          <input
            id="login"
            name="login"
            value={unknownLogin ?? ''}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            aria-invalid={failed}
            aria-describedby={failed ? 'login-error' : undefined}
            required
          />
        </div>
        <button class="main" type="submit">
          Войти
        </button>
      </div>
    </form>
  );
}

/** `form` is the provider's own form with its one-time token; the buttons belong to it by id. */
export function LogoutPage({ form }: { form: string }) {
  return (
    <Page title="Выход" place={PLACE} warning={WARNING}>
      <h1>Выйти и из учебного входа?</h1>
      <p>Если остаться, в следующий раз выбирать человека не придётся.</p>
      <div dangerouslySetInnerHTML={{ __html: form }} />
      <div class="choices">
        <button class="main center" type="submit" form="op.logoutForm" name="logout" value="yes">
          Выйти
        </button>
        <button class="center" type="submit" form="op.logoutForm">
          Остаться
        </button>
      </div>
    </Page>
  );
}

export function SignedOutPage() {
  return (
    <Page title="Вы вышли" place={PLACE} warning={WARNING}>
      <h1>Вы вышли</h1>
      <p>Эту страницу можно закрыть.</p>
    </Page>
  );
}

export function ErrorPage({ code, description }: { code: string; description: string | undefined }) {
  return (
    <Page title="Войти не получилось" place={PLACE} warning={WARNING}>
      <h1>Войти не получилось</h1>
      <p>Вернитесь в личный кабинет и начните вход заново: страница входа живёт один час и годится для одного раза.</p>
      <details>
        <summary>Для разработчика</summary>
        <p class="quiet">{description ? `${code}: ${description}` : code}</p>
      </details>
    </Page>
  );
}

export function FrontPage({ people }: { people: readonly Person[] }) {
  return (
    <Page title="Работает" place={PLACE} warning={WARNING}>
      <h1>Учебный вход работает</h1>
      <p>Это поставщик удостоверений OpenID Connect. Чтобы войти, начните с личного кабинета. Здесь можно войти как:</p>
      <ul class="rows">
        {people.map((person) => (
          <li>
            <span>{fullName(person)}</span>
            <span class="quiet">{person.login}</span>
          </li>
        ))}
      </ul>
    </Page>
  );
}
