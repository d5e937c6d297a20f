import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { registerDisclosure } from '../../pages/disclosure.tsx';
import { formToken, sendPage } from '../../pages/page.tsx';
import { actingFor } from '../../platform/access.ts';
import { auditLook } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { disclosedTo, recordOfAccount, STAFF_PURPOSES } from '../../platform/disclosure/index.ts';
import { Invalid, NotFound } from '../../platform/errors.ts';
import { idParam, optionalText, parse, typed } from '../../platform/http/forms.ts';
import { type AccountId, type ClaimId, type HouseId, isUuid } from '../../platform/ids.ts';
import { dayIn, parseDay } from '../../platform/month.ts';
import { type AccountCard, readAccounts } from '../accounts/index.ts';
import { premisesLabel, readHouses, readPremises } from '../houses/index.ts';
import { access } from './access.ts';
import { AccountPage, ClaimPage, ClaimsPage } from './claim-pages.tsx';
import { CLAIM_ZONE } from './claim-term.ts';
import { decideClaim } from './decide-claim.ts';
import { selectSuspensions } from './queries/payers.ts';
import { selectClaim, selectDecidedClaims, selectHousesOfClaims, selectOpenClaims } from './queries.ts';
import { refusalInWords } from './refusals.ts';

const PAGE = 50;
const decision = z.object({
  decision: z.enum(['approve', 'refuse'], { error: 'Выберите решение' }),
  refusal: z.string().optional(),
  reason: optionalText(700),
});

/** The last claim shown, in the address. Anything else is the first page. */
function openKey(dueOn: string | undefined, after: string | undefined) {
  const day = parseDay(dueOn ?? '');
  return day && after && isUuid(after) ? { dueOn: day, claimId: after } : null;
}

function decidedKey(text: string | undefined, after: string | undefined) {
  const decidedAt = new Date(text ?? '');
  const isKey = parseDay(text ?? '') && !Number.isNaN(decidedAt.getTime()) && after && isUuid(after);
  return isKey ? { decidedAt, claimId: after } : null;
}

