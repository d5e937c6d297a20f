import type { Db } from '../../../platform/database/database.ts';
import type { Image } from '../../../platform/database/image.ts';
import type { AccountId, HouseId, OrganisationId, PremisesId } from '../../../platform/ids.ts';
import { dayIn } from '../../../platform/month.ts';
import {
  accountsWithCodes,
  closeAccounts,
  countAccounts,
  linkedAccounts,
  lockAccountCards,
  readAccountImages,
  readAccounts,
  restoreAccounts,
} from '../../accounts/index.ts';
import { accountsWithMoney } from '../../billing/index.ts';
import { claimsOfAccounts, resumePayers, suspendFormerPayers } from '../../connections/index.ts';
import { closePremises, readHouse, usedPlaces } from '../../houses/index.ts';
import { meteredAccounts } from '../../meters/index.ts';
import { findHouseLine, removeHouse, setHouseCounts } from '../../organisations/index.ts';
import { selectChangedHouses, selectChanges, type TracedChange } from '../queries/changes.ts';
import type { Upload } from '../upload.ts';
import { laterChanges } from './later-changes.ts';
import type { Reversal } from './reversal.ts';
import { type Dependent, type Found, UNDONE_NOTE } from './undo.ts';

/** Columns that say who pays. */
const PAYER = ['payer', 'family_name', 'given_name', 'middle_name', 'snils', 'payer_ogrn', 'payer_nza'];

/** Accounts that the file made and nobody has used are closed as an error of input; the others get back what they said. */
export const accounts: Reversal = {
  houses: selectChangedHouses,
  async look(context, db, upload, houseId) {
    return (await lookAtAccounts(db, upload, houseId!, context.clock())).found;
  },
  async undo(context, trx, upload, { reason, by }, houseId) {
    const at = context.clock();
    const all = await selectChanges(trx, upload, houseId);
    const ids = all.flatMap(({ entity, id }) => (entity === 'account' ? [id as AccountId] : []));
    await lockAccountCards(trx, houseId!, ids);
    const { found, made, changed } = await lookAtAccounts(trx, upload, houseId!, at);
    if (found.dependents.length > 0) return found;
    const { organisationId } = upload;
    const closed = made.map(({ id }) => id as AccountId);
    const on = dayIn((await readHouse(trx, houseId!))!.zone, at);
    await closeAccounts(trx, houseId!, organisationId, closed, { on, note: `${UNDONE_NOTE}${reason}` }, at);
    const repaid = changed.flatMap(({ id, before }) =>
      PAYER.some((name) => name in before!) ? [id as AccountId] : [],
    );
    const wrong = await readAccounts(trx, houseId!, repaid);
    const restored = changed.map(({ id, before }) => ({ accountId: id as AccountId, fields: before! }));
    await restoreAccounts(trx, houseId!, organisationId, restored, at);
    await suspendFormerPayers(context, trx, by, houseId!, wrong);
    await resumePayers(context, trx, by, houseId!, repaid);
    const places = all.flatMap(({ entity, id, before }) => (entity === 'premises' && !before ? [id] : []));
    const used = new Set(await usedPlaces(trx, houseId!, places, closed));
    const empty = places.filter((id) => !used.has(id)) as PremisesId[];
    await closePremises(trx, houseId!, empty, on, at);
    await recount(trx, organisationId, houseId!);
    return found;
  },
};

interface Looked {
  found: Found;
  made: TracedChange[];
  changed: TracedChange[];
}

async function lookAtAccounts(db: Db, upload: Upload, houseId: HouseId, at: Date): Promise<Looked> {
  const own = (await selectChanges(db, upload, houseId)).filter(({ entity }) => entity === 'account');
  const [made, changed] = [own.filter(({ before }) => !before), own.filter(({ before }) => before)];
  const ids = own.map(({ id }) => id as AccountId);
  const now = (await readAccountImages(db, houseId, ids)) as ReadonlyMap<string, Image>;
  const { shortAddress } = (await readHouse(db, houseId))!;
  const nameOf = ({ id, after }: TracedChange) => `ЛС № ${now.get(id)?.number ?? after.number}, ${shortAddress}`;
  const dependents = [
    ...(await laterChanges(db, upload, own, now, nameOf)),
    ...(await usesOf(db, upload, houseId, made, nameOf, at)),
  ];
  const figures = { accounts: BigInt(own.length), closed: BigInt(made.length) };
  return { found: { figures, dependents }, made, changed };
}

/** What stands on accounts that the file made. */
async function usesOf(
  db: Db,
  { organisationId }: Upload,
  houseId: HouseId,
  made: readonly TracedChange[],
  nameOf: (change: TracedChange) => string,
  at: Date,
): Promise<Dependent[]> {
  if (made.length === 0) return [];
  const ids = made.map(({ id }) => id as AccountId);
  const byId = new Map(made.map((one) => [one.id, one]));
  const found = (kind: Dependent['kind'], accountId: string, what: string): Dependent => ({
    ...{ kind, what, houseId, accountId: accountId as AccountId },
    title: nameOf(byId.get(accountId)!),
  });
  return [
    ...(await accountsWithMoney(db, houseId, ids)).map((id) =>
      found('used', id, 'По счёту выставлены квитанции или прошли платежи'),
    ),
    ...(await meteredAccounts(db, houseId, ids)).map(({ accountId }) =>
      found('used', accountId, 'К счёту привязаны приборы учёта'),
    ),
    ...(await accountsWithCodes(db, houseId, ids, at)).map((id) =>
      found('used', id, 'Жителю выдан код для подключения счёта'),
    ),
    ...(await linkedAccounts(db, houseId, ids)).map(({ accountId }) =>
      found('link', accountId, 'Житель подключил этот счёт'),
    ),
    ...(await claimsOfAccounts(db, organisationId, houseId, ids)).map(({ accountId }) =>
      found('claim', accountId, 'Заявка жителя на подключение этого счёта ждёт решения'),
    ),
  ];
}

/** The organisation's list of houses counts open accounts; a house where it has none and that it does not manage leaves the list. */
async function recount(
  trx: Parameters<Reversal['undo']>[1],
  organisationId: OrganisationId,
  houseId: HouseId,
): Promise<void> {
  const count = (await countAccounts(trx, organisationId, [houseId])).get(houseId) ?? 0;
  await setHouseCounts(trx, organisationId, houseId, { accounts: count });
  const line = await findHouseLine(trx, organisationId, houseId);
  if (line && !line.manages && count === 0) await removeHouse(trx, organisationId, houseId);
}
