import type { Transaction } from '../../platform/database/database.ts';
import { Conflict } from '../../platform/errors.ts';
import {
  type AccountId,
  type HouseId,
  newId,
  type OrganisationId,
  type PremisesId,
  type RoomId,
} from '../../platform/ids.ts';
import { type IssuedNumbers, issueNumbers } from './issue-numbers.ts';
import {
  type Basis,
  replaceBases,
  replacePlaces,
  replaceProviderNumbers,
  upsertAccountRows,
  type WholeAccount,
} from './queries/bulk.ts';

/** An account as its provider describes it now, whole: what is null becomes empty. */
export interface AccountWrite
  extends Omit<WholeAccount, 'accountId' | 'providerId' | 'els' | 'serviceId' | 'places' | 'bases'> {
  /** Null for a new account. */
  accountId: AccountId | null;
  /** The account is there already, with these numbers. */
  isKnown: boolean;
  /** Null: a number is issued. A ЖКУ id brings its ЕЛС with it. */
  els: string | null;
  serviceId: string | null;
  places: readonly { premisesId: PremisesId; roomId: RoomId | null; sharePercent: string | null }[];
  bases: readonly Basis[];
}

export interface WrittenAccount extends IssuedNumbers {
  accountId: AccountId;
}

/**
 * Writes accounts of one provider in one house, with their places, bases and look-ups, in a constant number of statements; issues
 * unified numbers where there are none.
 * @returns one answer for each account, in their order
 * @throws Conflict when a number belongs to somebody else
 */
export async function writeAccounts(
  trx: Transaction,
  house: { houseId: HouseId; regionCode: string },
  providerId: OrganisationId,
  accounts: readonly AccountWrite[],
  at: Date,
): Promise<WrittenAccount[]> {
  if (accounts.length === 0) return [];
  const { houseId } = house;
  const named = accounts.map((account) => ({ ...account, accountId: account.accountId ?? newId<AccountId>() }));
  const ids = named.map(({ accountId }) => accountId);
  const holders = await replaceProviderNumbers(trx, houseId, providerId, named);
  const stranger = named.find(({ accountId, number }) => holders.get(number) !== accountId);
  if (stranger)
    throw new Conflict(`Лицевой счёт № ${stranger.number} уже есть у вашей организации.`, 'account_number_taken');
  const numbers = await issueNumbers(trx, house, named);
  await upsertAccountRows(
    trx,
    named.map((account) => accountRow(houseId, providerId, account, numbers.get(account.accountId)!, at)),
  );
  await replacePlaces(
    trx,
    houseId,
    ids,
    named.flatMap(({ accountId, places }) =>
      places.map(({ premisesId, roomId, sharePercent }) => ({
        house_id: houseId,
        account_id: accountId,
        place_id: roomId ?? premisesId,
        premises_id: premisesId,
        room_id: roomId,
        share_percent: sharePercent,
      })),
    ),
  );
  await replaceBases(
    trx,
    houseId,
    ids,
    named.flatMap(({ accountId, bases }) =>
      bases.map((basis, index) => ({
        house_id: houseId,
        account_id: accountId,
        position: index + 1,
        kind: basis.kind,
        identifier: basis.identifier,
        contract_kind: basis.contractKind,
        number: basis.number,
        concluded_on: basis.concludedOn,
        on_paper: basis.onPaper,
      })),
    ),
  );
  return named.map(({ accountId }) => ({ accountId, ...numbers.get(accountId)! }));
}

const accountRow = (
  houseId: HouseId,
  providerId: OrganisationId,
  account: AccountWrite & { accountId: AccountId },
  { els, serviceId }: IssuedNumbers,
  at: Date,
) => ({
  house_id: houseId,
  account_id: account.accountId,
  provider_id: providerId,
  number: account.number,
  kind: account.kind,
  els,
  service_id: serviceId,
  is_tenant: account.isTenant,
  divided: account.divided,
  payer: account.payer,
  family_name: account.familyName,
  given_name: account.givenName,
  middle_name: account.middleName,
  snils: account.snils,
  document_kind: account.documentKind,
  document_number: account.documentNumber,
  document_series: account.documentSeries,
  document_on: account.documentOn,
  payer_ogrn: account.payerOgrn,
  payer_nza: account.payerNza,
  payer_kpp: account.payerKpp,
  total_area: account.totalArea,
  living_area: account.livingArea,
  heated_area: account.heatedArea,
  residents: account.residents,
  opened_on: account.openedOn,
  closed_on: account.closedOn,
  close_reason_code: account.closeReasonCode,
  close_note: account.closeNote,
  updated_at: at,
});
