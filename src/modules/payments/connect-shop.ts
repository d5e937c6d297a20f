import { type Actor, actingFor, authorise, personOf, requireAllHouses } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { type Transaction, transaction } from '../../platform/database/database.ts';
import { Invalid } from '../../platform/errors.ts';
import type { OrganisationId, PersonId } from '../../platform/ids.ts';
import { findOrganisationByOgrn } from '../organisations/index.ts';
import { access } from './access.ts';
import { acquirerOf, PAGE_PATIENCE, sealShopSecret } from './acquirer.ts';
import { tellOfAskedShop } from './confirm-shop.ts';
import {
  activateShop,
  askShop,
  lockShops,
  selectShop,
  selectShopsOf,
  stopShops,
  stopSplitShops,
} from './queries/shops.ts';
import { createYooKassa, type YooKassa } from './yookassa.ts';

interface ShopInput {
  shopId: string;
  secret: string;
}

/**
 * An organisation connects its own shop. The first one, by its head, takes payments from now on, and so does one that took them before;
 * any other waits for a second person, as another bank account does: who changes it alone would lead the money away.
 * @returns what the acquirer said of it, or that it waits @throws Invalid when the acquirer refuses the shop and its key
 */
export async function connectOwnShop(context: Context, actor: Actor, input: ShopInput): Promise<ShopCheck | 'asked'> {
  authorise(actor, access.manageOwnShop);
  const { acting, personId } = actingFor(actor);
  requireAllHouses(acting);
  const { organisationId, role } = acting;
  return connect(context, { ...input, mode: 'own', organisationId, by: personId, byHead: role === 'head' });
}

/**
 * The administrator connects the shop of the operator that splits payments.
 * @returns what the acquirer said of it @throws Invalid for an unknown ОГРН, and when the acquirer refuses the shop and its key
 */
export async function connectSplitShop(
  context: Context,
  actor: Actor,
  input: ShopInput & { ogrn: string },
): Promise<ShopCheck> {
  authorise(actor, access.manageSplitShop);
  const { personId } = personOf(actor);
  const owner = await findOrganisationByOgrn(context.db, input.ogrn);
  if (!owner)
    throw new Invalid([
      { field: 'ogrn', message: 'Организации с таким ОГРН в кабинете нет: сначала заведите её карточку' },
    ]);
  const shop = { ...input, mode: 'split' as const, organisationId: owner.organisation_id, by: personId, byHead: false };
  return (await connect(context, shop)) as ShopCheck;
}

async function connect(
  context: Context,
  shop: ShopInput & { mode: 'own' | 'split'; organisationId: OrganisationId; by: PersonId; byHead: boolean },
): Promise<ShopCheck | 'asked'> {
  // Asked first: a pair that the bank refuses would take the payments of everybody and lose each. One that is silent is believed.
  const check = await askAs(createShopAcquirer(context, shop), context);
  if (check === 'refused')
    throw new Invalid([
      { field: 'secret', message: 'Банк не принял номер магазина с этим ключом: проверьте оба в кабинете ЮKassa' },
    ]);
  const at = context.clock();
  return transaction(context.db, async (trx) => {
    await lockShops(trx, shop.organisationId);
    if (shop.mode === 'split') await stopSplitShops(trx, at);
    else if (await needsSecond(trx, shop)) {
      await ask(context, trx, shop, at);
      return 'asked';
    }
    await activateShop(
      trx,
      {
        organisation_id: shop.organisationId,
        shop_id: shop.shopId,
        secret_sealed: sealShopSecret(context, shop.secret),
        mode: shop.mode,
      },
      at,
    );
    await audit(trx, {
      actor: shop.by,
      action: 'payment.shop.connected',
      at,
      organisationId: shop.organisationId,
      details: { shopId: shop.shopId, mode: shop.mode },
    });
    return check;
  });
}

async function needsSecond(
  trx: Transaction,
  { organisationId, shopId, byHead }: { organisationId: OrganisationId; shopId: string; byHead: boolean },
): Promise<boolean> {
  const confirmed = (await selectShopsOf(trx, organisationId)).filter((one) => !one.asked_by);
  if (confirmed.some((one) => one.shop_id === shopId)) return false;
  return !byHead || confirmed.some((one) => one.mode === 'own');
}

async function ask(
  context: Context,
  trx: Transaction,
  { organisationId, shopId, secret, by }: ShopInput & { organisationId: OrganisationId; by: PersonId },
  at: Date,
): Promise<void> {
  const row = { organisation_id: organisationId, shop_id: shopId, secret_sealed: sealShopSecret(context, secret) };
  await askShop(trx, { ...row, asked_by: by }, at);
  await audit(trx, { actor: by, action: 'payment.shop.asked', at, organisationId, details: { shopId } });
  await tellOfAskedShop(context, trx, { organisationId, shopId, by });
}

/** No new payments go to the shop; those under way are still asked about. */
export async function stopOwnShop(context: Context, actor: Actor): Promise<void> {
  authorise(actor, access.manageOwnShop);
  const { acting, personId } = actingFor(actor);
  requireAllHouses(acting);
  const at = context.clock();
  await transaction(context.db, async (trx) => {
    await stopShops(trx, acting.organisationId, 'own', at);
    await audit(trx, { actor: personId, action: 'payment.shop.stopped', at, organisationId: acting.organisationId });
  });
}

export type ShopCheck = 'works' | 'refused' | 'silent';

const createShopAcquirer = ({ config }: Pick<Context, 'config'>, { shopId, secret }: ShopInput): YooKassa =>
  createYooKassa({ apiUrl: config.ACQUIRER_API_URL, shopId, secretKey: secret, timeoutMs: PAGE_PATIENCE });

/** Asks the acquirer for the last minute of the shop's payments: the cheapest request that needs the secret. */
export async function checkShop(
  context: Context,
  shop: { organisationId: OrganisationId; shopId: string },
): Promise<ShopCheck> {
  const known = await selectShop(context.db, shop.organisationId, shop.shopId);
  const acquirer =
    known && (await acquirerOf(context, { shop_owner_id: shop.organisationId, shop_id: shop.shopId }, PAGE_PATIENCE));
  return acquirer ? askAs(acquirer, context) : 'refused';
}

async function askAs(acquirer: YooKassa, { clock }: Pick<Context, 'clock'>): Promise<ShopCheck> {
  const now = clock();
  const outcome = await acquirer.findPayments({ createdFrom: new Date(now.getTime() - 60_000), createdTo: now });
  if (outcome.kind === 'accepted') return 'works';
  return outcome.kind === 'refused' ? 'refused' : 'silent';
}
