import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { loadRegions } from '../../../src/modules/classifiers/index.ts';
import { insertClaim } from '../../../src/modules/connections/queries.ts';
import { summariseHouse } from '../../../src/modules/meters/summarise-house.ts';
import { insertUpload } from '../../../src/modules/uploads/queries/uploads.ts';
import { navigationFor } from '../../../src/pages/navigation.ts';
import { type Acting, DELEGATED_WORKS, EMPLOYEE_ROLES, type Role, rolesOf } from '../../../src/platform/access.ts';
import {
  type ClaimId,
  type FileId,
  type LinkId,
  newId,
  type OrganisationId,
  type PersonId,
  type UploadId,
} from '../../../src/platform/ids.ts';
import { buildAppeal } from '../../support/appeals.ts';
import type { TestContext } from '../../support/context.ts';
import { buildMeterWorld, createMeterContext } from '../../support/meter-world.ts';
import { actingOf, actorOf, buildBill, buildEmployee, buildOrganisation, signIn } from '../../support/rows.ts';

let context: TestContext;
let app: FastifyInstance;
let organisationId: OrganisationId;
let inspectorateId: OrganisationId;
let headId: PersonId;

beforeAll(async () => {
  context = await createMeterContext();
  await loadRegions(context.db);
  context.now = new Date('2026-11-18T09:00:00Z');
  app = await createApp(context);
  organisationId = await buildOrganisation(context);
  inspectorateId = await buildOrganisation(context);
  const world = await buildMeterWorld(context, { manager: organisationId });
  await summariseHouse(context, world.houseId);
  await buildAppeal(context, { houseId: world.houseId, addressee: { organisationId, powerCode: '1' } });
  headId = await buildEmployee(context, organisationId, 'head');
  await insertClaim(context.db, {
    ...{ organisationId, claimId: newId<ClaimId>(), personId: world.personId, linkId: newId<LinkId>() },
    ...{ houseId: world.houseId, accountId: world.accountId, claimantName: 'Заявитель' },
    ...{ message: '', dueOn: '2026-11-20', at: context.clock() },
  });
  await insertUpload(
    context.db,
    {
      ...{ organisationId, uploadId: newId<UploadId>(), kind: 'readings', fileId: newId<FileId>(), fileName: 'а.xlsx' },
      ...{ uploadedBy: headId, houses: null, throughId: null },
    },
    context.clock(),
  );
  await buildBill(context, { ...world, providerId: organisationId, payable: 1000 });
});

const rolesAs = (given: Partial<Acting>): ReadonlySet<Role> =>
  rolesOf(actorOf(newId(), { acting: actingOf(newId(), given) }));
const CENTRE: Acting['through'] = { organisationId: newId(), name: 'РЦ', works: ['bills', 'readings'] };

/** Forms of a person's own, whoever they act for, and those that are open to anybody. */
const OWN_FORMS = [
  /^\/(vision|acting|welcome|sign-out|support|settings|invitations|addresses|reminders\/off|notices|why|unsubscribe|not-me)/,
  /^\/(pay\/any|pay\/orders|payments\/notifications|yookassa|organisations\/applications)/,
  /^\/appeals\/(support|guest)/,
];
const isOwnForm = (url: string) => OWN_FORMS.some((form) => form.test(url));

/** Forms that somebody may send, by the access of the routes. */
const formsOf = (roles: ReadonlySet<Role>): string[] =>
  app.routes
    .filter(({ method, access }) => method !== 'GET' && access.some((role) => roles.has(role)))
    .map(({ method, url }) => `${method} ${url}`)
    .sort();

describe('routes by role', () => {
  test.each([
    ['a viewer', { role: 'viewer' }],
    ['a viewer of an inspectorate', { role: 'viewer', powers: ['4'] }],
  ] as [string, Partial<Acting>][])('%s sends no form but their own', (_name, acting) => {
    const forms = formsOf(rolesAs(acting));
    expect(forms.length).toBeGreaterThan(3);
    expect(forms.filter((form) => !isOwnForm(form.split(' ')[1]!))).toEqual([]);
  });

  test.each([
    ['accountant', /appeals|\/work\/meters(?!\/export)|claims|\/code|rights|\/card$|api-keys|employees|delegations/],
    ['dispatcher', /withdraw|shops|questions|rights|\/card$|api-keys|requisites|employees|delegations/],
    ['clerk', /shops|api-keys|employees|requisites|delegations|^POST \/work\/organisation$|\/window$/],
  ] as const)('%s sends no form of others’ work', (role, others) => {
    const forms = formsOf(rolesAs({ role }));
    expect(forms.filter((form) => form.includes('/work/')).length).toBeGreaterThan(2);
    expect(forms.filter((form) => form.includes('/work') && others.test(form))).toEqual([]);
  });

  test('a centre sends files alone; claims when they were given to it', () => {
    const workOf = (works: NonNullable<Acting['through']>['works']) =>
      formsOf(rolesAs({ through: { ...CENTRE!, works } })).filter((form) => form.includes('/work'));
    expect(workOf(['bills']).every((form) => form.includes('/work/uploads'))).toBe(true);
    expect(workOf(['bills', 'claims']).filter((form) => !form.includes('/work/uploads'))).toEqual([
      expect.stringMatching(/^POST \/work\/claims\/:claimId/),
    ]);
  });

  test('nothing of an administrator is open to who acts for an organisation', () => {
    for (const role of EMPLOYEE_ROLES) {
      const roles = rolesAs({ role });
      const open = app.routes.filter(
        ({ url, access }) => url.startsWith('/administration') && access.some((one) => roles.has(one)),
      );
      expect(open).toEqual([]);
    }
  });
});

