import type { FastifyInstance } from 'fastify';
import type { ShareId, ShareRight } from '../../src/modules/accounts/index.ts';
import type { AccountTable } from '../../src/modules/accounts/tables.ts';
import { exposeDocuments } from '../../src/modules/billing/index.ts';
import { type HouseInput, upsertHouse } from '../../src/modules/houses/index.ts';
import { formatToken, openSession, SESSION_COOKIE } from '../../src/modules/identity/session.ts';
import {
  insertPower,
  type OrganisationCard,
  placeHouse,
  upsertOrganisation,
  upsertRequisite,
} from '../../src/modules/organisations/index.ts';
import type { Acting, EmployeeRole, SignedIn } from '../../src/platform/access.ts';
import type { Context } from '../../src/platform/context.ts';
import { transaction } from '../../src/platform/database/database.ts';
import {
  type AccountId,
  type HouseId,
  type LinkId,
  newId,
  type OrganisationId,
  type PersonId,
  type PremisesId,
  type SessionId,
} from '../../src/platform/ids.ts';
import { addMonths, month } from '../../src/platform/month.ts';
import { ADMINISTRATOR_SUBJECT } from './context.ts';

/** Rows that tests of several modules need. Each call makes a thing of its own; `given` says what matters to the test. */

let counter = 0;

/** A number that passes the check of an ОГРН, and that no organisation of the sandbox has. */
export function anOgrn(): string {
  counter += 1;
  const body = `12497${String(counter).padStart(7, '0')}`;
  return `${body}${Number(BigInt(body) % 11n) % 10}`;
}

export async function buildOrganisation(
  context: Context,
  given: Partial<OrganisationCard> = {},
): Promise<OrganisationId> {
  const ogrn = anOgrn();
  return upsertOrganisation(
    context.db,
    {
      ogrn,
      inn: '9801000016',
      kpp: '980101001',
      kind: 'legal',
      full_name: `Общество с ограниченной ответственностью «Двор ${counter}»`,
      short_name: `ООО «Двор ${counter}»`,
      ...given,
    },
    context.clock(),
  );
}

export async function buildHouse(context: Context, given: Partial<HouseInput> = {}): Promise<HouseId> {
  counter += 1;
  return transaction(context.db, (trx) =>
    upsertHouse(
      trx,
      {
        fiasGuid: newId<never>() as string,
        regionCode: '77',
        zone: 'Europe/Moscow',
        address: `127220, г. Москва, ул. Лескова, д. ${counter}`,
        shortAddress: `ул. Лескова, д. ${counter}`,
        ...given,
      },
      newId<PersonId>(),
      context.clock(),
    ),
  );
}

/** Puts a house on the list of an organisation that only keeps accounts there. */
export const buildProviderLine = (
  context: Context,
  organisationId: OrganisationId,
  houseId: HouseId,
  address: string,
) => placeHouse(context.db, { organisationId, houseId, address, manages: false });

export interface PersonGiven {
  familyName?: string;
  givenName?: string;
  middleName?: string;
  snils?: string | null;
  confirmed?: boolean;
  administrator?: boolean;
}

export async function buildPerson(context: Context, given: PersonGiven = {}): Promise<PersonId> {
  const personId = newId<PersonId>();
  await context.db
    .insertInto('person')
    .values({
      person_id: personId,
      kind: 'citizen',
      family_name: given.familyName ?? 'Петрова',
      given_name: given.givenName ?? 'Анна',
      middle_name: given.middleName ?? 'Ивановна',
      snils: given.snils ?? null,
      confirmed: given.confirmed ?? true,
      subject: given.administrator ? ADMINISTRATOR_SUBJECT : null,
      created_at: context.clock(),
    })
    .execute();
  return personId;
}

export async function buildEmployee(
  context: Context,
  organisationId: OrganisationId,
  role: EmployeeRole = 'clerk',
  powers: readonly string[] = ['1'],
): Promise<PersonId> {
  const personId = await buildPerson(context, { familyName: 'Служащая' });
  await context.db
    .insertInto('employee')
    .values({
      organisation_id: organisationId,
      employee_id: newId(),
      person_id: personId,
      role,
      valid_from: '2020-01-01',
    })
    .execute();
  for (const power of powers) await insertPower(context.db, organisationId, power, '77');
  return personId;
}

