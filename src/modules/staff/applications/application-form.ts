import { z } from 'zod';
import { type FieldError, Invalid } from '../../../platform/errors.ts';
import { parse, type Typed } from '../../../platform/http/forms.ts';
import { OKTMO, type OrganisationForm, organisationForm } from '../../organisations/index.ts';
import type { AskedPower } from '../queries/applications.ts';

/** Powers that one application may ask for; more are given by the administrator later. */
export const POWER_ROWS = [0, 1, 2] as const;
export const powerField = (row: number): string => `power_${row}`;
export const regionField = (row: number): string => `region_${row}`;
export const oktmoField = (row: number): string => `oktmo_${row}`;

interface Lists {
  powers: readonly { code: string }[];
  regions: readonly { code: string }[];
}

/** Above the powers on the page; the rest of the card is below them. */
const ABOVE = ['ogrn', 'kind', 'kpp', 'region_code'];
const placeOf = ({ field }: FieldError): number =>
  ABOVE.includes(field) ? 0 : /^(power|region|oktmo)_\d$/.test(field) ? 1 : 2;

/**
 * Reads the card and the powers; all errors at once.
 * @param ogrn what the identity provider says: the form cannot name another organisation
 * @throws Invalid
 */
export function readApplication(
  body: Typed,
  ogrn: string,
  lists: Lists,
): { card: OrganisationForm; powers: AskedPower[] } {
  const errors: FieldError[] = [];
  const powers = readPowers(body, lists, errors);
  let card: OrganisationForm | null = null;
  try {
    card = parse(organisationForm, { ...body, ogrn });
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    errors.push(...error.fields);
    errors.sort((a, b) => placeOf(a) - placeOf(b));
  }
  if (!card || errors.length > 0) throw new Invalid(errors);
  return { card, powers };
}

const text = z.string().trim().max(20).catch('');

function readPowers(body: Typed, lists: Lists, errors: FieldError[]): AskedPower[] {
  const asked: AskedPower[] = [];
  for (const row of POWER_ROWS) {
    const [powerCode, regionCode, oktmo] = [powerField(row), regionField(row), oktmoField(row)].map((name) =>
      text.parse(body[name]),
    ) as [string, string, string];
    if (!powerCode && !regionCode && !oktmo) continue;
    if (!lists.powers.some(({ code }) => code === powerCode))
      errors.push({ field: powerField(row), message: 'Выберите, чем занимается организация' });
    else if (!lists.regions.some(({ code }) => code === regionCode))
      errors.push({ field: regionField(row), message: 'Выберите регион, где она этим занимается' });
    else if (oktmo && !OKTMO.test(oktmo)) errors.push({ field: oktmoField(row), message: 'ОКТМО — 8 или 11 цифр' });
    else if (asked.some((one) => one.powerCode === powerCode && one.regionCode === regionCode))
      errors.push({ field: powerField(row), message: 'Это полномочие в этом регионе уже названо выше' });
    else asked.push({ powerCode, regionCode, oktmo });
  }
  if (asked.length === 0 && errors.length === 0)
    errors.push({ field: powerField(0), message: 'Выберите, чем занимается организация' });
  return asked;
}

/** What the form shows of an application that is corrected. */
export const typedPowers = (powers: readonly AskedPower[]): Typed =>
  Object.fromEntries(
    powers.flatMap(({ powerCode, regionCode, oktmo }, row) => [
      [powerField(row), powerCode],
      [regionField(row), regionCode],
      [oktmoField(row), oktmo],
    ]),
  );
