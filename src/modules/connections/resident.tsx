import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { formToken, sendPage } from '../../pages/page.tsx';
import { type Actor, personOf } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { Conflict, type FieldError, Invalid, TooMany } from '../../platform/errors.ts';
import { idParam, moneyField, optionalText, parse, requiredText, typed } from '../../platform/http/forms.ts';
import { refuseWith } from '../../platform/http/refuse.ts';
import { isUuid, type LinkId, newId, type OrganisationId } from '../../platform/ids.ts';
import { parseDay } from '../../platform/month.ts';
import { findOrganisationByName } from '../organisations/index.ts';
import { access } from './access.ts';
import { disconnectAccount, renameAccount } from './change-connection.ts';
import { connectAccount, findToProve } from './connect-account.ts';
import { ConnectPage, type ConnectView, DisconnectPage, DonePage } from './connect-pages.tsx';
import { type Candidate, MOST_MESSAGE, type Proof } from './connection.ts';
import { type FoundNumber, foundNumbers } from './found-number.ts';
import { LinksPage } from './links-page.tsx';
import { countLiveShares } from './queries/shares.ts';
import { describeLinks } from './read-links.ts';

const connectForm = z.object({
  number: requiredText('Введите номер: он есть в правом верхнем углу квитанции', 60),
  provider: optionalText(200),
  accountId: z.string().optional(),
  proof: z.enum(['payer', 'bill_sum', 'code', 'claim']).default('payer'),
  sum: z.string().optional(),
  code: z.string().max(40).optional(),
  message: z.string().max(MOST_MESSAGE).optional(),
  _key: z.string().max(100).optional(),
});

function readProof(form: z.output<typeof connectForm>): Proof {
  if (form.proof === 'bill_sum')
    return {
      kind: 'bill_sum',
      sum: parse(z.object({ sum: moneyField('Введите сумму из строки «Итого к оплате», например 5123,45') }), form).sum,
    };
  if (form.proof === 'code')
    return {
      kind: 'code',
      code: parse(z.object({ code: requiredText('Введите код из письма организации', 40) }), form).code,
    };
  if (form.proof === 'claim') return { kind: 'claim', message: form.message?.trim() ?? '' };
  return { kind: 'payer' };
}

/** Of several accounts one is to be chosen before it is proved; one that was chosen may be closed meanwhile. */
const unchosen = (
  { proof, accountId }: z.output<typeof connectForm>,
  candidates: readonly Candidate[],
): FieldError[] =>
  proof !== 'payer' && (accountId ? candidates.every((one) => one.accountId !== accountId) : candidates.length > 1)
    ? [{ field: 'accountId', message: 'Выберите, какой счёт подключить' }]
    : [];

