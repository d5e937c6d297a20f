import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { formToken, sendPage } from '../../../pages/page.tsx';
import { personOf } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { Conflict, DomovoyError, type FieldError, Invalid, NotFound } from '../../../platform/errors.ts';
import {
  dayField,
  emptyAsAbsent,
  idParam,
  optionalText,
  parse,
  requiredText,
  type Typed,
  typed,
} from '../../../platform/http/forms.ts';
import { isUuid, type LinkId, newId } from '../../../platform/ids.ts';
import { isOneAddress } from '../../../platform/mail/mail.ts';
import { parseDay } from '../../../platform/month.ts';
import type { ShareId } from '../../accounts/index.ts';
import { access } from '../access.ts';
import { countOfInvitations, selectShares, selectUses, type UseKey } from '../queries/shares.ts';
import { selectOthersOf } from '../queries.ts';
import { describeLinks } from '../read-links.ts';
import { acceptShare, readOffer } from './accept-share.ts';
import { isLive, revokeShare } from './end-share.ts';
import { inviteHelper } from './invite-helper.ts';
import {
  EnterCodePage,
  linkField,
  MORE_RIGHTS,
  OfferPage,
  rightField,
  ShareCodePage,
  SharesPage,
} from './share-pages.tsx';

const PAGE = 30;
/** Codes are guessed by nobody; whoever tries is slowed down all the same. */
const rateLimit = { max: 30, timeWindow: '1 minute' };

const form = z.object({
  invitedAs: requiredText('Напишите, кого вы приглашаете', 60),
  email: optionalText(255).refine((text) => text === null || isOneAddress(text), {
    message: 'Введите один адрес почты, например olga@example.ru',
  }),
  until: emptyAsAbsent(dayField('Укажите день: ДД.ММ.ГГГГ').optional()),
  _key: z.string().max(100).default(newId),
});

const crumbs = [
  { href: '/', label: 'Личный кабинет' },
  { href: '/accounts', label: 'Лицевые счета' },
];

