import { beforeAll, describe, expect, test } from 'vitest';
import { type Role, STAFF } from '../../src/platform/access.ts';
import type { OrganisationId, PersonId } from '../../src/platform/ids.ts';
import type { TestApplication } from '../support/application.ts';
import { type Browserless, formsOf, type Page } from '../support/browserless.ts';
import { startWithDemo } from '../support/demo.ts';
import { buildKey } from '../support/system.ts';

/** Every name that a page of ours reads from the address or from a form. */
const QUERY =
  'about account address addressee after appeal assignee at before category count declined digits done drop dueOn emergency escalated from holder home house id kind layout limit line link meter municipality number oktmo organisation overdue parent period power premises provider providerId q region reopened resource returnTo saved search seen state step template to token topic unfinished unsatisfied until view';
const FIELDS =
  'about accountId address addressee agreement answer answerEmail answerId appeal assessment assignee bankAccount bankName bik capacity cause choose code comment consent decision description email endedOn familyName fileId fixed flat full_name name givenName holder inn installedOn interim items kind layout message middleName municipality note number ogrn oktmo organisation organisationId organisationName outcome outside ownTopic part partId performer performerPost period person phone plannedOn premises power powerCode proof provider providerId ratio reason regionCode registered_on registeredOn registrationNumber resource returnTo room sealedOn secret serial share shopId short_name signsFileId site snils start startedOn state subject sum takenOn tariffs template term text title to topic topicCode totalArea until usedFrom verifiedOn wearOn wearPercent yearBuilt _key';

const UUID = '019ab000-0000-7000-8000-000000000000';
/** What no browser's own form sends: each must be answered, and never with a failure of ours. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  'a NUL': ['a\u0000b'],
  'one name twice': ['1', '2'],
  'a long text': ['я'.repeat(2000)],
  'a day that is not': ['2026-02-31'],
  'the last day of time': ['9999-12-31'],
  'the year zero': ['0000-01-01'],
  'a key with a month that is not': [`2026-13-01_2026-01-01T00:00:00Z_${UUID}`],
  'a key before times': [`2026-01-01_-200000-01-01T00:00:00Z_${UUID}`],
  'a huge number': ['9'.repeat(40)],
  'a number below zero': ['-1'],
  'control characters': ['/\u0001\u007f\r\nset-cookie: injected=1\r\n\r\n//evil.test'],
  'a path in Cyrillic': ['/дом?q=ж'],
};
/** What may pass for the key of a page in a list: tried beside a true account and a true id too. */
const KEYS = /^a (key|day)|^the (last|year)|huge/;
/** They would take away what the other addresses are tried on. */
const WHERE: Readonly<Record<string, string>> = {
  'a stranger': '/find',
  domovitova: '/bills',
  platformennyy: '/administration/organisations',
  upravlyaev: '/work/claims',
};
const LEAVES = ['/sign-in', '/sign-in/callback', '/sign-out', '/acting', '/welcome', '/accounts/:linkId/disconnect'];

let application: TestApplication;
let ids: Record<string, string>;
const players = new Map<string, Browserless>();

beforeAll(async () => {
  application = await startWithDemo({ RATE_LIMIT_PER_MINUTE: '100000' });
  const { db } = application.context;
  const organisation = (await db.selectFrom('organisation').select('organisation_id').execute())[0]!.organisation_id;
  const dubravushka = await db
    .selectFrom('organisation')
    .select('organisation_id')
    .where('ogrn', '=', '1249800000010')
    .executeTakeFirstOrThrow();
  players.set('a stranger', application.client());
  for (const login of ['domovitova', 'platformennyy']) players.set(login, await application.signIn(login));
  players.set('upravlyaev', await application.signIn('upravlyaev', dubravushka.organisation_id));
  const owner = await db
    .selectFrom('person')
    .select('person_id')
    .where('snils', '=', '98700010702')
    .executeTakeFirstOrThrow();
  const link = await db
    .selectFrom('account_link')
    .selectAll()
    .where('person_id', '=', owner.person_id)
    .where('provider_id', '=', dubravushka.organisation_id)
    .where('state', '=', 'connected')
    .executeTakeFirstOrThrow();
  const place = await db
    .selectFrom('account_place')
    .selectAll()
    .where('account_id', '=', link.account_id)
    .executeTakeFirstOrThrow();
  const document = await db
    .selectFrom('payment_document')
    .select('document_id')
    .where('account_id', '=', link.account_id)
    .executeTakeFirstOrThrow();
  const order = await db.selectFrom('payment').selectAll().where('person_id', '=', owner.person_id).executeTakeFirst();
  const claim = await db.selectFrom('connection_claim').selectAll().executeTakeFirst();
  const head = await db
    .selectFrom('employee')
    .select('person_id')
    .where('organisation_id', '=', dubravushka.organisation_id)
    .where('role', '=', 'head')
    .executeTakeFirstOrThrow();
  await buildKey(application.context, dubravushka.organisation_id, head.person_id);
  const key = await db.selectFrom('api_key').select('key_id').executeTakeFirstOrThrow();
  // A device that the water supplier of the same house has nothing to do with.
  const device = await db
    .selectFrom('meter_resource')
    .select(['meter_id', 'house_id'])
    .where('resource', '=', '3')
    .where('house_id', '=', link.house_id)
    .where('meter_id', 'in', (where) =>
      where
        .selectFrom('meter')
        .select('meter_id')
        .where('house_id', '=', link.house_id)
        .where('premises_id', '=', place.premises_id),
    )
    .executeTakeFirstOrThrow();
  ids = {
    ...(await idsOfAppeal(owner.person_id, dubravushka.organisation_id)),
    houseId: link.house_id,
    meterId: device.meter_id,
    accountId: link.account_id,
    linkId: link.link_id,
    premisesId: place.premises_id,
    documentId: document.document_id,
    organisationId: organisation,
    orderId: order?.order_id ?? UUID,
    paymentId: order?.payment_id ?? UUID,
    claimId: claim?.claim_id ?? UUID,
    keyId: key.key_id,
  };
}, 120_000);