const linksIn = (html: string): string[] =>
  [...html.matchAll(/href="(\/[^"#]*)"/g)].map(([, href]) => href!.replaceAll('&amp;', '&'));
const MOST_PAGES = 70;

const formsIn = (html: string): string[] =>
  [...html.matchAll(/<form\b[^>]*>/g)].flatMap(([form]) =>
    /method="post"/i.test(form) ? [/action="(\/[^"?]*)/.exec(form)?.[1] ?? ''] : [],
  );
const isOpenForm = (path: string, roles: ReadonlySet<Role>): boolean =>
  app.routes.some(
    ({ method, url, access }) =>
      method === 'POST' &&
      new RegExp(`^${url.replace(/:\w+/g, '[^/]+')}$`).test(path) &&
      access.some((role) => roles.has(role)),
  );

/** Links and forms that do not open to whoever they are shown to, from the menu on. */
async function closedTo(visitor: Awaited<ReturnType<typeof signIn>>, acting: Acting): Promise<string[]> {
  const actor = actorOf(newId(), { acting });
  const roles = rolesOf(actor);
  const menu = navigationFor(actor);
  const waiting = menu.flatMap(({ href, children = [] }) => [href, ...children.map((child) => child.href)]);
  const from = new Map(waiting.map((href) => [href, 'the menu']));
  const closed: string[] = [];
  for (let seen = 0; waiting.length > 0 && seen < MOST_PAGES; seen += 1) {
    const href = waiting.shift()!;
    const { statusCode, body, headers } = await visitor.get(href);
    if (statusCode >= 400) closed.push(`${statusCode} ${href} from ${from.get(href)}`);
    if (!String(headers['content-type']).includes('html')) continue;
    for (const path of formsIn(body)) if (!isOpenForm(path, roles)) closed.push(`POST ${path} from ${href}`);
    for (const link of linksIn(body))
      if (link.startsWith('/work') && !from.has(link)) {
        from.set(link, href);
        waiting.push(link);
      }
  }
  return closed;
}

describe('what a menu and its pages lead to opens', () => {
  test.each([
    ...EMPLOYEE_ROLES.map((role) => [role, role, false] as const),
    ['inspector', 'clerk', true] as const,
    ['viewer of an inspectorate', 'viewer', true] as const,
  ])('%s', async (_name, role, isInspectorate) => {
    const whose = isInspectorate ? inspectorateId : organisationId;
    const powers = [isInspectorate ? '4' : '1'];
    const visitor = await signIn(context, app, await buildEmployee(context, whose, role, powers), whose);
    expect(await closedTo(visitor, actingOf(whose, { role, powers }))).toEqual([]);
  });

  test('a settlement centre', async () => {
    const centreId = await buildOrganisation(context);
    const visitor = await signIn(context, app, await buildEmployee(context, centreId, 'clerk', ['36']), centreId);
    const works = [...DELEGATED_WORKS];
    await context.db
      .insertInto('delegation')
      .values({
        ...{ organisation_id: organisationId, delegation_id: newId(), centre_id: centreId, works },
        ...{ valid_from: '2026-01-01', valid_to: '2027-12-31', given_at: context.now, given_by: headId },
        ...{ revoked_at: null, revoked_by: null, revocation: null },
      })
      .execute();
    await visitor.post('/acting', { capacity: `${centreId}.${organisationId}` });
    const through = { organisationId: centreId, name: 'РЦ', works };
    expect((await visitor.get('/work/claims')).body).toContain('Заявитель');
    expect(await closedTo(visitor, actingOf(organisationId, { role: 'clerk', through }))).toEqual([]);
  });
});
