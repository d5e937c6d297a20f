import type { AccountId, HouseId, LinkId, OrganisationId, PremisesId, RoomId } from '../../platform/ids.ts';
import type { AccountTable } from './tables.ts';

export type AccountKind = AccountTable['kind'];

/** Names of the six kinds, as the state's template and the interface write them. */
export const KIND_NAMES: Readonly<Record<AccountKind, string>> = {
  uo: 'ЛС УО',
  rso: 'ЛС РСО',
  capital_repair: 'ЛС КР',
  settlement_centre: 'ЛС РЦ',
  authority: 'ЛС ОГВ/ОМС',
  tko: 'ЛС ТКО',
};

/** What a resident understands by each kind. */
export const KIND_WORDS: Readonly<Record<AccountKind, string>> = {
  uo: 'Жилищно-коммунальные услуги',
  rso: 'Коммунальные услуги',
  capital_repair: 'Капитальный ремонт',
  settlement_centre: 'Расчётный центр',
  authority: 'Найм жилья',
  tko: 'Вывоз мусора',
};

export interface Place {
  premisesId: PremisesId;
  roomId: RoomId | null;
  /** Percent with two decimals, exact text; null when the provider gave none. */
  sharePercent: string | null;
}

export interface AccountCard {
  houseId: HouseId;
  accountId: AccountId;
  providerId: OrganisationId;
  number: string;
  kind: AccountKind;
  els: string;
  serviceId: string;
  isTenant: boolean;
  divided: boolean;
  payer: 'person' | 'organisation' | null;
  familyName: string | null;
  givenName: string | null;
  middleName: string | null;
  snils: string | null;
  totalArea: string | null;
  livingArea: string | null;
  heatedArea: string | null;
  residents: number | null;
  openedOn: string | null;
  closedOn: string | null;
  closeReasonCode: string | null;
  places: Place[];
}

export interface ConnectedAccount {
  linkId: LinkId;
  houseId: HouseId;
  accountId: AccountId;
  providerId: OrganisationId;
  /** The person's own name for it («Квартира мамы»), or empty. */
  title: string;
  connectedAt: Date;
}

/** Lower case, ё as е, one space: two spellings of one name are equal. Double names keep both parts. */
export const normaliseName = (text: string | null): string =>
  (text ?? '')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[\s\u00a0]+/g, ' ')
    .replace(/\s*-\s*/g, '-')
    .trim();

/** The confirmed person is the payer: СНИЛС, family name and given name agree; a patronymic counts when both sides have one. */
export function isPayer(
  person: { familyName: string; givenName: string; middleName: string; snils: string | null; confirmed: boolean },
  account: Pick<AccountCard, 'payer' | 'familyName' | 'givenName' | 'middleName' | 'snils'>,
): boolean {
  if (!person.confirmed || !person.snils || account.payer !== 'person' || account.snils !== person.snils) return false;
  const middle = [normaliseName(person.middleName), normaliseName(account.middleName)];
  return (
    normaliseName(person.familyName) === normaliseName(account.familyName) &&
    normaliseName(person.givenName) === normaliseName(account.givenName) &&
    (middle[0] === middle[1] || middle.includes(''))
  );
}

/** That the account named the person as its payer, as far as it said: by СНИЛС, or by both names where one side has none. */
export function isNamedPayer(
  person: { familyName: string; givenName: string; snils: string | null },
  account: Pick<AccountCard, 'payer' | 'familyName' | 'givenName' | 'snils'>,
): boolean {
  if (account.payer !== 'person') return false;
  if (account.snils && person.snils) return account.snils === person.snils;
  return (
    normaliseName(account.familyName) === normaliseName(person.familyName) &&
    normaliseName(account.givenName) === normaliseName(person.givenName)
  );
}

/**
 * Whether the account names somebody else than the person who was its payer. The same СНИЛС is the same person under another
 * name; a СНИЛС or a name that the provider left out says nothing of another.
 */
export function isAnotherPayer(
  person: { familyName: string; givenName: string; snils: string | null },
  account: Pick<AccountCard, 'payer' | 'familyName' | 'givenName' | 'snils'>,
): boolean {
  if (account.payer === 'organisation') return true;
  if (account.snils && person.snils) return account.snils !== person.snils;
  if (!account.familyName) return false;
  return (
    normaliseName(account.familyName) !== normaliseName(person.familyName) ||
    (account.givenName !== null && normaliseName(account.givenName) !== normaliseName(person.givenName))
  );
}
