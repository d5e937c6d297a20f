import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { formToken, sendPage } from '../../pages/page.tsx';
import { humanOf, personOf } from '../../platform/access.ts';
import { sha256 } from '../../platform/config.ts';
import type { Context } from '../../platform/context.ts';
import { Invalid } from '../../platform/errors.ts';
import { dropCookie, keepCookie, readCookie } from '../../platform/http/cookies.ts';
import { parse } from '../../platform/http/forms.ts';
import { limitsOf } from '../../platform/http/limits.ts';
import { isUuid } from '../../platform/ids.ts';
import { listCapacities, listUnregistered, readOrganisation } from '../organisations/index.ts';
import { acceptTexts, chooseCapacity } from './accept-texts.ts';
import { access } from './access.ts';
import { finishSignIn } from './finish-sign-in.ts';
import { type Capacity, safeReturnTo } from './identity.ts';
import { registerNotMe } from './not-me.tsx';
import type { IdentityProvider } from './provider.ts';
import { selectTextsInForce } from './queries/consents.ts';
import { endSession } from './queries/sessions.ts';
import { insertSignInAttempt } from './queries/sign-in.ts';
import { browserOf, setDeviceCookie } from './recognise-device.ts';
import { forgetSession, parseToken, SESSION_COOKIE, setSessionCookie } from './session.ts';
import { ActingPage, REGISTRATION, TextPage, WelcomePage } from './sign-in-pages.tsx';

const BROWSER_COOKIE = 'domovoy_sign_in';
/** «<own>», or «<own>.<whose work it does>»; anything else is on one's own behalf. */
const capacityField = z
  .string()
  .default('')
  .transform((value) => {
    const [own = '', whose] = value.split('.');
    if (!isUuid(own) || (whose !== undefined && !isUuid(whose))) return { capacity: null, forId: null };
    return { capacity: own as Capacity, forId: (whose ?? null) as Capacity };
  });

const acceptance = z.object({
  capacity: capacityField,
  agreement: z.string({ error: 'Чтобы продолжить, примите пользовательское соглашение' }),
  consent: z.string({ error: 'Чтобы продолжить, дайте согласие на обработку данных' }),
  returnTo: z.string().optional(),
});

export function registerSignIn(app: FastifyInstance, context: Context, provider: IdentityProvider): void {
  const open = { config: { access: access.signIn } };

  const entering = { config: { access: access.signIn, sensitive: true, rateLimit: limitsOf(context.config).signIn } };

  app.get('/sign-in', entering, async (request, reply) => {
    const returnTo = safeReturnTo((request.query as { returnTo?: string }).returnTo);
    const redirect = await provider.begin();
    const browser = randomBytes(16).toString('base64url');
    await insertSignInAttempt(context.db, { ...redirect, browserHash: sha256(browser), returnTo, at: context.clock() });
    keepCookie(reply, BROWSER_COOKIE, browser, 900);
    return reply.redirect(redirect.url.href, 303);
  });

  app.get('/sign-in/callback', entering, async (request, reply) => {
    const callbackUrl = new URL(request.url, context.config.PUBLIC_URL);
    const { token, deviceSecret, returnTo } = await finishSignIn(context, provider, {
      callbackUrl,
      browserSecret: readCookie(request, BROWSER_COOKIE),
      browser: browserOf(request),
      former: parseToken(readCookie(request, SESSION_COOKIE)),
    });
    setDeviceCookie(reply, deviceSecret);
    dropCookie(reply, BROWSER_COOKIE);
    setSessionCookie(context, reply, token);
    return reply.redirect(`/welcome?returnTo=${encodeURIComponent(returnTo)}`, 303);
  });

  app.get('/welcome', { config: { access: access.acceptTexts, sensitive: true } }, async (request, reply) => {
    const { returnTo } = request.query as { returnTo?: string };
    if (personOf(request.actor).accepted) return reply.redirect(safeReturnTo(returnTo), 303);
    return showWelcome(context, request, reply, { returnTo: safeReturnTo(returnTo), errors: [] });
  });

  app.post('/welcome', { config: { access: access.acceptTexts } }, async (request, reply) => {
    try {
      const input = parse(acceptance, request.body);
      const versions = Object.fromEntries(
        (['agreement', 'consent'] as const).map((kind) => [kind, Number.parseInt(input[kind], 10)]),
      );
      await acceptTexts(context, request.actor, { ...input.capacity, versions });
      return reply.redirect(input.capacity.capacity ? '/work' : safeReturnTo(input.returnTo), 303);
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      const returnTo = safeReturnTo((request.body as { returnTo?: string } | undefined)?.returnTo);
      return showWelcome(context, request, reply.code(error.status), { returnTo, errors: error.fields });
    }
  });

  registerNotMe(app, context);

  app.get('/acting', { config: { access: access.chooseCapacity, sensitive: true } }, async (request, reply) => {
    const person = personOf(request.actor);
    const [capacities, unregistered] = await Promise.all([
      listCapacities(context.db, person.personId, context.clock()),
      listUnregistered(context.db, person.personId),
    ]);
    return sendPage(
      request,
      reply,
      { title: 'От чьего имени вы действуете' },
      <ActingPage
        token={formToken(request, reply)}
        person={person}
        capacities={capacities}
        unregistered={unregistered}
        chosen={(request.query as { capacity?: string }).capacity ?? ''}
      />,
    );
  });

  app.post('/acting', { config: { access: access.chooseCapacity } }, async (request, reply) => {
    const { capacity, forId } = parse(z.object({ capacity: capacityField }), request.body).capacity;
    await chooseCapacity(context, request.actor, capacity, forId);
    return reply.redirect(`/welcome?returnTo=${capacity ? '/work' : '/'}`, 303);
  });

  app.post('/sign-out', { config: { access: access.signOut } }, async (request, reply) => {
    const { actor } = request;
    forgetSession(reply);
    const human = humanOf(actor);
    if (!human) return reply.redirect('/', 303);
    const idToken = await endSession(context.db, human.personId, human.sessionId, context.clock());
    const elsewhere = actor.kind === 'person' ? await provider.signOutUrl(idToken).catch(() => null) : null;
    return reply.redirect(elsewhere?.href ?? '/', 303);
  });

  for (const [path, kind] of [
    ['/agreement', 'agreement'],
    ['/privacy', 'consent'],
  ] as const) {
    app.get(path, open, async (request, reply) => {
      const text = (await selectTextsInForce(context.db)).find((one) => one.kind === kind)!;
      return sendPage(request, reply, { title: text.title }, <TextPage text={text} />);
    });
  }
}

async function showWelcome(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  input: { returnTo: string; errors: readonly { field: string; message: string }[] },
) {
  const person = personOf(request.actor);
  const [texts, ended, capacities, unregistered] = await Promise.all([
    selectTextsInForce(context.db),
    person.endedFor ? readOrganisation(context.db, person.endedFor) : null,
    listCapacities(context.db, person.personId, context.clock()),
    listUnregistered(context.db, person.personId),
  ]);
  // Whoever came for nothing else is led to the registration of their organisation.
  const returnTo = input.returnTo === '/' && unregistered.length > 0 ? REGISTRATION : input.returnTo;
  return sendPage(
    request,
    reply,
    { title: 'Первый вход' },
    <WelcomePage
      token={formToken(request, reply)}
      person={person}
      texts={texts}
      {...{ capacities, unregistered }}
      endedFor={ended?.short_name ?? null}
      {...{ returnTo, errors: input.errors }}
    />,
  );
}
