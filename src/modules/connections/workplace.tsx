import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { formToken, sendPage } from '../../pages/page.tsx';
import { actingFor } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { Invalid, NotFound } from '../../platform/errors.ts';
import { idParam, optionalText, parse, typed } from '../../platform/http/forms.ts';
import { type AccountId, type ClaimId, type HouseId, isUuid } from '../../platform/ids.ts';
import { dayIn, parseDay } from '../../platform/month.ts';
import { type AccountCard, readAccounts } from '../accounts/index.ts';
import { premisesLabel, readHouses, readPremises } from '../houses/index.ts';
import { access } from './access.ts';
import { makeAccountCode } from './change-connection.ts';
import { AccountPage, ClaimPage, ClaimsPage, CodePage } from './claim-pages.tsx';
import { decideClaim } from './decide-claim.ts';
import { selectClaim, selectOpenClaims } from './queries.ts';

const PAGE = 50;
const decision = z.object({
  decision: z.enum(['approve', 'refuse'], { error: 'Выберите решение' }),
  reason: optionalText(1000),
});

/** The organisation's side of connecting: its queue of claims with their terms, and one-time codes for letters. */
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
    const { organisationId } = actingFor(request.actor).acting;
    const { dueOn, after } = request.query as { dueOn?: string; after?: string };
    const day = parseDay(dueOn ?? '');
    const key = day && after && isUuid(after) ? { dueOn: day, claimId: after } : null;
    const claims = await selectOpenClaims(context.db, organisationId, key, PAGE + 1);
    return sendPage(
      request,
      reply,
      { title: 'Заявки на подключение', active: '/work/claims' },
      <ClaimsPage
        claims={claims.slice(0, PAGE)}
        more={claims.length > PAGE}
        today={dayIn('Europe/Moscow', context.clock())}
      />,
    );
  });

  const readClaim = async (request: Parameters<typeof actingFor>[0], claimId: ClaimId) => {
    const clerk = actingFor(request);
    const claim = await selectClaim(context.db, clerk.acting.organisationId, claimId);
    if (!claim) throw new NotFound('Такой заявки нет.');
    const [[account], [house]] = await Promise.all([
      readAccounts(context.db, claim.house_id, [claim.account_id]),
      readHouses(context.db, [claim.house_id]),
    ]);
    return { clerk, claim, account: account!, address: await addressOf(account!, house?.address) };
  };

  app.get('/work/claims/:claimId', staff, async (request, reply) => {
    const { clerk, ...view } = await readClaim(request.actor, idParam<ClaimId>(request.params, 'claimId'));
    await audit(context.db, {
      actor: clerk.personId,
      action: 'claims.viewed',
      at: context.clock(),
      organisationId: clerk.acting.organisationId,
      subject: view.claim.person_id,
      houseId: view.claim.house_id,
      accountId: view.claim.account_id,
    });
    return sendPage(
      request,
      reply,
      {
        title: 'Заявка на подключение',
        active: '/work/claims',
        breadcrumbs: [{ href: '/work/claims', label: 'Заявки' }, { label: 'Заявка' }],
      },
      <ClaimPage {...view} errors={[]} sent={{}} token={formToken(request, reply)} />,
    );
  });

  app.post('/work/claims/:claimId', staff, async (request, reply) => {
    const claimId = idParam<ClaimId>(request.params, 'claimId');
    try {
      const input = parse(decision, request.body);
      await decideClaim(context, request.actor, claimId, {
        approve: input.decision === 'approve',
        reason: input.reason,
      });
      return reply.redirect('/work/claims', 303);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      const { clerk: _clerk, ...view } = await readClaim(request.actor, claimId);
      return sendPage(
        request,
        reply.code(error.status),
        {
          title: 'Заявка на подключение',
          active: '/work/claims',
          breadcrumbs: [{ href: '/work/claims', label: 'Заявки' }, { label: 'Заявка' }],
        },
        <ClaimPage {...view} errors={error.fields} sent={typed(request.body)} token={formToken(request, reply)} />,
      );
    }
  });

  app.get('/work/houses/:houseId/accounts/:accountId', viewing, async (request, reply) => {
    const clerk = actingFor(request.actor);
    const houseId = idParam<HouseId>(request.params, 'houseId');
    const accountId = idParam<AccountId>(request.params, 'accountId');
    const [[account], [house]] = await Promise.all([
      readAccounts(context.db, houseId, [accountId]),
      readHouses(context.db, [houseId]),
    ]);
    if (account?.providerId !== clerk.acting.organisationId) throw new NotFound();
    await audit(context.db, {
      actor: clerk.personId,
      action: 'accounts.viewed',
      at: context.clock(),
      organisationId: clerk.acting.organisationId,
      houseId,
      accountId,
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
        token={formToken(request, reply)}
      />,
    );
  });

  app.post(
    '/work/houses/:houseId/accounts/:accountId/code',
    { config: { access: access.makeCode, sensitive: true } },
    async (request, reply) => {
      const houseId = idParam<HouseId>(request.params, 'houseId');
      const accountId = idParam<AccountId>(request.params, 'accountId');
      const made = await makeAccountCode(context, request.actor, houseId, accountId);
      const [[account], [house]] = await Promise.all([
        readAccounts(context.db, houseId, [accountId]),
        readHouses(context.db, [houseId]),
      ]);
      // Shown in the answer to the POST: the code is nowhere else, and reloading makes a new one.
      return sendPage(
        request,
        reply,
        { title: 'Одноразовый код', active: '/work/houses' },
        <CodePage
          {...made}
          account={account!}
          address={await addressOf(account!, house?.address)}
          provider={actingFor(request.actor).acting.name}
          publicUrl={context.config.PUBLIC_URL}
        />,
      );
    },
  );
}
