import { findSubjects, fullName, listPeople } from '../../modules/identity/index.ts';
import type { Context } from '../../platform/context.ts';

/**
 * Who administers the installation, and how to make somebody its administrator. Administrators stand in the settings alone: no row of the
 * database, and nobody who can write one, makes an administrator.
 * @returns the code of the process
 */
export async function administrators(
  { db, config }: Pick<Context, 'db' | 'config'>,
  { email }: { email: string | undefined },
  say: (line: string) => void,
): Promise<number> {
  if (email) return find(email, { db, config }, say);
  const known = await listPeople(db, config.OIDC_ISSUER, config.ADMINISTRATORS);
  for (const person of known) say(`${fullName(person)}${person.confirmed ? '' : ' (учётная запись не подтверждена)'}`);
  const absent = config.ADMINISTRATORS.length - known.length;
  if (absent > 0) say(`В ADMINISTRATORS есть те, кто ещё ни разу не входил: ${absent}.`);
  if (config.DEMO) say('В демонстрации администратора назначает песочница: он есть в таблице людей при запуске.');
  else if (config.ADMINISTRATORS.length === 0)
    say(
      'Администраторов нет. Войдите в кабинет будущим администратором, затем: npm run admin -- administrators --email его@почта',
    );
  return 0;
}

async function find(
  email: string,
  { db, config }: Pick<Context, 'db' | 'config'>,
  say: (line: string) => void,
): Promise<number> {
  const found = await findSubjects(db, email);
  if (found.length === 0) {
    say(`С почтой ${email} ещё никто не входил. Войдите в кабинет этим человеком и повторите команду.`);
    return 1;
  }
  for (const { subject, signedInAt, confirmed, ...name } of found) {
    if (!subject) continue;
    const isNamed = config.ADMINISTRATORS.includes(subject);
    const last = signedInAt ? `входил ${signedInAt.toISOString().slice(0, 10)}` : 'не входил';
    say(`${fullName(name)}: ${subject}; ${confirmed ? 'подтверждён' : 'не подтверждён'}, ${last}`);
    say(
      isNamed
        ? '  уже администратор'
        : `  чтобы сделать администратором, перезапустите web и worker с настройкой:\n  ADMINISTRATORS=${[...config.ADMINISTRATORS, subject].join(',')}`,
    );
  }
  return 0;
}
