import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ConcealedNotice } from '../../pages/disclosure.tsx';
import { formToken, sendPage } from '../../pages/page.tsx';
import { actingFor } from '../../platform/access.ts';
import { auditLook } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { disclosedTo, recordOfAccount } from '../../platform/disclosure/index.ts';
import { type FieldError, Invalid, NotFound } from '../../platform/errors.ts';
import { idParam, parse, requiredText, typed } from '../../platform/http/forms.ts';
import type { AccountId, DocumentId, HouseId } from '../../platform/ids.ts';
import { Button, Card, ErrorSummary, errorOf, Field, Form, formatMonth, maskedFullName } from '../../ui/index.ts';
import { readAccounts } from '../accounts/index.ts';
import { access } from './access.ts';
import { DocumentTable } from './bill-list-page.tsx';
import { BillPage } from './bill-page.tsx';
import { MovementsPage } from './movements-page.tsx';
import { type Document, selectDocumentHeads } from './queries/reading.ts';
import { viewBill } from './view-bill.ts';
import { viewMovements } from './view-movements.ts';
import { withdrawDocument } from './withdraw-document.ts';

const DOCUMENTS = 24;
const withdrawal = z.object({ reason: requiredText('Напишите причину: её прочтёт житель', 500) });

/** The bill as staff see it before they have said for what they open the account. */
const withoutName = (document: Document): Document => ({
  ...document,
  body: {
    ...document.body,
    payer: {
      ...document.body.payer,
      ...(document.body.payer.name && { name: maskedFullName(document.body.payer.name) }),
    },
  },
});

/** The issuer's side of an account's money: its ledger, its documents, and taking a document back. */
export function registerAccountMoney(app: FastifyInstance, context: Context): void {
  const path = '/work/houses/:houseId/accounts/:accountId/money';
  const staff = { config: { access: access.readOwnAccounts, sensitive: true } };

  /** The account is of the organisation acted for; looking is written down. @throws NotFound otherwise */
  const ownAccount = async (request: FastifyRequest, action: string, what: string) => {
    const actor = actingFor(request.actor);
    const houseId = idParam<HouseId>(request.params, 'houseId');
    const accountId = idParam<AccountId>(request.params, 'accountId');
    const [account] = await readAccounts(context.db, houseId, [accountId], actor.acting);
    if (!account) throw new NotFound();
    const at = context.clock();
    const disclosed = await disclosedTo(context.db, actor, recordOfAccount(houseId, accountId), at);
    await auditLook(context.db, actor, {
      action,
      at,
      what: `${what}, лицевой счёт № ${account.number}`,
      thingId: accountId,
      homes: [{ houseId, about: [accountId], accountId }],
      masked: disclosed === null,
      ...(disclosed && { purpose: disclosed.purpose }),
    });
    const card = `/work/houses/${houseId}/accounts/${accountId}`;
    return { houseId, accountId, account, disclosed, card, base: `${card}/money` };
  };
  const crumbs = (houseId: HouseId, accountId: AccountId, number: string) => [
    { href: '/work/houses', label: 'Дома и помещения' },
    { href: `/work/houses/${houseId}/accounts`, label: 'Лицевые счета' },
    { href: `/work/houses/${houseId}/accounts/${accountId}`, label: number },
  ];

  app.get(path, staff, async (request, reply) => {
    const { houseId, accountId, account, base } = await ownAccount(
      request,
      'billing.viewed_account',
      'Начисления и оплата',
    );
    const [view, documents] = await Promise.all([
      viewMovements(context, { houseId, accountId, after: (request.query as { after?: string }).after }),
      selectDocumentHeads(context.db, houseId, accountId, { after: null, limit: DOCUMENTS }),
    ]);
    return sendPage(
      request,
      reply,
      {
        title: `Начисления и оплата, счёт ${account.number}`,
        active: '/work/houses',
        breadcrumbs: [...crumbs(houseId, accountId, account.number), { label: 'Начисления и оплата' }],
      },
      <MovementsPage {...view} name="" path={base} base={base}>
        <Card title="Последние квитанции">
          <DocumentTable documents={documents} zone={view.owed.zone} base={base} />
        </Card>
      </MovementsPage>,
    );
  });

  const showBill = async (
    request: FastifyRequest,
    reply: FastifyReply,
    input: { errors: readonly FieldError[]; reason?: string | undefined },
  ) => {
    const { houseId, accountId, account, disclosed, card, base } = await ownAccount(
      request,
      'billing.viewed_document',
      'Квитанция',
    );
    const documentId = idParam<DocumentId>(request.params, 'documentId');
    const view = await viewBill(context, houseId, [accountId], documentId);
    const month = formatMonth(view.document.period);
    const form = (
      <Card
        title="Отозвать квитанцию"
        note="Она останется видна с пометкой и вашей причиной. Оплаченное станет переплатой и закроет другие долги."
      >
        <ErrorSummary errors={input.errors} />
        <Form action={`${base}/${documentId}/withdraw`} csrf={formToken(request, reply)}>
          <Field
            kind="text"
            name="reason"
            label="Причина отзыва"
            required
            maxLength={500}
            value={input.reason}
            error={errorOf(input.errors, 'reason')}
          />
          <Button kind="danger">Отозвать</Button>
        </Form>
      </Card>
    );
    return sendPage(
      request,
      reply,
      {
        title: `Квитанция за ${month}`,
        active: '/work/houses',
        breadcrumbs: [
          ...crumbs(houseId, accountId, account.number),
          { href: base, label: 'Начисления и оплата' },
          { label: month },
        ],
      },
      <BillPage
        {...view}
        document={disclosed || account.payer === 'organisation' ? view.document : withoutName(view.document)}
        base={base}
        staff={
          <>
            <ConcealedNotice
              disclosed={disclosed}
              path={card}
              from={`${base}/${documentId}`}
              zone={view.document.zone}
            />
            {view.document.uploadId && (
              <p class="quiet">
                <a href={`/work/uploads/${view.document.uploadId}`}>Загрузка, с которой пришла эта квитанция</a>
              </p>
            )}
            {view.document.state === 'exposed' ? form : <p class="quiet">Отозванную квитанцию изменить нельзя.</p>}
          </>
        }
      />,
    );
  };

  app.get(`${path}/:documentId`, staff, (request, reply) => showBill(request, reply, { errors: [] }));

  app.post(
    `${path}/:documentId/withdraw`,
    { config: { access: access.withdrawDocument, sensitive: true } },
    async (request, reply) => {
      const { houseId, base } = await ownAccount(request, 'billing.viewed_document', 'Квитанция');
      const documentId = idParam<DocumentId>(request.params, 'documentId');
      try {
        const { reason } = parse(withdrawal, request.body);
        await withdrawDocument(context, request.actor, { houseId, documentId, reason });
        return reply.redirect(`${base}/${documentId}`, 303);
      } catch (error) {
        if (!(error instanceof Invalid)) throw error;
        return showBill(request, reply.code(error.status), {
          errors: error.fields,
          reason: typed(request.body).reason,
        });
      }
    },
  );
}
