import { type Actor, actingFor, authorise, personOf, requireAllHouses } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { type Transaction, transaction } from '../../platform/database/database.ts';
import { Conflict, Forbidden } from '../../platform/errors.ts';
import type { OrganisationId, PersonId } from '../../platform/ids.ts';
import { dayIn } from '../../platform/month.ts';
import { listPeople } from '../identity/index.ts';
import { sendNotice } from '../notices/index.ts';
import { listMoneyKeepers, noteRequisitesChanged, readOrganisation } from '../organisations/index.ts';
import { access } from './access.ts';
import { activateShop, deleteAskedShop, lockShops, type ShopRow, selectShopsOf } from './queries/shops.ts';

const OWN = 'Магазин подтверждает не тот, кто о нём попросил: это делает другой руководитель или бухгалтер.';
const DECIDED = 'Этот магазин подтверждения больше не ждёт. Обновите страницу.';

export interface AskedKey {
  organisationId: OrganisationId;
  shopId: string;
}

/** Another head or accountant confirms a shop, or the administrator where there is nobody else. @throws Forbidden for who asked */
export async function confirmShop(context: Context, actor: Actor, key: AskedKey): Promise<void> {
  await transaction(context.db, async (trx) => {
    const { shop, by } = await holdAsked(context, trx, actor, key);
    if (shop.asked_by === by) throw new Forbidden(OWN);
    const at = context.clock();
    await activateShop(trx, shop, at);
    await noteRequisitesChanged(trx, key.organisationId, at);
    await decided(context, trx, shop, { by, what: 'connected' });
  });
}

/** Whoever may confirm refuses, or who asked thinks better of it: the shop and its key are forgotten. */
export async function refuseShop(context: Context, actor: Actor, key: AskedKey): Promise<void> {
  await transaction(context.db, async (trx) => {
    const { shop, by } = await holdAsked(context, trx, actor, key);
    await deleteAskedShop(trx, key.organisationId);
    await decided(context, trx, shop, { by, what: 'refused' });
  });
}

async function holdAsked(context: Context, trx: Transaction, actor: Actor, { organisationId, shopId }: AskedKey) {
  const { personId: by, acting } = personOf(actor);
  if (acting) {
    authorise(actor, access.manageOwnShop);
    requireAllHouses(acting);
  } else authorise(actor, access.manageSplitShop);
  await lockShops(trx, organisationId);
  const shop = (await selectShopsOf(trx, organisationId)).find((one) => one.asked_by && one.shop_id === shopId);
  if (!shop || (acting && actingFor(actor).acting.organisationId !== organisationId))
    throw new Conflict(DECIDED, 'shop_decided');
  const others = (await keepersOf(context, trx, organisationId)).filter((one) => one !== shop.asked_by);
  if (!acting && others.length > 0)
    throw new Conflict('В организации есть второй руководитель или бухгалтер: подтверждает он.', 'second_person');
  return { shop, by };
}

const keepersOf = ({ clock }: Pick<Context, 'clock'>, trx: Transaction, organisationId: OrganisationId) =>
  listMoneyKeepers(trx, organisationId, dayIn('Europe/Moscow', clock()));

/** To all who may confirm; to the administrators where nobody else may. */
export async function tellOfAskedShop(context: Context, trx: Transaction, asked: AskedKey & { by: PersonId }) {
  const { OIDC_ISSUER, ADMINISTRATORS } = context.config;
  const keepers = await keepersOf(context, trx, asked.organisationId);
  const isLonely = keepers.every((one) => one === asked.by);
  const administrators = isLonely ? await listPeople(trx, OIDC_ISSUER, ADMINISTRATORS) : [];
  const told = [
    ...keepers.map((personId) => ({ personId, path: '/work/shops' })),
    ...administrators.map(({ personId }) => ({ personId, path: '/administration/split-shop' })),
  ];
  for (const { personId, path } of told)
    await tell(context, trx, asked, {
      ...{ personId, path, event: 'asked', title: 'Новый магазин для оплаты ждёт подтверждения' },
      words: 'Пока его не подтвердит второй человек, деньги жителей идут как прежде.',
    });
}

async function decided(
  context: Context,
  trx: Transaction,
  shop: ShopRow,
  { by, what }: { by: PersonId; what: 'connected' | 'refused' },
): Promise<void> {
  const { organisation_id: organisationId, shop_id: shopId, asked_by: askedBy } = shop;
  const details = { shopId, mode: shop.mode, askedBy };
  await audit(trx, {
    ...{ actor: by, action: `payment.shop.${what}`, at: context.clock(), organisationId, subject: askedBy, details },
  });
  for (const personId of new Set([...(await keepersOf(context, trx, organisationId)), askedBy!]))
    await tell(
      context,
      trx,
      { organisationId, shopId },
      {
        ...{ personId, path: '/work/shops', event: `${what} ${context.clock().toISOString()}` },
        title: what === 'connected' ? 'Магазин для оплаты заменён' : 'Новый магазин для оплаты не подключён',
        words:
          what === 'connected'
            ? 'Теперь деньги жителей идут через него. Жители видят, что реквизиты изменились.'
            : 'От него отказались: деньги жителей идут как прежде.',
      },
    );
}

async function tell(
  context: Context,
  trx: Transaction,
  { organisationId, shopId }: AskedKey,
  letter: { personId: PersonId; path: string; event: string; title: string; words: string },
): Promise<void> {
  const card = await readOrganisation(trx, organisationId);
  const { personId, path, event, title, words } = letter;
  await sendNotice(context, trx, {
    ...{ kind: 'organisation', personId, subject: title },
    object: `shop ${organisationId} ${shopId} ${event}`,
    content: {
      title,
      paragraphs: [words],
      facts: [
        { name: 'Организация', value: card!.short_name },
        { name: 'Магазин', value: shopId },
      ],
      action: { label: 'Посмотреть', url: `${context.config.PUBLIC_URL}${path}` },
      after: ['Если вы об этом не знали, проверьте, кто работает от имени организации.'],
    },
  });
}
