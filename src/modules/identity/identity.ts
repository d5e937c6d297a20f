import { z } from 'zod';
import type { Id, OrganisationId, PersonId } from '../../platform/ids.ts';
import { parseDay } from '../../platform/month.ts';

/** A browser that the person signs in from. */
export type DeviceId = Id<'device'>;

/** What the identity provider says of a person, in our words. The key is issuer + subject, never an e-mail or СНИЛС. */
export interface Claims {
  issuer: string;
  subject: string;
  familyName: string;
  givenName: string;
  middleName: string;
  birthDate: string | null;
  snils: string | null;
  email: string | null;
  phone: string | null;
  confirmed: boolean;
  /** Null when the provider says nothing of organisations. */
  organisations: readonly OrganisationClaim[] | null;
}

export interface OrganisationClaim {
  ogrn: string;
  role: 'head' | 'clerk';
}

const text = z.string().trim().max(256).catch('');
const optional = z.string().trim().max(256).nullish().catch(null);
const organisations = z
  .array(z.object({ ogrn: z.string().regex(/^\d{13}(\d{2})?$/), role: z.enum(['head', 'clerk']).catch('clerk') }))
  .nullish()
  .catch(null);

/** Reads claims of a userinfo answer or an id token; what is missing or odd is empty, never an error. */
export function readClaims(
  issuer: string,
  subject: string,
  raw: Record<string, unknown>,
  confirmedClaim: string,
): Claims {
  const snils = optional.parse(raw.snils)?.replace(/\D/g, '') ?? '';
  return {
    issuer,
    subject,
    familyName: text.parse(raw.family_name),
    givenName: text.parse(raw.given_name),
    middleName: text.parse(raw.middle_name),
    birthDate: parseDay(optional.parse(raw.birthdate) ?? ''),
    snils: snils.length === 11 ? snils : null,
    email: optional.parse(raw.email) || null,
    phone: optional.parse(raw.phone_number) || null,
    confirmed: raw[confirmedClaim] === true || raw[confirmedClaim] === 'true',
    organisations: organisations.parse(raw.organizations) ?? null,
  };
}

export interface Person {
  personId: PersonId;
  familyName: string;
  givenName: string;
  middleName: string;
  snils: string | null;
  email: string | null;
  phone: string | null;
  confirmed: boolean;
}

/** «Иванова Анна Петровна»; a person without a name is «Пользователь». */
export const fullName = (person: Pick<Person, 'familyName' | 'givenName' | 'middleName'>): string =>
  [person.familyName, person.givenName, person.middleName].filter(Boolean).join(' ') || 'Пользователь';

/** What keeps an account from being a confirmed one, said to the person. Empty when it is confirmed. */
export function missingForConfirmed(person: Person): string[] {
  if (person.confirmed) return [];
  const missing = [];
  if (!person.familyName || !person.givenName) missing.push('указать фамилию, имя и отчество в профиле Госуслуг');
  if (!person.snils) missing.push('указать СНИЛС и паспорт и дождаться их проверки');
  missing.push('подтвердить личность: через приложение банка, в центре обслуживания или электронной подписью');
  return missing;
}

/** A capacity a person may act in: null is on one's own behalf. */
export type Capacity = OrganisationId | null;

/** Only a path of our own site may be returned to after sign-in. */
export function safeReturnTo(path: unknown): string {
  return typeof path === 'string' && /^\/(?!\/)[!-[\]-~]*$/.test(path) && path.length < 1000 ? path : '/';
}
