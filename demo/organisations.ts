import { ORGANISATIONS, type OrganisationKey } from '../sandbox/organisations.ts';
import type { OrganisationId, RequisiteId } from '../src/platform/ids.ts';
import { BANK, bankAccountOf, CORRESPONDENT, innOf, ogrnOf } from './check-digits.ts';
import { idsOf } from './random.ts';
import { addNamed, type Rows } from './rows.ts';
import { DEMO_SHOPS } from './shops.ts';

export type DemoOrganisationKey = OrganisationKey | 'chistyulya' | 'uprava';

/** An organisation of the demonstration with its one set of requisites. */
export interface Provider {
  key: string;
  organisationId: OrganisationId;
  requisiteId: RequisiteId;
  ogrn: string;
  inn: string;
  shortName: string;
  fullName: string;
  bankAccount: string;
  power: string;
}

interface Card {
  key: string;
  ogrn: string;
  inn: string;
  fullName: string;
  shortName: string;
  /** Code of НСИ 20. */
  power: string;
}

const POWERS: Readonly<Record<OrganisationKey, string>> = {
  dubravushka: '1',
  'tikhiy-dvor': '1',
  teplorodnik: '2',
  svetlyachok: '2',
  'krepkie-steny': '14',
  inspektsiya: '4',
  operator: '3',
  kopeechka: '36',
};

const card = (key: string, serial: number, power: string, fullName: string, shortName: string): Card => ({
  key,
  ogrn: ogrnOf(serial),
  inn: innOf(serial),
  fullName,
  shortName,
  power,
});

/** Those of the sandbox, and those whose staff nobody plays: they complete the six kinds of accounts. Their order makes their bank accounts. */
const ofSandbox = (key: OrganisationKey): Card => ({
  ...ORGANISATIONS.find((one) => one.key === key)!,
  power: POWERS[key],
});
const CARDS: readonly Card[] = [
  ...ORGANISATIONS.filter(({ key }) => key !== 'kopeechka').map(({ key }) => ofSandbox(key)),
  card(
    'chistyulya',
    101,
    '18',
    'Общество с ограниченной ответственностью «Региональный оператор „Чистюля“»',
    'ООО «Чистюля»',
  ),
  ofSandbox('kopeechka'),
  card('uprava', 103, '8', 'Учебная управа района: отдел жилищного фонда', 'Учебная управа района'),
];

const FOUNDED = new Date('2024-01-10T06:00:00Z');
const makeId = (kind: string, key: string) => idsOf(kind, key);

function provider(one: Card, serial: number): Provider {
  return {
    ...one,
    organisationId: makeId('organisation', one.key)<OrganisationId>(FOUNDED),
    requisiteId: makeId('requisite', one.key)<RequisiteId>(FOUNDED),
    bankAccount: bankAccountOf(serial),
  };
}

const PROVIDERS = new Map(CARDS.map((one, index) => [one.key, provider(one, index + 1)]));

export const providerOf = (key: DemoOrganisationKey): Provider => PROVIDERS.get(key)!;

/** A managing organisation of the bulk: one for each hundred houses or so. */
export function bulkManager(index: number): Provider {
  const serial = String(index + 1).padStart(4, '0');
  return provider(
    card(
      `bulk-${serial}`,
      1000 + index,
      '1',
      `Общество с ограниченной ответственностью «Управляющая компания „Учебная-${serial}“»`,
      `ООО «УК „Учебная-${serial}“»`,
    ),
    1000 + index,
  );
}

function addProvider(rows: Rows, one: Provider, at: Date): void {
  const serial = Number(one.inn.slice(4, 9));
  const shop = DEMO_SHOPS.find(({ organisation, mode }) => organisation === one.key && mode === 'recipient');
  addNamed(rows, 'organisation', {
    organisation_id: one.organisationId,
    ogrn: one.ogrn,
    inn: one.inn,
    kpp: '980101001',
    kind: 'legal',
    full_name: one.fullName,
    short_name: one.shortName,
    registered_on: '2024-01-10',
    legal_address: `г. Москва, Учебный переулок, д. ${serial}`,
    actual_address: `г. Москва, Учебный переулок, д. ${serial}`,
    postal_address: `г. Москва, Учебный переулок, д. ${serial}`,
    phone: `8(944)100-${String(serial % 10_000)
      .padStart(4, '0')
      .replace(/(..)(..)/, '$1-$2')}`,
    email: `kontora@${one.key}.test`,
    site: `https://${one.key}.test`,
    dispatcher_phone:
      one.power === '1'
        ? `8(944)200-${String(serial % 10_000)
            .padStart(4, '0')
            .replace(/(..)(..)/, '$1-$2')}`
        : null,
    dispatcher_hours: one.power === '1' ? 'круглосуточно' : null,
    reception_hours: 'понедельник – четверг 9:00–18:00, пятница 9:00–16:45, перерыв 13:00–13:45',
    region_code: '77',
    split_account: shop?.shopId ?? null,
    updated_at: at,
  });
  addNamed(rows, 'organisation_power', {
    organisation_id: one.organisationId,
    power_code: one.power,
    region_code: '77',
  });
  addNamed(rows, 'requisite', {
    requisite_id: one.requisiteId,
    organisation_id: one.organisationId,
    bik: BANK.bik,
    bank_account: one.bankAccount,
    bank_name: BANK.name,
    correspondent_account: CORRESPONDENT,
  });
}

export function addOrganisations(rows: Rows, at: Date): void {
  for (const one of PROVIDERS.values()) addProvider(rows, one, at);
}

export function addManagers(rows: Rows, at: Date, managers: readonly Provider[]): void {
  for (const one of managers) addProvider(rows, one, at);
}