/** Limits an employee to some houses of the organisation, as its head does. */
export async function limitTo(
  context: Context,
  organisationId: OrganisationId,
  personId: PersonId,
  houses: readonly HouseId[],
): Promise<void> {
  const { employee_id } = await context.db
    .updateTable('employee')
    .set({ limited: true })
    .where('organisation_id', '=', organisationId)
    .where('person_id', '=', personId)
    .returning('employee_id')
    .executeTakeFirstOrThrow();
  for (const house_id of houses)
    await context.db
      .insertInto('employee_house')
      .values({ organisation_id: organisationId, employee_id, house_id })
      .execute();
}

/** The actor of use cases that are called without a server. */
export const actorOf = (personId: PersonId, given: Partial<SignedIn> = {}): SignedIn => ({
  kind: 'person',
  personId,
  sessionId: newId<SessionId>(),
  name: 'Петрова Анна Ивановна',
  snils: null,
  confirmed: true,
  administrator: false,
  connected: false,
  accepted: true,
  acting: null,
  ...given,
});

/** Whom an actor acts for; a clerk of a managing organisation with all its houses, unless said otherwise. */
export const actingOf = (organisationId: OrganisationId, given: Partial<Acting> = {}): Acting => ({
  organisationId,
  name: 'ООО',
  role: 'clerk',
  powers: ['1'],
  houses: null,
  through: null,
  ...given,
});

export const clerkOf = (personId: PersonId, organisationId: OrganisationId, role: EmployeeRole = 'clerk'): SignedIn =>
  actorOf(personId, { acting: actingOf(organisationId, { role }) });

/** A browser of the person: requests with their session's cookie, as themselves or for an organisation. */
export async function signIn(
  context: Context,
  app: FastifyInstance,
  personId: PersonId,
  organisationId: OrganisationId | null = null,
) {
  const token = await openSession(context, context.db, { personId, userAgent: 'test', idToken: null });
  if (organisationId)
    await context.db
      .updateTable('session')
      .set({ acting_organisation_id: organisationId })
      .where('person_id', '=', personId)
      .execute();
  const cookies = { [SESSION_COOKIE]: formatToken(token) };
  return {
    cookies,
    get: (url: string) => app.inject({ method: 'GET', url, cookies }),
    /** Sends a form the way the page would: with the token found on the page at `from`. */
    async post(url: string, fields: Record<string, string>, from = url) {
      const page = await app.inject({ method: 'GET', url: from, cookies });
      const csrf = /name="_token" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
      return app.inject({
        method: 'POST',
        url,
        cookies,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams({ _token: csrf, ...fields }).toString(),
      });
    },
  };
}

export interface AccountGiven {
  houseId: HouseId;
  providerId: OrganisationId;
  premisesId?: PremisesId | null;
  kind?: AccountTable['kind'];
  number?: string;
  isTenant?: boolean;
  residents?: number | null;
  totalArea?: string | null;
  livingArea?: string | null;
  closedOn?: string | null;
}

/** An account with its look-ups and, where it is said, the premises it is for. */
export async function buildAccount(context: Context, given: AccountGiven): Promise<AccountId> {
  counter += 1;
  const accountId = newId<AccountId>();
  const number = given.number ?? `ЛС-${counter}`;
  const els = `77АВ${String(counter).padStart(6, '0')}`;
  await context.db
    .insertInto('account')
    .values({
      house_id: given.houseId,
      account_id: accountId,
      provider_id: given.providerId,
      number,
      kind: given.kind ?? 'uo',
      els,
      service_id: `${els}-01`,
      is_tenant: given.isTenant ?? false,
      residents: given.residents ?? null,
      total_area: given.totalArea ?? null,
      living_area: given.livingArea ?? null,
      closed_on: given.closedOn ?? null,
      updated_at: context.clock(),
    })
    .execute();
  await context.db
    .insertInto('provider_account')
    .values({ provider_id: given.providerId, number, house_id: given.houseId, account_id: accountId })
    .execute();
  if (given.premisesId)
    await context.db
      .insertInto('account_place')
      .values({
        house_id: given.houseId,
        account_id: accountId,
        place_id: given.premisesId,
        premises_id: given.premisesId,
        room_id: null,
        share_percent: null,
      })
      .execute();
  return accountId;
}

