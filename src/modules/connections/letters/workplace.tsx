import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { formToken, sendPage } from '../../../pages/page.tsx';
import { actingFor } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { readPurpose, STAFF_PURPOSES } from '../../../platform/disclosure/index.ts';
import { Invalid, NotFound } from '../../../platform/errors.ts';
import { idParam, typed } from '../../../platform/http/forms.ts';
import { type AccountId, type HouseId, isUuid } from '../../../platform/ids.ts';
import { writePdf } from '../../../platform/pdf/write-pdf.ts';
import { readAccounts } from '../../accounts/index.ts';
import { readHouses } from '../../houses/index.ts';
import { findDeskHouse } from '../../organisations/index.ts';
import { access } from '../access.ts';
import { letterBlocks } from './letter-blocks.ts';
import { LettersPage } from './letters-page.tsx';
import { makeLetters } from './make-letters.ts';

/** For what codes are printed; the people of the accounts read it. */
const PURPOSES = { connect: 'Подключение жителей к личному кабинету', ...STAFF_PURPOSES } as const;

/** Letters with one-time codes: for one account, and for a house. */
export function registerLetters(app: FastifyInstance, context: Context): void {
  const config = { access: access.makeCode, sensitive: true };

  const show = async (request: FastifyRequest, reply: FastifyReply, error?: Invalid) => {
    const { acting } = actingFor(request.actor);
    const houseId = idParam<HouseId>(request.params, 'houseId');
    const accountId = accountOf(request);
    const inScope = await findDeskHouse(context.db, acting, houseId);
    const [[house], [account]] = await Promise.all([
      readHouses(context.db, inScope ? [houseId] : []),
      readAccounts(context.db, houseId, accountId ? [accountId] : [], acting),
    ]);
    if (!house || (accountId && !account)) throw new NotFound();
    const back = { href: `/work/houses/${houseId}/accounts`, label: 'Лицевые счета' };
    return sendPage(
      request,
      reply.code(error?.status ?? 200),
      { title: 'Письма с кодами', active: '/work/houses', breadcrumbs: [back, { label: 'Письма с кодами' }] },
      <LettersPage
        houseId={houseId}
        account={account ?? null}
        address={house.address}
        purposes={PURPOSES}
        errors={error?.fields ?? []}
        sent={typed(request.body)}
        token={formToken(request, reply)}
      />,
    );
  };

  app.get('/work/houses/:houseId/letters', { config }, (request, reply) => show(request, reply));

  app.post('/work/houses/:houseId/letters', { config }, async (request, reply) => {
    const houseId = idParam<HouseId>(request.params, 'houseId');
    const after = (typed(request.body).after ?? '').slice(0, 60);
    try {
      const purpose = readPurpose(PURPOSES, request.body);
      const letters = await makeLetters(context, request.actor, {
        houseId,
        accountId: accountOf(request),
        after,
        purpose,
      });
      const { acting } = actingFor(request.actor);
      // The answer to the POST is the only place of the codes: nothing keeps the file, and asking again makes new ones.
      return reply
        .type('application/pdf')
        .header('content-disposition', 'attachment; filename="letters.pdf"')
        .header('cache-control', 'no-store')
        .send(
          writePdf(letterBlocks(letters, acting.name, context.config.PUBLIC_URL), {
            title: 'Письма с кодами',
            foot: acting.name,
            at: context.clock(),
          }),
        );
    } catch (error) {
      if (error instanceof Invalid) return show(request, reply, error);
      throw error;
    }
  });
}

const accountOf = ({ query }: FastifyRequest): AccountId | null => {
  const { account = '' } = query as { account?: string };
  if (account && !isUuid(account)) throw new NotFound();
  return (account || null) as AccountId | null;
};
