import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { formToken, sendPage } from '../../pages/page.tsx';
import { actingFor, personOf, requireAllHouses } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { type FieldError, Invalid } from '../../platform/errors.ts';
import { idParam, parse, requiredText, type Typed, typed } from '../../platform/http/forms.ts';
import type { OrganisationId, PersonId } from '../../platform/ids.ts';
import { dayIn } from '../../platform/month.ts';
import { readNames } from '../identity/index.ts';
import { listMoneyKeepers, readOrganisation } from '../organisations/index.ts';
import { access } from './access.ts';
import { ANSWERS, answerQuestion, possibleAnswers } from './answer-question.ts';
import { confirmShop, refuseShop } from './confirm-shop.ts';
import { checkShop, connectOwnShop, connectSplitShop, type ShopCheck, stopOwnShop } from './connect-shop.ts';
import { selectParts } from './queries/orders.ts';
import { selectPayment } from './queries/payments.ts';
import { selectQuestions } from './queries/questions.ts';
import { type ShopRow, selectAskedShops, selectShopsOf, selectSplitShops } from './queries/shops.ts';
import { QuestionsPage } from './questions-page.tsx';
import { type AskedShop, OwnShopPage, SplitShopPage } from './shops-page.tsx';

const Shop = z.object({
  shopId: requiredText('Укажите идентификатор магазина', 64).regex(/^[\w-]+$/, 'Только латинские буквы, цифры и дефис'),
  secret: requiredText('Укажите секретный ключ магазина', 255),
});
const SplitShop = Shop.extend({ ogrn: requiredText('Укажите ОГРН организации-оператора', 15) });
const Asked = Shop.pick({ shopId: true });
const AskedOf = Asked.extend({ organisationId: z.uuid().transform((id) => id as OrganisationId) });
const Decision = z.object({
  answer: z.enum(ANSWERS, { error: 'Выберите решение' }),
  note: requiredText('Напишите, на чём основано решение', 1000),
});

/** More than an installation has at a time. */
const MOST_ASKED = 100;

/** Shops of organisations and of the operator, and payments that a person must decide about. */
export function registerShopsAndQuestions(app: FastifyInstance, context: Context): void {
  registerOwnShop(app, context);
  registerSplitShop(app, context);
  registerQuestions(app, context);
}

function registerOwnShop(app: FastifyInstance, context: Context): void {
  const head = { config: { access: access.manageOwnShop, sensitive: true } };

  app.get('/work/shops', head, (request, reply) => showOwnShop(context, request, reply, connected(request)));

  app.post('/work/shops', head, async (request, reply) => {
    try {
      const check = await connectOwnShop(context, request.actor, parse(Shop, request.body));
      return reply.redirect(`/work/shops?connected=${check}`, 303);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return showOwnShop(context, request, reply, { sent: typed(request.body), errors: error.fields });
    }
  });

  app.post('/work/shops/check', head, async (request, reply) => {
    const { acting } = actingFor(request.actor);
    requireAllHouses(acting);
    const { organisationId } = acting;
    const active = (await selectShopsOf(context.db, organisationId)).find((shop) => shop.active && shop.mode === 'own');
    const check = active && (await checkShop(context, { organisationId, shopId: active.shop_id }));
    return showOwnShop(context, request, reply, check ? { check } : {});
  });

  app.post('/work/shops/confirm', head, async (request, reply) => {
    const { organisationId } = actingFor(request.actor).acting;
    await confirmShop(context, request.actor, { organisationId, shopId: parse(Asked, request.body).shopId });
    return reply.redirect('/work/shops', 303);
  });

  app.post('/work/shops/refuse', head, async (request, reply) => {
    const { organisationId } = actingFor(request.actor).acting;
    await refuseShop(context, request.actor, { organisationId, shopId: parse(Asked, request.body).shopId });
    return reply.redirect('/work/shops', 303);
  });

  app.post('/work/shops/stop', head, async (request, reply) => {
    await stopOwnShop(context, request.actor);
    return reply.redirect('/work/shops', 303);
  });
}

interface Shown {
  sent?: Typed;
  errors?: readonly FieldError[];
  check?: ShopCheck;
}

/** What the acquirer said of the shop that was connected just now. */
function connected(request: FastifyRequest): Shown {
  const said = (request.query as Typed).connected;
  return said === 'works' || said === 'silent' ? { check: said } : {};
}

async function showOwnShop(context: Context, request: FastifyRequest, reply: FastifyReply, shown: Shown) {
  const { acting, personId } = actingFor(request.actor);
  requireAllHouses(acting);
  const shops = (await selectShopsOf(context.db, acting.organisationId)).filter(({ mode }) => mode === 'own');
  const asked = shops.find(({ asked_by }) => asked_by !== null);
  return sendPage(
    request,
    reply,
    { title: 'Приём платежей', active: '/work/shops', status: shown.errors ? 422 : 200 },
    <OwnShopPage
      shop={shops.find(({ active }) => active) ?? null}
      asked={asked ? await askedWords(context, asked, personId) : null}
      isFirst={acting.role === 'head' && shops.every(({ asked_by }) => asked_by !== null)}
      publicUrl={context.config.PUBLIC_URL}
      token={formToken(request, reply)}
      sent={shown.sent ?? {}}
      errors={shown.errors ?? []}
      check={shown.check ?? null}
    />,
  );
}

