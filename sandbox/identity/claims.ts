import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type DemoOrganisation, ORGANISATIONS } from '../organisations.ts';
import { type DemoPerson, PEOPLE } from '../people.ts';

/** Which claims each scope releases, at the userinfo endpoint. */
export const CLAIMS = {
  openid: ['sub', 'trusted'],
  profile: ['name', 'family_name', 'given_name', 'middle_name', 'birthdate', 'gender'],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
  snils: ['snils', 'inn'],
  organizations: ['organizations'],
};

const personSchema = z.object({
  login: z.string().min(1),
  sub: z.string().min(1),
  familyName: z.string().min(1),
  givenName: z.string().min(1),
  middleName: z.string(),
  birthdate: z.iso.date(),
  gender: z.enum(['male', 'female']),
  snils: z.string().regex(/^\d{11}$/),
  inn: z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
  email: z.email(),
  phone: z
    .string()
    .regex(/^\+\d{11,15}$/)
    .optional(),
  trusted: z.boolean(),
  organizations: z.array(
    z.object({ ogrn: z.string().regex(/^\d{13}$/), role: z.enum(['head', 'clerk']), name: z.string().optional() }),
  ),
  shows: z.string(),
});

export type Person = z.output<typeof personSchema>;

/** The people of the file, or the built-in ones. Logins and subjects are unique. @throws when the file is not of the form */
export function readPeople(file: string | undefined): Person[] {
  if (!file) return PEOPLE satisfies DemoPerson[];
  const people = z
    .array(personSchema)
    .min(1)
    .parse(JSON.parse(readFileSync(file, 'utf8')));
  for (const field of ['login', 'sub'] as const) {
    if (new Set(people.map((person) => person[field])).size < people.length) {
      throw new Error(`${file}: two people with one ${field}`);
    }
  }
  return people;
}

/** Codes of НСИ 20 «Полномочие организации». */
const POWERS: Record<DemoOrganisation['kind'], string[]> = {
  managing: ['1'],
  'resource-supplier': ['2'],
  operator: ['3'],
  inspectorate: ['4'],
  'capital-repair': ['14'],
  'settlement-centre': ['36'],
};

/** Everything known of the person; the provider releases what the scopes allow. SNILS and INN are digits alone. */
export function claimsOf(person: Person) {
  return {
    sub: person.sub,
    trusted: person.trusted,
    name: fullName(person),
    family_name: person.familyName,
    given_name: person.givenName,
    middle_name: person.middleName,
    birthdate: person.birthdate,
    gender: person.gender,
    email: person.email,
    email_verified: true,
    ...(person.phone ? { phone_number: person.phone, phone_number_verified: true } : {}),
    snils: person.snils,
    ...(person.inn ? { inn: person.inn } : {}),
    organizations: person.organizations.map(({ ogrn, role, name }) => {
      const known = ORGANISATIONS.find((organisation) => organisation.ogrn === ogrn);
      return { ogrn, name: name ?? known?.shortName ?? `ОГРН ${ogrn}`, role, powers: known ? POWERS[known.kind] : [] };
    }),
  };
}

export const fullName = ({ familyName, givenName, middleName }: Person): string =>
  [familyName, givenName, middleName].filter(Boolean).join(' ');
