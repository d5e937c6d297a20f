import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { formToken, sendPage } from '../../pages/page.tsx';
import type { SignedIn } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { dayIn } from '../../platform/month.ts';
import { countUnreadAppeals } from '../appeals/index.ts';
import { readPerson } from '../identity/index.ts';
import { RefusedAddress, readReader } from '../notices/index.ts';
import { listUnregistered } from '../organisations/index.ts';
import { access } from './access.ts';
import { findContacts, findHouses, findInspectorate } from './find-house.ts';
import { FindPage } from './find-page.tsx';
import { HomePage } from './home-page.tsx';
import { LandingPage } from './landing-page.tsx';
import { readLaterDuties } from './publication-duty.ts';
import { readHomeView } from './read-home.ts';
import { readPendingRegions } from './read-pending-regions.ts';
import { UnconnectedPage } from './unconnected-page.tsx';

/** The operator's own calendar: of an address nobody has named, the region is not known. */
const OPERATOR_ZONE = 'Europe/Moscow';

/** `/` for everybody, and «Кто обслуживает дом» for those who have not signed in too. */
export function registerHome(app: FastifyInstance, context: Context): void {
  const support = { email: context.config.SUPPORT_EMAIL, phone: context.config.SUPPORT_PHONE };

  app.get('/', { config: { access: access.viewHome } }, async (request, reply) => {
    const { actor } = request;
    if (actor.kind !== 'person') return sendPage(request, reply, { title: 'Личный кабинет жильца' }, <LandingPage />);
    if (!actor.accepted) return reply.redirect('/welcome', 303);
    if (actor.acting) return reply.redirect('/work', 303);
    return actor.connected ? showHome(context, request, reply, actor) : showUnconnected(context, request, reply, actor);
  });

  app.get('/find', { config: { access: access.findHouse } }, async (request, reply) => {
    const { q = '', address = '' } = request.query as { q?: string; address?: string };
    const query = String(q).trim().slice(0, 200);
    const [contacts, results] = await Promise.all([
      findContacts(context.db, String(address).toLowerCase()),
      query && !address ? findHouses(context.db, query) : undefined,
    ]);
    return sendPage(
      request,
      reply,
      {
        title: contacts?.address ?? 'Кто обслуживает дом',
        active: '/find',
        breadcrumbs: [{ href: '/', label: 'Главная' }, { label: 'Кто обслуживает дом' }],
      },
      <FindPage
        {...{ query, results, contacts, support }}
        isStaff={request.actor.kind === 'person' && request.actor.acting !== null}
      />,
    );
  });
}

/** Read only while the account is not confirmed: a confirmed person needs no notice. */
const unconfirmedPerson = (context: Context, actor: SignedIn) =>
  actor.confirmed ? null : readPerson(context.db, actor.personId);

async function showHome(context: Context, request: FastifyRequest, reply: FastifyReply, actor: SignedIn) {
  const [view, unconfirmed] = await Promise.all([readHomeView(context, actor), unconfirmedPerson(context, actor)]);
  return sendPage(
    request,
    reply,
    { title: 'Главная страница личного кабинета', active: '/' },
    <HomePage {...{ view, unconfirmed }} now={context.clock()} token={formToken(request, reply)} />,
  );
}

async function showUnconnected(context: Context, request: FastifyRequest, reply: FastifyReply, actor: SignedIn) {
  const { db } = context;
  const [{ pending, regions }, unconfirmed, unreadAppeals, reader, unregistered] = await Promise.all([
    readPendingRegions(db, actor.personId),
    unconfirmedPerson(context, actor),
    countUnreadAppeals(db, actor.personId),
    readReader(db, actor.personId),
    listUnregistered(db, actor.personId),
  ]);
  const [only] = regions;
  const [later, inspectorate] = await Promise.all([
    readLaterDuties(db, dayIn(OPERATOR_ZONE, context.clock()), regions),
    only && regions.length === 1 ? findInspectorate(db, only) : null,
  ]);
  const support = { email: context.config.SUPPORT_EMAIL, phone: context.config.SUPPORT_PHONE };
  return sendPage(
    request,
    reply,
    { title: 'Главная страница личного кабинета', active: '/' },
    <UnconnectedPage
      {...{ unconfirmed, pending, later, inspectorate, support, unreadAppeals }}
      heads={unregistered.filter(({ role }) => role === 'head').map(({ ogrn }) => ogrn)}
      refused={reader && <RefusedAddress reader={reader} token={formToken(request, reply)} />}
    />,
  );
}