/** «Подключенные ЛС к Личному кабинету»: the list, connecting, renaming, disconnecting. */
export function registerConnections(app: FastifyInstance, context: Context): void {
  const crumbs = [{ href: '/', label: 'Личный кабинет' }];

  app.get('/accounts', { config: { access: access.viewAccounts } }, async (request, reply) => {
    const { personId } = personOf(request.actor);
    const [links, shares] = await Promise.all([
      describeLinks(context.db, personId, context.clock()),
      countLiveShares(context.db, personId),
    ]);
    return sendPage(
      request,
      reply,
      {
        title: 'Подключённые лицевые счета',
        active: '/accounts',
        breadcrumbs: [...crumbs, { label: 'Лицевые счета' }],
      },
      <LinksPage {...{ links, shares }} token={formToken(request, reply)} />,
    );
  });

  const foundOf = ({ actor }: FastifyRequest) =>
    foundNumbers(context.config, personOf(actor).personId, context.clock());

  const show = (request: FastifyRequest, reply: FastifyReply, view: Omit<ConnectView, 'token' | 'formKey' | 'found'>) =>
    sendPage(
      request,
      reply,
      {
        title: 'Подключить лицевой счёт',
        active: '/accounts',
        breadcrumbs: [...crumbs, { href: '/accounts', label: 'Лицевые счета' }, { label: 'Подключение' }],
      },
      <ConnectPage
        token={formToken(request, reply)}
        formKey={newId()}
        found={foundOf(request).wrap({ number: view.values.number ?? '', provider: view.values.provider ?? '' })}
        {...view}
      />,
    );

  app.get('/accounts/connect', { config: { access: access.connectAccount } }, async (request, reply) => {
    const { found, ...values } = typed(request.query);
    const known = foundOf(request).unwrap(found);
    if (!known) return show(request, reply, { values, errors: [], candidates: [] });
    try {
      const candidates = await lookAgain(context, request.actor, known);
      return await show(request, reply, { values: known, errors: [], candidates });
    } catch (error) {
      return show(request, reply, { values: known, errors: refusalsOf(reply, error), candidates: [] });
    }
  });

  app.post('/accounts/connect', { config: { access: access.connectAccount } }, async (request, reply) => {
    const body = typed(request.body);
    const known = foundOf(request).unwrap(body.found);
    const values = { ...body, ...known };
    const again = (errors: ConnectView['errors'], candidates: Candidate[] = []) =>
      show(request, reply, { values, errors, candidates });
    try {
      const form = parse(connectForm, values);
      const { number, provider } = form;
      const outcome = await connectAccount(context, request.actor, {
        ...{ number, providerId: await resolveProvider(context, provider), isFound: known !== null },
        accountId: form.accountId && isUuid(form.accountId) ? form.accountId : null,
        proof: readProof(form),
        key: form._key,
      });
      if (outcome.kind === 'needs_proof') {
        const missing = unchosen(form, outcome.candidates);
        if (missing.length > 0) {
          reply.code(422);
          return again(missing, outcome.candidates);
        }
        const found = foundOf(request).wrap({ number, provider: provider ?? '' });
        return reply.redirect(`/accounts/connect?found=${found}`, 303);
      }
      if (outcome.kind === 'refused') {
        reply.code(422);
        const candidates =
          outcome.field === 'number' || !known ? [] : await candidatesAgain(context, request.actor, known);
        return again([{ field: outcome.field, message: outcome.message }], candidates);
      }
      if (outcome.kind === 'answered') return reply.redirect('/accounts', 303);
      return reply.redirect(
        outcome.kind === 'connected'
          ? `/accounts/connected?count=${outcome.count}`
          : `/accounts/connected?until=${outcome.dueOn}`,
        303,
      );
    } catch (error) {
      const form = connectForm.safeParse(values);
      const errors = refusalsOf(reply, error, known && form.success ? form.data.proof : 'payer');
      if (!known || !form.success || form.data.proof === 'payer') return again(errors);
      const candidates = await candidatesAgain(context, request.actor, known);
      return again([...unchosen(form.data, candidates), ...errors], candidates);
    }
  });

  app.get('/accounts/connected', { config: { access: access.viewAccounts } }, async (request, reply) => {
    const { until, count } = request.query as { until?: string; count?: string };
    return sendPage(
      request,
      reply,
      { title: until ? 'Заявка отправлена' : 'Счёт подключён', active: '/accounts' },
      <DonePage until={parseDay(until ?? '')} count={/^\d{1,2}$/.test(count ?? '') ? Number(count) : 1} />,
    );
  });

  app.post('/accounts/:linkId/rename', { config: { access: access.renameAccount } }, async (request, reply) => {
    const { title } = parse(z.object({ title: optionalText(60) }), request.body);
    await renameAccount(context, request.actor, idParam<LinkId>(request.params, 'linkId'), title ?? '');
    return reply.redirect('/accounts', 303);
  });

  app.get('/accounts/:linkId/disconnect', { config: { access: access.disconnectAccount } }, async (request, reply) => {
    const linkId = idParam<LinkId>(request.params, 'linkId');
    const link = (await describeLinks(context.db, personOf(request.actor).personId, context.clock())).find(
      (one) => one.linkId === linkId,
    );
    if (!link) return reply.redirect('/accounts', 303);
    return sendPage(
      request,
      reply,
      { title: 'Отключить лицевой счёт', active: '/accounts' },
      <DisconnectPage link={link} token={formToken(request, reply)} />,
    );
  });

  app.post('/accounts/:linkId/disconnect', { config: { access: access.disconnectAccount } }, async (request, reply) => {
    await disconnectAccount(context, request.actor, idParam<LinkId>(request.params, 'linkId'));
    return reply.redirect('/accounts', 303);
  });
}

/** @throws Invalid when the words name no organisation, or several */
async function resolveProvider(context: Context, words: string | null): Promise<OrganisationId | null> {
  if (!words) return null;
  const found = await findOrganisationByName(context.db, words);
  if (found.length === 1) return found[0]!.organisationId;
  throw new Invalid([
    {
      field: 'provider',
      message:
        found.length === 0
          ? 'Такой организации в кабинете нет. Введите ИНН из квитанции или другую часть названия.'
          : `Подходит несколько организаций: ${found.map((one) => one.shortName).join('; ')}. Введите название точнее или ИНН.`,
    },
  ]);
}

/** The accounts of a number that was found before. @throws Invalid when there are none any more */
async function lookAgain(context: Context, actor: Actor, { number, provider }: FoundNumber): Promise<Candidate[]> {
  const outcome = await findToProve(context, actor, { number, providerId: await resolveProvider(context, provider) });
  if (outcome.kind === 'refused') throw new Invalid([{ field: outcome.field, message: outcome.message }]);
  return outcome.candidates;
}

/** The same for showing the choice of proofs beside an error: without it the page begins anew. */
async function candidatesAgain(context: Context, actor: Actor, known: FoundNumber): Promise<Candidate[]> {
  try {
    return await lookAgain(context, actor, known);
  } catch (error) {
    if (error instanceof Invalid) return [];
    throw error;
  }
}

const FIELD_OF = { payer: 'number', bill_sum: 'sum', code: 'code', claim: 'message' } as const;

/** What a form of this page is refused with, and its status. Anything else is thrown on. */
function refusalsOf(reply: FastifyReply, error: unknown, proof: Proof['kind'] = 'payer'): FieldError[] {
  if (error instanceof TooMany) {
    refuseWith(reply, error);
    return [{ field: FIELD_OF[proof], message: error.sentence }];
  }
  if (!(error instanceof Invalid || error instanceof Conflict)) throw error;
  reply.code(error.status);
  return error instanceof Invalid ? [...error.fields] : [{ field: 'message', message: error.sentence }];
}