/** «Доступ к счёту»: the owner's page, and the way in for whoever is invited. */
export function registerSharing(app: FastifyInstance, context: Context): void {
  const owner = { config: { access: access.share, sensitive: true } };
  const helper = { config: { access: access.acceptShare, sensitive: true, rateLimit } };

  const show = async (request: FastifyRequest, reply: FastifyReply, errors: readonly FieldError[] = []) => {
    const { personId } = personOf(request.actor);
    const linkId = idParam<LinkId>(request.params, 'linkId');
    const own = (await describeLinks(context.db, personId)).filter(({ state }) => state === 'connected');
    const link = own.find((one) => one.linkId === linkId);
    if (!link) throw new NotFound();
    const sameHome = own.filter(({ address }) => address === link.address);
    const [shares, uses] = await Promise.all([
      selectShares(context.db, personId, linkId),
      selectUses(context.db, personId, linkId, readKey((request.query as { after?: string }).after), PAGE + 1),
    ]);
    const invitations = shares.filter(isLive).map((share) => share.invitation_id);
    const [together, connected] = await Promise.all([
      countOfInvitations(context.db, personId, invitations),
      selectOthersOf(context.db, { personId, houseId: link.houseId, accountId: link.accountId }),
    ]);
    const last = uses.length > PAGE ? uses[PAGE - 1] : undefined;
    return sendPage(
      request,
      reply,
      { title: 'Доступ к счёту', active: '/accounts', breadcrumbs: [...crumbs, { label: 'Доступ' }] },
      <SharesPage
        {...{ link, shares, together, connected, errors }}
        others={[...new Set([...sameHome, ...own])].filter((one) => one !== link)}
        uses={uses.slice(0, PAGE)}
        older={last ? `/accounts/${linkId}/share?after=${last.day}_${last.shareId}_${last.kind}_${last.thingId}` : null}
        sent={typed(request.body)}
        token={formToken(request, reply)}
        formKey={newId()}
      />,
    );
  };

  app.get('/accounts/:linkId/share', owner, (request, reply) => show(request, reply));

  app.post('/accounts/:linkId/share', owner, async (request, reply) => {
    const linkId = idParam<LinkId>(request.params, 'linkId');
    try {
      const { _key: key, ...input } = parse(form, request.body);
      const ticked = typed(request.body);
      const rights = MORE_RIGHTS.filter((right) => ticked[rightField(right)]);
      const invited = await inviteHelper(context, request.actor, {
        ...{ ...input, rights, key, linkIds: [linkId, ...tickedLinks(ticked)] },
        until: input.until ?? null,
      });
      if (invited.code === null) return reply.redirect(`/accounts/${linkId}/share`, 303);
      // Shown in the answer to the POST: the code is nowhere else.
      return sendPage(
        request,
        reply,
        { title: 'Код доступа', active: '/accounts', breadcrumbs: [...crumbs, { label: 'Код доступа' }] },
        <ShareCodePage
          code={invited.code}
          expiresAt={invited.expiresAt}
          linkId={linkId}
          publicUrl={context.config.PUBLIC_URL}
        />,
      );
    } catch (error) {
      if (error instanceof Invalid) return show(request, reply.code(error.status), error.fields);
      if (error instanceof Conflict)
        return show(request, reply.code(error.status), [{ field: 'invitedAs', message: error.sentence }]);
      throw error;
    }
  });

  app.post('/accounts/:linkId/share/:shareId/revoke', owner, async (request, reply) => {
    const shareId = idParam<ShareId>(request.params, 'shareId');
    const linkId = await revokeShare(context, request.actor, shareId, { whole: typed(request.body).whole === '1' });
    return reply.redirect(`/accounts/${linkId}/share`, 303);
  });

  app.get('/accounts/shared', helper, async (request, reply) => {
    const { code = '' } = request.query as { code?: string };
    const clean = code
      .toUpperCase()
      .replace(/[^0-9A-Z]/g, '')
      .slice(0, 40);
    if (clean) return reply.redirect(`/accounts/shared/${clean}`, 303);
    return enterCode(request, reply, null, code);
  });

  app.get('/accounts/shared/:code', helper, async (request, reply) => {
    const { code } = request.params as { code: string };
    try {
      return await showOffer(request, reply, code, null);
    } catch (error) {
      if (!(error instanceof NotFound)) throw error;
      return enterCode(request, reply.code(error.status), error.sentence, code);
    }
  });

  app.post('/accounts/shared/:code', helper, async (request, reply) => {
    const { code } = request.params as { code: string };
    try {
      await acceptShare(context, request.actor, code);
      return reply.redirect('/accounts', 303);
    } catch (error) {
      if (error instanceof Conflict) return showOffer(request, reply.code(error.status), code, error.sentence);
      if (error instanceof DomovoyError && error.status < 500)
        return enterCode(request, reply.code(error.status), error.sentence, code);
      throw error;
    }
  });

  const showOffer = async (request: FastifyRequest, reply: FastifyReply, code: string, error: string | null) => {
    const offer = await readOffer(context, request.actor, code);
    const path = `/accounts/shared/${encodeURIComponent(code)}`;
    return sendPage(
      request,
      reply,
      { title: 'Приглашение к счёту', active: '/accounts', breadcrumbs: [...crumbs, { label: 'Приглашение' }] },
      <OfferPage {...{ offer, path, error }} token={formToken(request, reply)} />,
    );
  };
}

const enterCode = (request: FastifyRequest, reply: FastifyReply, error: string | null, code: string) =>
  sendPage(
    request,
    reply,
    { title: 'Код доступа к счёту', active: '/accounts', breadcrumbs: [...crumbs, { label: 'Код доступа' }] },
    <EnterCodePage error={error} code={code.slice(0, 40)} />,
  );

/** Whoever ticks nothing opens the account of the page alone. */
const tickedLinks = (ticked: Typed): LinkId[] =>
  Object.keys(ticked).flatMap((name) => {
    const linkId = name.slice(linkField('' as LinkId).length);
    return name === linkField(linkId as LinkId) && isUuid(linkId) ? [linkId as LinkId] : [];
  });

/** "2026-11-10_<share>_<kind>_<thing>". Anything else is the first page. */
function readKey(text: string | undefined): UseKey | null {
  const [first = '', shareId = '', kind = '', thingId = ''] = (text ?? '').split('_');
  const day = parseDay(first);
  return day && isUuid(shareId) && isUuid(thingId) && /^[a-z]+$/.test(kind) ? { day, shareId, kind, thingId } : null;
}