export async function buildLink(
  context: Context,
  given: {
    personId: PersonId;
    houseId: HouseId;
    accountId: AccountId;
    providerId: OrganisationId;
    state?: 'connected' | 'pending';
    title?: string;
  },
): Promise<void> {
  const at = context.clock();
  await context.db
    .insertInto('account_link')
    .values({
      person_id: given.personId,
      link_id: newId<LinkId>(),
      house_id: given.houseId,
      account_id: given.accountId,
      provider_id: given.providerId,
      state: given.state ?? 'connected',
      title: given.title ?? '',
      proof: 'payer',
      claim_id: null,
      refusal: null,
      created_at: at,
      changed_at: at,
      connected_at: given.state === 'pending' ? null : at,
    })
    .execute();
}

/** An owner's connected account, shared with somebody, with these rights and no end. */
export async function buildShare(
  context: Context,
  given: { ownerId: PersonId; accountId: AccountId; helperId: PersonId; rights: ShareRight[] },
): Promise<void> {
  const { ownerId, accountId, helperId, rights } = given;
  const own = await context.db
    .selectFrom('account_link')
    .select(['house_id', 'account_id', 'provider_id', 'link_id'])
    .where('person_id', '=', ownerId)
    .where('account_id', '=', accountId)
    .where('state', '=', 'connected')
    .executeTakeFirstOrThrow();
  const { provider_id, link_id, ...place } = own;
  const at = context.clock();
  const linkId = newId<LinkId>();
  const share = { ...place, share_id: newId<ShareId>(), rights, created_at: at };
  await context.db
    .insertInto('account_share')
    .values({
      ...share,
      person_id: ownerId,
      link_id,
      invited_as: 'Сын',
      state: 'accepted',
      expires_at: at,
      helper_id: helperId,
      helper_name: 'Помощников',
      helper_link_id: linkId,
      accepted_at: at,
    })
    .execute();
  await context.db
    .insertInto('account_link')
    .values({
      ...share,
      person_id: helperId,
      link_id: linkId,
      provider_id,
      state: 'shared',
      proof: 'share',
      changed_at: at,
      connected_at: at,
      owner_id: ownerId,
      owner_name: 'Анна',
    })
    .execute();
}

export interface BillGiven {
  houseId: HouseId;
  accountId: AccountId;
  providerId: OrganisationId;
  period?: string;
  /** Kopecks of its only line; below zero it leaves an advance. */
  payable: number;
}

/** Exposes a bill of one line on the first account of the provider. */
export async function buildBill(context: Context, given: BillGiven): Promise<void> {
  const { houseId, accountId, providerId, period = '2026-10', payable } = given;
  const requisiteId = await upsertRequisite(context.db, {
    organisationId: providerId,
    bik: '044525225',
    bankAccount: '40702810438000060473',
  });
  await transaction(context.db, (trx) =>
    exposeDocuments(trx, { clock: context.clock }, houseId, [
      {
        accountId,
        providerId,
        number: `${accountId.slice(-12)}-${period}`.slice(0, 30),
        uid: null,
        kind: 'current',
        period: month(period),
        replacesId: null,
        issuedAt: new Date(`${addMonths(month(period), 1)}-05T09:00:00Z`),
        body: {
          payer: {},
          totals: {},
          requisites: [{ requisiteId, recipient: 'Получатель', bik: '044525225', bankAccount: '40702810438000060473' }],
          lines: [
            { position: 1, group: 'housing', service: 'Содержание жилья', accrued: payable, payable, requisiteId },
          ],
        },
      },
    ]),
  );
}