/** An answered appeal of the owner with a file at the desk of the head, and what else of the two bears an id. */
async function idsOfAppeal(personId: PersonId, organisationId: OrganisationId): Promise<Record<string, string>> {
  const { db } = application.context;
  const appeal = await db
    .selectFrom('appeal')
    .innerJoin('appeal_part', (join) =>
      join
        .onRef('appeal_part.house_id', '=', 'appeal.house_id')
        .onRef('appeal_part.appeal_id', '=', 'appeal.appeal_id'),
    )
    .innerJoin('appeal_answer', (join) =>
      join
        .onRef('appeal_answer.house_id', '=', 'appeal_part.house_id')
        .onRef('appeal_answer.part_id', '=', 'appeal_part.part_id'),
    )
    .innerJoin('appeal_file', (join) =>
      join
        .onRef('appeal_file.house_id', '=', 'appeal.house_id')
        .onRef('appeal_file.appeal_id', '=', 'appeal.appeal_id'),
    )
    .select(['appeal.appeal_id', 'appeal_part.part_id', 'appeal_answer.answer_id', 'appeal_file.file_id'])
    .where('appeal.author_id', '=', personId)
    .where('appeal_part.organisation_id', '=', organisationId)
    .where('appeal.relation', 'is', null)
    .executeTakeFirstOrThrow();
  const template = await db
    .selectFrom('answer_template')
    .select('template_id')
    .where('organisation_id', '=', organisationId)
    .executeTakeFirstOrThrow();
  const draft = await db
    .selectFrom('appeal_draft')
    .select('draft_id')
    .where('person_id', '=', personId)
    .executeTakeFirstOrThrow();
  const request = await db
    .selectFrom('support_request')
    .select('request_id')
    .where('person_id', '=', personId)
    .executeTakeFirstOrThrow();
  return {
    appealId: appeal.appeal_id,
    partId: appeal.part_id,
    answerId: appeal.answer_id,
    fileId: appeal.file_id,
    templateId: template.template_id,
    draftId: draft.draft_id,
    requestId: request.request_id,
  };
}

/** A failure, a page of somebody else, or a header that the input has written. */
const isWrong = ({ status, url, headers }: Page): boolean =>
  status >= 500 || new URL(url).host.includes('evil') || String(headers.get('set-cookie')).includes('injected');

const fill = (url: string) =>
  url.replace(/:([a-zA-Z]+)/g, (_, name: string) => ids[name] ?? UUID).replace('*', 'styles.css');
const send = (names: string, values: readonly string[]) =>
  new URLSearchParams(names.split(' ').flatMap((name) => values.map((value) => [name, value])));

async function tokenOf(browser: Browserless): Promise<string> {
  await browser.get(`${application.url}/vision`);
  const fields = formsOf(browser.current!.html)
    .filter(({ action }) => action !== '/sign-out')
    .flatMap((form) => form.fields);
  return fields.find(([name]) => name === '_token')![1];
}

/** What a player may do: whoever is turned away reads no input. The matrix of routes holds those. */
const ROLES: Readonly<Record<string, readonly Role[]>> = {
  'a stranger': ['anyone'],
  domovitova: ['anyone', 'newcomer', 'resident', 'confirmed resident'],
  platformennyy: ['administrator'],
  upravlyaev: [...STAFF, 'newcomer'],
};

describe.each(['a stranger', 'domovitova', 'platformennyy', 'upravlyaev'])(
  'input that nobody types, from %s',
  (player) => {
    test.each(Object.keys(VALUES))('%s', async (kind) => {
      const browser = players.get(player)!;
      const token = await tokenOf(browser);
      const failed: string[] = [];
      const open = application.app.routes.filter(
        ({ url, access }) => !LEAVES.includes(url) && access.some((role) => ROLES[player]!.includes(role)),
      );
      expect(open.length).toBeGreaterThan(10);
      for (const { method, url } of open) {
        const target = fill(url);
        // Some are looked at only beside a true account and a true key.
        const searches = [send(QUERY, VALUES[kind]!)];
        if (KEYS.test(kind))
          searches.push(
            new URLSearchParams([
              ...send(QUERY.replace(/account |id /g, ''), VALUES[kind]!),
              ['account', ids.accountId!],
              ['id', UUID],
            ]),
            new URLSearchParams([
              ...send(QUERY.replace(/after |id /g, ''), VALUES[kind]!),
              ['after', UUID],
              ['id', UUID],
            ]),
          );
        if (method === 'GET') {
          for (const search of searches) {
            const page = await browser.get(`${application.url}${target}?${search}`);
            if (isWrong(page)) failed.push(`GET ${url}: ${page.status} ${page.url}`);
          }
        } else {
          const body = send(FIELDS, VALUES[kind]!);
          const place = `${ids.accountId}.${UUID}`;
          for (const value of VALUES[kind]!) body.append(`sum.${place}`, value);
          for (const name of ['t1', 't2', 't3', 'sure', 'kept', 'photo'])
            for (const value of VALUES[kind]!) body.append(`${name}.${ids.meterId}.3`, value);
          body.set('_token', token);
          const page = await browser.post(target, body as never);
          if (isWrong(page)) failed.push(`${method} ${url}: ${page.status} ${page.url}`);
        }
      }
      expect(failed).toEqual([]);
      // Whoever was lost on the way has tried nothing.
      expect((await browser.get(`${application.url}${WHERE[player]}`)).status).toBe(200);
    });
  },
);
