import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { formToken, sendPage } from '../../../pages/page.tsx';
import type { Context } from '../../../platform/context.ts';
import { Conflict } from '../../../platform/errors.ts';
import { access } from '../access.ts';
import { acceptInvitation, readOffer } from './accept-invitation.ts';
import { OfferPage } from './offer-page.tsx';

/** A secret is guessed by nobody; whoever tries is slowed down all the same. */
const rateLimit = { max: 30, timeWindow: '1 minute' };

/** The link of an invitation. Whoever has not signed in yet comes back here after it. */
export function registerInvitationLink(app: FastifyInstance, context: Context): void {
  const open = { config: { access: access.acceptInvitation, sensitive: true, rateLimit } };

  app.get('/invitations/:token', open, (request, reply) => show(context, request, reply));

  app.post('/invitations/:token', open, async (request, reply) => {
    const { token } = request.params as { token: string };
    try {
      const organisationId = await acceptInvitation(context, request.actor, token);
      return reply.redirect(`/acting?capacity=${organisationId}`, 303);
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      return show(context, request, reply.code(error.status));
    }
  });
}

async function show(context: Context, request: FastifyRequest, reply: FastifyReply) {
  const { token } = request.params as { token: string };
  const offer = await readOffer(context, request.actor, token);
  return sendPage(
    request,
    reply,
    { title: `Приглашение: ${offer.organisation.name}` },
    <OfferPage offer={offer} path={`/invitations/${token}`} token={formToken(request, reply)} />,
  );
}
