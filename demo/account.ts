import type { AccountId, HouseId, PersonId, PremisesId, RoomId } from '../src/platform/ids.ts';
import type { Day, Month } from '../src/platform/month.ts';
import { decimal } from './amounts.ts';
import type { Biller, Dwelling } from './bills.ts';
import type { Instalment } from './document.ts';
import { fullNameOf, type Resident } from './names.ts';
import type { Provider } from './organisations.ts';
import type { MakeId, Random } from './random.ts';
import { add, type Rows, type Value } from './rows.ts';

/** How an account is paid. */
export type Habit =
  /** All that is owed, before the due day. */
  | 'punctual'
  /** All that is owed, after the due day. */
  | 'late'
  /** All that is owed, every third month. */
  | 'quarterly'
  /** All that is owed, up to a whole thousand rubles. */
  | 'rounding'
  /** Two thirds of what is owed. */
  | 'part'
  /** Half a year ahead, so that three months are still covered at the end. */
  | 'ahead'
  | 'never';

export interface Payer {
  kind: 'person' | 'organisation';
  resident: Resident | null;
  ogrn: string | null;
  name: string;
}

export const payerOf = (resident: Resident): Payer => ({
  kind: 'person',
  resident,
  ogrn: null,
  name: fullNameOf(resident),
});

/** What is particular in the life of one account. Months are billing months. */
export interface Story {
  habit: Habit;
  /** The last month whose bill is paid; later ones stay open. */
  paidUntil?: Month;
  /** A bill of this month was wrong and is corrected under its own number. */
  corrected?: Month;
  /** A bill of this month was withdrawn, and another exposed in its place. */
  withdrawn?: Month;
  /** Sums of this month are taken back in part, for the reason given. */
  recalculated?: { month: Month; percent: number; reason: string };
  instalment?: { month: Month; of: (draft: ReturnType<Biller>) => Instalment };
  /** The payer takes the voluntary insurance. */
  takesInsurance?: boolean;
  /** Pays through the product itself, so that there are orders. */
  throughPortal?: PersonId;
}

export interface Place {
  premisesId: PremisesId;
  roomId: RoomId | null;
  /** Hundredths of a percent. */
  share: number;
}

/** The house around an account while its rows are made. */
export interface HouseFrame {
  houseId: HouseId;
  makeId: MakeId;
  random: Random;
  /** Gcal a m² in a month, in ten-thousandths. */
  heatRate: (month: Month) => number;
}

export interface AccountPlan {
  accountId: AccountId;
  provider: Provider;
  kind: 'uo' | 'rso' | 'capital_repair' | 'settlement_centre' | 'authority' | 'tko';
  number: string;
  els: string;
  serviceId: string;
  isTenant: boolean;
  divided: boolean;
  payer: Payer;
  address: string;
  dwelling: Dwelling;
  places: readonly Place[];
  openedOn: Day;
  closed: { on: Day; reason: string; note: string } | null;
  basis: { kind: string; contractKind: string | null; number: string; concludedOn: Day } | null;
  /** The first and the last month that are billed; `from` null: no bill yet. */
  from: Month | null;
  until: Month | null;
  bill: Biller;
  story: Story;
}

const hundredths = (value: number): string => `${Math.floor(value / 100)}.${String(value % 100).padStart(2, '0')}`;

/** The account's own rows and the look-ups that find it. */
export function addAccount(rows: Rows, { houseId }: HouseFrame, plan: AccountPlan, now: Date): void {
  const { payer, dwelling, closed, basis } = plan;
  const person = payer.resident;
  add(rows, 'account', [
    houseId,
    plan.accountId,
    plan.provider.organisationId,
    plan.number,
    plan.kind,
    plan.els,
    plan.serviceId,
    plan.isTenant,
    plan.divided,
    payer.kind,
    person?.familyName ?? null,
    person?.givenName ?? null,
    person?.middleName ?? null,
    person?.snils ?? null,
    payer.ogrn,
    payer.ogrn ? '980101001' : null,
    decimal(dwelling.totalArea),
    decimal(dwelling.livingArea),
    decimal(dwelling.totalArea),
    dwelling.residents,
    plan.openedOn,
    closed?.on ?? null,
    closed?.reason ?? null,
    closed?.note ?? null,
    now,
  ] satisfies Value[]);
  for (const place of plan.places)
    add(rows, 'account_place', [
      houseId,
      plan.accountId,
      place.roomId ?? place.premisesId,
      place.premisesId,
      place.roomId,
      hundredths(place.share),
    ]);
  if (basis)
    add(rows, 'account_basis', [
      houseId,
      plan.accountId,
      1,
      basis.kind,
      basis.contractKind,
      basis.number,
      basis.concludedOn,
      'да',
    ]);
  add(rows, 'provider_account', [plan.provider.organisationId, plan.number, houseId, plan.accountId]);
  add(rows, 'unified_number', [plan.serviceId, 'service', houseId, plan.accountId, null]);
}

/** The look-up of the number that all accounts of a payer in a house share. */
export const addEls = (rows: Rows, houseId: HouseId, els: string): void =>
  add(rows, 'unified_number', [els, 'els', houseId, null, null]);