/** The organisation's side of connecting: its queue of claims with their terms, and the card of an account. */
export function registerClaims(app: FastifyInstance, context: Context): void {
  const staff = { config: { access: access.decideClaim, sensitive: true } };
  const viewing = { config: { access: access.viewAccount, sensitive: true } };

  /** Up to the flat: a letter goes there, and a claim is compared with it. */
  const addressOf = async ({ houseId, places }: AccountCard, house = ''): Promise<string> => {
    const premises = await readPremises(
      context.db,
      houseId,
      places.map(({ premisesId }) => premisesId),
    );
    return [house, ...premises.map(premisesLabel)].filter(Boolean).join(', ');
  };

  app.get('/work/claims', staff, async (request, reply) => {
    const { acting } = actingFor(request.actor);
    const { dueOn, after, decidedAt, state, house, done } = request.query as Record<string, string | undefined>;
    const houseId = house && isUuid(house) ? (house as HouseId) : null;
    const isArchive = state === 'decided';
    const [claims, houses] = await Promise.all([
      isArchive
        ? selectDecidedClaims(context.db, acting, { houseId, after: decidedKey(decidedAt, after) }, PAGE + 1)
        : selectOpenClaims(context.db, acting, { houseId, after: openKey(dueOn, after) }, PAGE + 1),
      selectHousesOfClaims(context.db, acting),
    ]);
    return sendPage(
      request,
      reply,
      { title: 'Заявки на подключение', active: '/work/claims' },
      <ClaimsPage
        claims={claims.slice(0, PAGE)}
        more={claims.length > PAGE}
        today={dayIn(CLAIM_ZONE, context.clock())}
        houses={await readHouses(context.db, houses)}
        {...{ houseId, isArchive, done }}
      />,
    );
  });

  /** Whatever shows a claim is a look at it, an answer with errors too. */
  const showClaim = async (request: FastifyRequest, reply: FastifyReply, error?: Invalid) => {
    const clerk = actingFor(request.actor);
    const claimId = idParam<ClaimId>(request.params, 'claimId');
    const claim = await selectClaim(context.db, clerk.acting, claimId);
    if (!claim) throw new NotFound('Такой заявки нет.');
    const [[account], [house]] = await Promise.all([
      readAccounts(context.db, claim.house_id, [claim.account_id]),
      readHouses(context.db, [claim.house_id]),
    ]);
    if (!account) throw new NotFound('Такой заявки нет.');
    await auditLook(context.db, clerk, {
      action: 'claims.viewed',
      at: context.clock(),
      what: `Заявка на подключение лицевого счёта № ${account.number}`,
      thingId: claimId,
      subjects: [claim.person_id],
      homes: [{ houseId: claim.house_id, about: [claim.account_id], accountId: claim.account_id }],
      // A claim is decided by comparing names: to answer it is the purpose.
      purpose: claim.state === 'open' ? 'Рассмотрение заявки' : 'Просмотр решённой заявки',
    });
    return sendPage(
      request,
      reply.code(error?.status ?? 200),
      {
        title: 'Заявка на подключение',
        active: '/work/claims',
        breadcrumbs: [{ href: '/work/claims', label: 'Заявки' }, { label: 'Заявка' }],
      },
      <ClaimPage
        {...{ claim, account }}
        address={await addressOf(account, house?.address)}
        today={dayIn(CLAIM_ZONE, context.clock())}
        errors={error?.fields ?? []}
        sent={typed(request.body)}
        token={formToken(request, reply)}
      />,
    );
  };

  app.get('/work/claims/:claimId', staff, (request, reply) => showClaim(request, reply));

  app.post('/work/claims/:claimId', staff, async (request, reply) => {
    const claimId = idParam<ClaimId>(request.params, 'claimId');
    try {
      const input = parse(decision, request.body);
      await decideClaim(context, request.actor, claimId, {
        approve: input.decision === 'approve',
        reason: refusalInWords(input.refusal, input.reason),
      });
      return reply.redirect(`/work/claims?done=${input.decision}`, 303);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return showClaim(request, reply, error);
    }
  });

  app.get('/work/houses/:houseId/accounts/:accountId', viewing, async (request, reply) => {
    const clerk = actingFor(request.actor);
    const houseId = idParam<HouseId>(request.params, 'houseId');
    const accountId = idParam<AccountId>(request.params, 'accountId');
    const [[account], [house]] = await Promise.all([
      readAccounts(context.db, houseId, [accountId], clerk.acting),
      readHouses(context.db, [houseId]),
    ]);
    if (!account) throw new NotFound();
    const at = context.clock();
    const disclosed = await disclosedTo(context.db, clerk, recordOfAccount(houseId, accountId), at);
    await auditLook(context.db, clerk, {
      action: 'accounts.viewed',
      at,
      what: `Лицевой счёт № ${account.number}`,
      thingId: accountId,
      homes: [{ houseId, about: [accountId], accountId }],
      masked: disclosed === null,
      ...(disclosed && { purpose: disclosed.purpose }),
    });
    return sendPage(
      request,
      reply,
      {
        title: `Лицевой счёт ${account.number}`,
        active: '/work/houses',
        breadcrumbs: [
          { href: '/work/houses', label: 'Дома и помещения' },
          { href: `/work/houses/${houseId}/accounts`, label: 'Лицевые счета' },
          { label: account.number },
        ],
      },
      <AccountPage
        account={account}
        address={await addressOf(account!, house?.address)}
        disclosed={disclosed}
        zone={house?.zone ?? 'Europe/Moscow'}
        suspendedAt={await selectSuspensions(context.db, houseId, accountId)}
      />,
    );
  });

  registerDisclosure(app, context, {
    path: '/work/houses/:houseId/accounts/:accountId',
    access: access.viewAccount,
    purposes: STAFF_PURPOSES,
    lead: 'В счёте имя плательщика. Чтобы его увидеть, скажите, для чего.',
    async find({ params }, actor) {
      const houseId = idParam<HouseId>(params, 'houseId');
      const accountId = idParam<AccountId>(params, 'accountId');
      const [[account], [house]] = await Promise.all([
        readAccounts(context.db, houseId, [accountId], actingFor(actor).acting),
        readHouses(context.db, [houseId]),
      ]);
      if (!account) throw new NotFound();
      const back = `/work/houses/${houseId}/accounts/${accountId}`;
      return {
        record: recordOfAccount(houseId, accountId),
        back,
        title: `Лицевой счёт ${account.number}`,
        known: [{ term: 'Адрес', value: await addressOf(account, house?.address) }],
        look: {
          action: 'accounts.disclosed',
          what: `Лицевой счёт № ${account.number}`,
          thingId: accountId,
          homes: [{ houseId, about: [accountId], accountId }],
        },
        active: '/work/houses',
        breadcrumbs: [
          { href: `/work/houses/${houseId}/accounts`, label: 'Лицевые счета' },
          { href: back, label: account.number },
          { label: 'Показать' },
        ],
      };
    },
  });
}
