import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { ORGANISATIONS } from '../../sandbox/organisations.ts';
import { insertPower, upsertOrganisation } from '../../src/modules/organisations/index.ts';
import { type Role, rolesOf, type SignedIn } from '../../src/platform/access.ts';
import { newId, type OrganisationId, type PersonId, type SessionId } from '../../src/platform/ids.ts';
import { startApplication, type TestApplication } from '../support/application.ts';
import { type Browserless, formsOf } from '../support/browserless.ts';
import { actingOf } from '../support/rows.ts';
import { buildKey, System } from '../support/system.ts';

/** People of the sandbox and on whose behalf they act here. */
const CAST = {
  'an owner': ['domovitova', null],
  'an unconfirmed person': ['nepodtverzhdyonov', null],
  'a clerk': ['zayavkina', 'dubravushka'],
  'a head': ['upravlyaev', 'dubravushka'],
  'an inspector': ['proveryalova', 'inspektsiya'],
  'an administrator': ['platformennyy', null],
} as const;
type Player = keyof typeof CAST | 'a stranger' | 'a system';

/** What each of them is, by the access rules: the test needs it to know what to expect. */
const ROLES: Record<Player, ReadonlySet<Role>> = {
  'a stranger': rolesOf({ kind: 'anonymous' }),
  'an owner': rolesOf(signedIn({})),
  'an unconfirmed person': rolesOf(signedIn({ confirmed: false })),
  'a clerk': rolesOf(
    signedIn({ acting: actingOf('' as OrganisationId, { role: 'clerk' }) }),
  ),
  'a head': rolesOf(
    signedIn({ acting: actingOf('' as OrganisationId, { role: 'head' }) }),
  ),
  'an inspector': rolesOf(
    signedIn({ acting: actingOf('' as OrganisationId, { powers: ['4'] }) }),
  ),
  'an administrator': rolesOf(signedIn({ administrator: true })),
  'a system': rolesOf({ kind: 'system', organisationId: newId(), keyId: newId(), madeBy: newId() }),
};

function signedIn(changes: Partial<SignedIn>): SignedIn {
  const ids = { personId: '' as PersonId, sessionId: '' as SessionId };
  return {
    kind: 'person',
    ...ids,
    name: '',
    confirmed: true,
    administrator: false,
    connected: false,
    accepted: true,
    snils: null,
    acting: null,
    ...changes,
  };
}

let application: TestApplication;
let system: System;
const browsers = new Map<Player, Browserless>();

beforeAll(async () => {
  // Every route for everybody is more than one address may ask in a minute.
  application = await startApplication({ settings: { RATE_LIMIT_PER_MINUTE: '10000' } });
  const { db, now } = application.context;
  const ids = new Map<string, OrganisationId>();
  for (const organisation of ORGANISATIONS) {
    const { key, ogrn, inn, kpp, fullName, shortName } = organisation;
    const id = await upsertOrganisation(
      db,
      { ogrn, inn, kpp: kpp ?? '', kind: 'legal', full_name: fullName, short_name: shortName },
      now,
    );
    ids.set(key, id);
    if (key === 'inspektsiya') await insertPower(db, id, '4', '77');
  }
  browsers.set('a stranger', application.client());
  for (const [player, [login, organisation]] of Object.entries(CAST))
    browsers.set(player as Player, await application.signIn(login, organisation ? ids.get(organisation)! : ''));
  const head = await db
    .selectFrom('employee')
    .select('person_id')
    .where('organisation_id', '=', ids.get('dubravushka')!)
    .where('role', '=', 'head')
    .executeTakeFirstOrThrow();
  const token = await buildKey(application.context, ids.get('dubravushka')!, head.person_id);
  system = new System(application.url, token);
});

/** Nobody's objects: each parameter is an id that does not exist. */
const fill = (url: string) => url.replace(/:[a-zA-Z]+/g, () => newId()).replace('*', 'styles.css');
/** They lead to the identity provider, end the session or change who acts; tests of sign-in call them. */
const LEAVES = ['/sign-in', '/sign-in/callback', '/sign-out', '/acting', '/welcome'];

describe('every route of the running server, for everybody', () => {
  test.each([...Object.keys(CAST), 'a stranger', 'a system'] as Player[])('%s', async (player) => {
    const routes = application.app.routes.filter((route) => !LEAVES.includes(route.url));
    expect(routes.length).toBeGreaterThan(20);
    const wrong: string[] = [];
    for (const route of routes) {
      const allowed = route.access.some((role) => ROLES[player].has(role));
      const page = await send(player, route.method, fill(route.url));
      const refused = page.status === 401 || page.status === 403 || !page.url.startsWith(application.url);
      const said = `${route.method} ${route.url}: ${page.status} ${page.url.replace(application.url, '')}`;
      if (page.status >= 500) wrong.push(`${said} (failed)`);
      else if (allowed && page.status === 403 && route.method === 'GET') wrong.push(`${said} (may, but is refused)`);
      else if (!allowed && !refused) wrong.push(`${said} (may not, but is let in)`);
    }
    expect(wrong).toEqual([]);
  });

  test('nothing was written by all these empty posts but audit events and sessions', async () => {
    const { rows } = await sql<{
      count: number;
    }>`select (select count(*) from payment_order)::int + (select count(*) from upload)::int as count`.execute(
      application.context.db,
    );
    expect(rows[0]!.count).toBe(0);
  });
});

function send(player: Player, method: string, path: string) {
  if (player === 'a system') return method === 'GET' ? system.get(path) : system.post(path, {});
  const browser = browsers.get(player)!;
  return method === 'GET' ? browser.get(application.url + path) : post(browser, path);
}

/** An empty form with a true token: what is left to refuse it is the right to send it, and its content. */
async function post(browser: Browserless, path: string) {
  await browser.get(`${application.url}/vision`);
  const token = formsOf(browser.current!.html)
    .filter((form) => form.action !== '/sign-out')
    .flatMap((form) => form.fields)
    .find(([name]) => name === '_token')![1];
  return browser.post(path, { _token: token });
}
