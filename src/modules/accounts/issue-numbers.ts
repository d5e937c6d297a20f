import { randomBytes } from 'node:crypto';
import type { Transaction } from '../../platform/database/database.ts';
import { Conflict } from '../../platform/errors.ts';
import type { AccountId, HouseId } from '../../platform/ids.ts';
import { normaliseName } from './account.ts';
import { composeEls, composeServiceId } from './numbers.ts';
import { claimNumbers, selectNeighbours, selectServiceIds, type WholeAccount } from './queries/bulk.ts';
import type { AccountWrite } from './write-accounts.ts';

const MOST_SERVICE_IDS = 99;
const MOST_TRIES = 20;

type Grouped = Pick<
  WholeAccount,
  'divided' | 'familyName' | 'givenName' | 'middleName' | 'snils' | 'payerOgrn' | 'payerNza'
> & {
  places: readonly Pick<WholeAccount['places'][number], 'premisesId' | 'roomId'>[];
};

/**
 * Accounts of any providers that pay for the same premises share one ЕЛС; where accounts of the premises are divided, the payers do
 * not share it.
 */
function groupOf(account: Grouped): string {
  const places = account.places.map(({ premisesId, roomId }) => roomId ?? premisesId).sort();
  const name = [account.familyName, account.givenName, account.middleName].map(normaliseName).join(' ');
  const payer = account.divided ? `${account.payerOgrn ?? account.payerNza ?? account.snils ?? name}` : '';
  return `${places.join(' ')}|${payer}`;
}

export interface IssuedNumbers {
  els: string;
  serviceId: string;
}

/**
 * Gives unified numbers to accounts of one house that have none, and takes those that are given. The look-up's key decides what is free.
 * @throws Conflict when a given number belongs to another account
 */
export async function issueNumbers(
  trx: Transaction,
  house: { houseId: HouseId; regionCode: string },
  accounts: readonly (AccountWrite & { accountId: AccountId })[],
): Promise<Map<AccountId, IssuedNumbers>> {
  const issued = new Map<AccountId, IssuedNumbers>();
  const given = accounts.filter((account) => account.serviceId);
  await takeGiven(trx, house.houseId, given);
  for (const { accountId, serviceId } of given)
    issued.set(accountId, { els: serviceId!.slice(0, 10), serviceId: serviceId! });
  const open = accounts.filter((account) => !account.serviceId);
  const elsOf = await chooseEls(trx, house, open, given);
  for (const [accountId, numbers] of await issueServiceIds(trx, house.houseId, open, elsOf))
    issued.set(accountId, numbers);
  return issued;
}

async function takeGiven(
  trx: Transaction,
  houseId: HouseId,
  given: readonly (AccountWrite & { accountId: AccountId })[],
): Promise<void> {
  const fresh = given.filter((account) => !account.isKnown);
  const free = await claimNumbers(
    trx,
    fresh.map(({ accountId, serviceId }) => ({ value: serviceId!, kind: 'service' as const, houseId, accountId })),
  );
  const taken = fresh.find(({ serviceId }) => !free.has(serviceId!));
  if (taken)
    throw new Conflict(
      `Идентификатор ЖКУ ${taken.serviceId} уже принадлежит другому лицевому счёту.`,
      'service_id_taken',
    );
  const els = [...new Set(fresh.map(({ serviceId }) => serviceId!.slice(0, 10)))];
  await claimNumbers(
    trx,
    els.map((value) => ({ value, kind: 'els' as const, houseId, accountId: null })),
  );
}

async function chooseEls(
  trx: Transaction,
  house: { houseId: HouseId; regionCode: string },
  open: readonly (AccountWrite & { accountId: AccountId })[],
  given: readonly (AccountWrite & { accountId: AccountId })[],
): Promise<Map<AccountId, string>> {
  const neighbours = await selectNeighbours(trx, house.houseId, [
    ...new Set(open.flatMap(({ places }) => places.map(({ premisesId }) => premisesId))),
  ]);
  const known = new Map<string, string>();
  for (const account of given) known.set(groupOf(account), account.serviceId!.slice(0, 10));
  for (const account of neighbours) if (!known.has(groupOf(account))) known.set(groupOf(account), account.els);
  const chosen = new Map<AccountId, string>();
  const wanted = open.flatMap(({ els }) => (els ? [els] : []));
  await claimNumbers(
    trx,
    [...new Set(wanted)].map((value) => ({ value, kind: 'els' as const, houseId: house.houseId, accountId: null })),
  );
  for (const account of open) if (account.els) known.set(groupOf(account), account.els);
  for (const account of open) {
    const group = groupOf(account);
    const els = account.els ?? known.get(group) ?? (await newEls(trx, house));
    known.set(group, els);
    chosen.set(account.accountId, els);
  }
  return chosen;
}

async function newEls(
  trx: Transaction,
  { houseId, regionCode }: { houseId: HouseId; regionCode: string },
): Promise<string> {
  for (let left = MOST_TRIES; left > 0; left -= 1) {
    const els = composeEls(regionCode, randomBytes(8).readBigUInt64BE());
    if ((await claimNumbers(trx, [{ value: els, kind: 'els', houseId, accountId: null }])).size > 0) return els;
  }
  throw new Error(`no free ЕЛС found for region ${regionCode}`);
}

/** The next free one of each ЕЛС. Somebody else may take it at the same time: then the one after it. */
async function issueServiceIds(
  trx: Transaction,
  houseId: HouseId,
  open: readonly AccountWriteWithId[],
  elsOf: ReadonlyMap<AccountId, string>,
): Promise<Map<AccountId, IssuedNumbers>> {
  const issued = new Map<AccountId, IssuedNumbers>();
  const used = new Set(await selectServiceIds(trx, [...new Set(elsOf.values())]));
  let left = [...open];
  while (left.length > 0) {
    const tries = left.map(({ accountId }) => {
      const els = elsOf.get(accountId)!;
      const serviceId = nextFree(els, used);
      used.add(serviceId);
      return { accountId, els, serviceId };
    });
    const free = await claimNumbers(
      trx,
      tries.map(({ accountId, serviceId }) => ({ value: serviceId, kind: 'service' as const, houseId, accountId })),
    );
    for (const { accountId, els, serviceId } of tries)
      if (free.has(serviceId)) issued.set(accountId, { els, serviceId });
    left = left.filter(({ accountId }) => !issued.has(accountId));
  }
  return issued;
}
type AccountWriteWithId = AccountWrite & { accountId: AccountId };

function nextFree(els: string, used: ReadonlySet<string>): string {
  for (let serial = 1; serial <= MOST_SERVICE_IDS; serial += 1)
    if (!used.has(composeServiceId(els, serial))) return composeServiceId(els, serial);
  throw new Conflict(`У единого лицевого счёта ${els} заняты все 99 идентификаторов ЖКУ.`, 'service_ids_used_up');
}
