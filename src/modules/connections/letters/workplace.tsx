import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { v7 } from 'uuid';
import { formToken, sendPage } from '../../../pages/page.tsx';
import { actingFor } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { readPurpose, STAFF_PURPOSES } from '../../../platform/disclosure/index.ts';
import { Conflict, Invalid, NotFound } from '../../../platform/errors.ts';
import { idParam, typed } from '../../../platform/http/forms.ts';
import { type AccountId, type HouseId, isUuid } from '../../../platform/ids.ts';
import { writePdf } from '../../../platform/pdf/write-pdf.ts';
import { readAccounts } from '../../accounts/index.ts';
import { readHouses } from '../../houses/index.ts';
import { readNames } from '../../identity/index.ts';
import { findDeskHouse } from '../../organisations/index.ts';
import { access } from '../access.ts';
import { selectBatches } from '../queries/letters.ts';
import type { BatchId } from './batch.ts';
import { letterBlocks } from './letter-blocks.ts';
import { CodePage, LettersPage, lettersPath, progressNote } from './letters-page.tsx';
import { makeAccountCode } from './make-code.ts';
import { orderLetters } from './order-letters.ts';
import { addressOfAccounts, takeLetters } from './take-letters.ts';

/** For what codes are printed; the people of the accounts read it. */
const PURPOSES = {
  connect: 'Подключение жителей к личному кабинету',
  asked: 'Просьба жителя',
  other: STAFF_PURPOSES.other,
} as const;
const SHOWN = 30;

/** One-time codes: letters for a house or an account, and a code on the screen. */
export function registerLetters(app: FastifyInstance, context: Context): void {
  const config = { access: access.makeCode, sensitive: true };
  const path = '/work/houses/:houseId/letters';

  const batchesOf = (request: FastifyRequest) =>
    selectBatches(
      context.db,
      actingFor(request.actor).acting,
      { houseId: idParam<HouseId>(request.params, 'houseId'), accountId: accountOf(request) },
      SHOWN,
    );

  const show = async (request: FastifyRequest, reply: FastifyReply, error?: Invalid | Conflict) => {
    const { acting } = actingFor(request.actor);
    const houseId = idParam<HouseId>(request.params, 'houseId');
    const accountId = accountOf(request);
    const inScope = await findDeskHouse(context.db, acting, houseId);
    const [[house], [account], batches] = await Promise.all([
      readHouses(context.db, inScope ? [houseId] : []),
      readAccounts(context.db, houseId, accountId ? [accountId] : [], acting),
      batchesOf(request),
    ]);
    if (!house || (accountId && !account)) throw new NotFound();
    const running = batches.some(({ state }) => state === 'making');
    return sendPage(
      request,
      reply.code(error?.status ?? 200),
      {
        title: accountId ? 'Одноразовый код' : 'Письма с кодами',
        active: '/work/houses',
        breadcrumbs: [
          { href: `/work/houses/${houseId}/accounts`, label: 'Лицевые счета' },
          ...(account
            ? [{ href: `/work/houses/${houseId}/accounts/${account.accountId}`, label: account.number }]
            : []),
          { label: accountId ? 'Одноразовый код' : 'Письма с кодами' },
        ],
        ...(running && { refreshSeconds: 5, elements: ['poll-progress'] }),
      },
      <LettersPage
        {...{ houseId, batches }}
        account={account ?? null}
        address={house.address}
        makers={await readNames(context.db, [...new Set(batches.map(({ madeBy }) => madeBy))])}
        now={context.clock()}
        purposes={PURPOSES}
        errors={error instanceof Conflict ? [{ field: 'purpose', message: error.sentence }] : (error?.fields ?? [])}
        sent={typed(request.body)}
        token={formToken(request, reply)}
        formKey={v7()}
      />,
    );
  };

  app.get(path, { config }, (request, reply) => show(request, reply));

  app.get(`${path}/progress`, { config }, async (request) => {
    const houseId = idParam<HouseId>(request.params, 'houseId');
    if (!(await findDeskHouse(context.db, actingFor(request.actor).acting, houseId))) throw new NotFound();
    const running = (await batchesOf(request)).find(({ state }) => state === 'making');
    if (!running) return { value: 1, max: 1, note: '', done: true };
    return { value: running.made, max: running.letters, note: progressNote(running), done: false };
  });

  app.post(path, { config }, async (request, reply) => {
    const houseId = idParam<HouseId>(request.params, 'houseId');
    const accountId = accountOf(request);
    const { as, _key: key = '' } = typed(request.body);
    try {
      const purpose = readPurpose(PURPOSES, request.body);
      if (accountId && as === 'screen') return await showCode(request, reply, { houseId, accountId, purpose });
      await orderLetters(context, request.actor, { houseId, accountId, purpose, key });
      return reply.redirect(lettersPath(houseId, accountId), 303);
    } catch (error) {
      if (error instanceof Invalid || error instanceof Conflict) return show(request, reply, error);
      throw error;
    }
  });

  /** Shown in the answer to the POST: the code is nowhere else, and reloading makes a new one. */
  const showCode = async (
    request: FastifyRequest,
    reply: FastifyReply,
    wanted: { houseId: HouseId; accountId: AccountId; purpose: string },
  ) => {
    const made = await makeAccountCode(context, request.actor, wanted);
    const { acting } = actingFor(request.actor);
    const cards = await readAccounts(context.db, wanted.houseId, [wanted.accountId], acting);
    const account = cards[0]!;
    return sendPage(
      request,
      reply,
      { title: 'Одноразовый код', active: '/work/houses' },
      <CodePage
        {...{ ...made, account }}
        address={(await addressOfAccounts(context.db, wanted.houseId, cards))(account)}
        provider={acting.name}
        publicUrl={context.config.PUBLIC_URL}
      />,
    );
  };

  app.get(`${path}/:batchId`, { config }, async (request, reply) => {
    const houseId = idParam<HouseId>(request.params, 'houseId');
    const batchId = idParam<BatchId>(request.params, 'batchId');
    const letters = await takeLetters(context, request.actor, { houseId, batchId });
    const { acting } = actingFor(request.actor);
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
  });
}

const accountOf = ({ query }: FastifyRequest): AccountId | null => {
  const { account = '' } = query as { account?: string };
  if (account && !isUuid(account)) throw new NotFound();
  return (account || null) as AccountId | null;
};