async function askedWords({ db, clock }: Context, row: ShopRow, self: PersonId): Promise<AskedShop> {
  const { organisation_id: organisationId } = row;
  const [card, names, keepers] = await Promise.all([
    readOrganisation(db, organisationId),
    readNames(db, [row.asked_by!]),
    listMoneyKeepers(db, organisationId, dayIn('Europe/Moscow', clock())),
  ]);
  return {
    row,
    organisation: card?.short_name ?? '',
    who: names.get(row.asked_by!) ?? '',
    isOwn: row.asked_by === self,
    hasSecond: keepers.some((one) => one !== row.asked_by),
  };
}

/** Where nobody else of the organisation may confirm. */
async function lonelyShops(context: Context, self: PersonId): Promise<AskedShop[]> {
  const asked = await selectAskedShops(context.db, MOST_ASKED);
  const all = await Promise.all(asked.map((row) => askedWords(context, row, self)));
  return all.filter(({ hasSecond }) => !hasSecond);
}

function registerSplitShop(app: FastifyInstance, context: Context): void {
  const administrator = { config: { access: access.manageSplitShop, sensitive: true } };
  const show = async (request: FastifyRequest, reply: FastifyReply, shown: Shown) => {
    const shop = (await selectSplitShops(context.db)).find(({ active }) => active) ?? null;
    return sendPage(
      request,
      reply,
      { title: 'Общий магазин', active: '/administration/split-shop', status: shown.errors ? 422 : 200 },
      <SplitShopPage
        shop={shop}
        asked={await lonelyShops(context, personOf(request.actor).personId)}
        publicUrl={context.config.PUBLIC_URL}
        token={formToken(request, reply)}
        sent={shown.sent ?? {}}
        errors={shown.errors ?? []}
        check={shown.check ?? null}
      />,
    );
  };

  app.get('/administration/split-shop', administrator, (request, reply) => show(request, reply, connected(request)));

  app.post('/administration/split-shop', administrator, async (request, reply) => {
    try {
      const check = await connectSplitShop(context, request.actor, parse(SplitShop, request.body));
      return reply.redirect(`/administration/split-shop?connected=${check}`, 303);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return show(request, reply, { sent: typed(request.body), errors: error.fields });
    }
  });

  app.post('/administration/shops/confirm', administrator, async (request, reply) => {
    await confirmShop(context, request.actor, parse(AskedOf, request.body));
    return reply.redirect('/administration/split-shop', 303);
  });

  app.post('/administration/shops/refuse', administrator, async (request, reply) => {
    await refuseShop(context, request.actor, parse(AskedOf, request.body));
    return reply.redirect('/administration/split-shop', 303);
  });

  app.post('/administration/split-shop/check', administrator, async (request, reply) => {
    const active = (await selectSplitShops(context.db)).find((shop) => shop.active);
    const check =
      active && (await checkShop(context, { organisationId: active.organisation_id, shopId: active.shop_id }));
    return show(request, reply, check ? { check } : {});
  });
}

function registerQuestions(app: FastifyInstance, context: Context): void {
  const staff = { config: { access: access.answerQuestions, sensitive: true } };
  const show = async (request: FastifyRequest, reply: FastifyReply, wrong: Wrong | null) => {
    const { acting } = actingFor(request.actor);
    requireAllHouses(acting);
    const { organisationId } = acting;
    const [open, answered] = await Promise.all([
      selectQuestions(context.db, organisationId, true),
      selectQuestions(context.db, organisationId, false),
    ]);
    // A payment's rows are its payer's: each is read by itself, and the queue is short by its nature.
    const asked = await Promise.all(
      open.map(async (question) => {
        const key = { personId: question.person_id, paymentId: question.payment_id };
        const payment = await selectPayment(context.db, key);
        const parts = await selectParts(context.db, key.personId, [key.paymentId]);
        return { question, parts, answers: payment ? possibleAnswers(payment) : [] };
      }),
    );
    return sendPage(
      request,
      reply,
      { title: 'Спорные платежи', active: '/work/payments/questions', status: wrong ? 422 : 200 },
      <QuestionsPage asked={asked} answered={answered} token={formToken(request, reply)} wrong={wrong} />,
    );
  };

  app.get('/work/payments/questions', staff, (request, reply) => show(request, reply, null));

  app.post('/work/payments/questions/:questionId', staff, async (request, reply) => {
    const questionId = idParam(request.params, 'questionId');
    try {
      await answerQuestion(context, request.actor, { questionId, ...parse(Decision, request.body) });
      return reply.redirect('/work/payments/questions', 303);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return show(request, reply, { questionId, sent: typed(request.body), errors: error.fields });
    }
  });
}

export interface Wrong {
  questionId: string;
  sent: Typed;
  errors: readonly FieldError[];
}
