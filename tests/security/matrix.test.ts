import { beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/platform/ids.ts';
import { type Answer, Asker, inTurns, isRefused } from './ask.ts';
import type { Estate } from './estate.ts';
import { marksOf, snapshotOf } from './snapshot.ts';
import { buildWorld, ESTATES, type EstateName, type Player, type World } from './world.ts';

/** Everybody against every route of the running application, with every object that could be somebody else's. */

type Variant = EstateName | 'guessed' | 'ids in the body' | 'ids mixed in the path';
const VARIANTS: readonly Variant[] = [...ESTATES, 'guessed', 'ids in the body', 'ids mixed in the path'];
const NAMES = [
  'nobody',
  'a guest',
  'a newcomer',
  'a resident',
  'an unconfirmed resident',
  'a helper',
  'a clerk',
  'an accountant',
  'a dispatcher',
  'a viewer',
  'a head',
  'a clerk of one house',
  'a clerk of a supplier',
  'a settlement centre',
  'an inspector',
  'a chief inspector',
  'an administrator',
  'a system',
];

/** The one whom the rows of every organisation are open to. */
const ADMINISTRATOR = 'an administrator';

/** In the house of the others, with accounts of its own. */
const SUPPLIER = 'a clerk of a supplier';

/** They lead to the identity provider, end the session or change who acts; tests of sign-in call them. */
const LEAVES = ['/sign-in', '/sign-in/callback', '/sign-out', '/acting', '/welcome'];
/** Of everybody, whatever the id. */
const OF_EVERYBODY = [
  '/organisations/:organisationId',
  '/payments/notifications/:shopId',
  '/work/uploads/templates/:kind',
  // Leads to the list of one's own accounts, from wherever one came, and says nothing of the link.
  'GET /accounts/:linkId/disconnect',
];
/** Who asked, and what a look leaves. */
const WRITTEN_BY_LOOKS = [
  'api_key', // when it was last used
  'audit_event',
  'bill_view', // a bill that was opened is no longer new
  'connect_attempt', // a guessed code of a share, whichever way it is asked
  'home_look',
  'person', // a guest for each guest's session
  'person_look',
  'push_key', // made once, at the first look at the settings
  'session',
  'share_use', // what a helper looked at
];
/** What is the whole organisation's is closed to whoever is limited to some of its houses. */
const OF_ALL_HOUSES = ['/work/payments/questions'];

let world: World;
let before: Record<string, string>;
/** What lay in all tables before anybody asked. */
let marks: Record<string, string>;
let cases = 0;
const seed = Number(process.env.SEED ?? Date.now() % 100_000);

beforeAll(async () => {
  world = await buildWorld();
  before = await snapshotOf(world.context.db, world.estates['other region']);
  marks = await marksOf(world.context.db);
});

interface Route {
  method: string;
  url: string;
  access: readonly string[];
}

const routes = (): Route[] => world.app.routes.filter((route) => !LEAVES.includes(route.url));
const hasIds = ({ url }: Route) => /:[a-z]/i.test(url);
const isOfEverybody = ({ method, url }: Route) =>
  OF_EVERYBODY.includes(url) || OF_EVERYBODY.includes(`${method} ${url}`);
const mayCall = (player: Player, route: Route) => route.access.some((role) => player.roles.has(role as never));
const isOpen = (player: Player, estate: Estate) =>
  player.organisationId === estate.organisationId && (player.houses === null || player.houses.includes(estate.houseId));

/** Whether an object is there for the player, by whose the route's things are: a person's, an organisation's, the installation's. */
function isOwn(player: Player, route: Route, name: EstateName): boolean {
  const { url } = route;
  const estate = world.estates[name];
  if (isOfEverybody(route)) return true;
  if (url.startsWith('/administration')) return player.roles.has('administrator');
  if (url.startsWith('/work/territory')) return estate.regionCode === '77';
  const atDesk = url.startsWith('/work') || (url.includes('/photos/') && player.organisationId !== null);
  if (url.startsWith('/work/appeals/templates')) return player.organisationId === estate.organisationId;
  if (atDesk) return isOpen(player, estate) || isOfServedHouse(player, url, estate);
  if (url === '/houses/:houseId') return isOfHouse(player, estate);
  if (player.name === 'a helper') return name === 'own' && isSharedWithHelpers(url);
  return player.personId === estate.personId;
}

/**
 * Of a house and its premises everybody who serves it has a view of their own; rights and the card are of who manages it. Whose names
 * stand there is for `leaks` to say.
 */
function isOfServedHouse(player: Player, url: string, { houseId }: Estate): boolean {
  const served = ESTATES.map((name) => world.estates[name]).filter((one) => isOpen(player, one));
  const manages = player.name !== SUPPLIER;
  const parts = manages ? ['houseId', 'premisesId', 'ownershipId'] : ['houseId', 'premisesId'];
  return (
    served.some((one) => one.houseId === houseId) &&
    Array.from(url.matchAll(/:([a-zA-Z]+)/g), ([, name]) => name!).every((name) => parts.includes(name)) &&
    (manages || !/\/(card|owners|rights)\b/.test(url))
  );
}

const isSharedWithHelpers = (url: string) => /^\/(bills|movements|meters)\//.test(url);
const isOfHouse = (player: Player, estate: Estate) =>
  ['a resident', 'a helper'].includes(player.name) && estate.houseId === world.estates.own.houseId;

/** The address, and fields that name ids: those of forms where one id of a body must belong to the one in the path. */
function requestOf(route: Route, variant: Variant): { path: string; fields: Record<string, string> } {
  const { own, 'other region': other } = world.estates;
  const inPath =
    variant === 'ids in the body'
      ? own.ids
      : variant === 'guessed'
        ? {}
        : (world.estates[variant as EstateName]?.ids ?? {});
  const inBody = variant === 'ids in the body' ? other.ids : inPath;
  const path = route.url
    .replace(/:([a-zA-Z]+)/g, (_, name: string) => {
      // The house is one's own, what is said to be in it is not.
      if (variant === 'ids mixed in the path')
        return (name === 'houseId' ? own.ids : other.ids)[name] ?? newId<never>();
      return (
        (inPath as Record<string, string>)[name] ??
        (name === 'kind' ? 'bills' : name === 'action' ? 'verify' : (newId<never>() as string))
      );
    })
    .replace('*', 'styles.css');
  const isOther = variant === 'ids in the body';
  return { path, fields: route.method === 'GET' ? {} : { ...FORM, ...inBody, ...(isOther && columnsOf(other)) } };
}

/** Columns that no form has, as whoever has read the schema would name them. */
const columnsOf = ({ personId, organisationId, houseId }: Estate) => ({
  person_id: personId,
  owner_id: personId,
  organisation_id: organisationId,
  provider_id: organisationId,
  house_id: houseId,
  kind: 'erased',
  confirmed: 'true',
  ended_at: '2026-01-01',
});

/** What forms ask for, so that what is left to refuse them is whose the objects are. */
const FORM = {
  title: 'x',
  reason: 'причина',
  decision: 'approve',
  answer: 'settled',
  note: 'x',
  endedOn: '01.01.2026',
  text: 'x',
  comment: 'x',
  assessment: 'full',
};

/** Names and numbers of others that stand in the answer. */
function leaks(player: Player, route: Route, answer: Answer): string[] {
  return ESTATES.flatMap((name) => {
    const estate = world.estates[name];
    const mayKnow =
      player.personId === estate.personId ||
      player.roles.has('administrator') ||
      player.name === 'a helper' ||
      (isOpen(player, estate) && route.url.startsWith('/work')) ||
      (route.url.startsWith('/work/territory') && estate.regionCode === '77');
    return mayKnow
      ? []
      : estate.secrets.filter((secret) => answer.body.includes(secret)).map((secret) => `${secret} of ${name}`);
  });
}

/** What must be refused though the route is the player's. */
function isForeign(player: Player, route: Route, variant: Variant): boolean {
  if (isOfEverybody(route)) return false;
  // To an administrator nothing is somebody else's, and what is not there may be answered as the form is.
  if (route.url.startsWith('/administration')) return false;
  if (variant === 'guessed') return true;
  if (variant === 'ids in the body') return false;
  if (variant === 'ids mixed in the path') return route.url.includes(':houseId') && route.url.split(':').length > 2;
  return !isOwn(player, route, variant);
}

/** @returns what is wrong; null: as it should be */
function judge(player: Player, route: Route, variant: Variant | null, answer: Answer): string | null {
  if (answer.status >= 500 && answer.status !== 503) return 'failed';
  const seen = leaks(player, route, answer);
  if (seen.length > 0) return `shows ${seen.join(', ')}`;
  if (!mayCall(player, route)) return isRefused(answer) || answer.status === 429 ? null : 'may not, but is let in';
  if (variant !== null && isForeign(player, route, variant))
    return isRefused(answer) || answer.status === 404 || answer.status === 429 ? null : 'not theirs, but is found';
  const isClosed = player.houses !== null && OF_ALL_HOUSES.includes(route.url);
  return variant === null && answer.status === 403 && route.method === 'GET' && !isClosed
    ? 'may, but is refused'
    : null;
}

/** HEAD is GET without its body: one route in four by turns. */
async function judgeHead(asker: Asker, { player, route, variant }: Case, path: string, answer: Answer) {
  if ((seed + route.url.length) % 4 !== 0) return null;
  if (route.method !== 'GET' || !mayCall(player, route) || (variant !== null && variant !== 'own')) return null;
  const { status, body } = await asker.ask('HEAD', path);
  cases += 1;
  return (status === answer.status && body === '') || status === 429 || answer.status === 429
    ? null
    : `answers HEAD with ${status}`;
}

interface Case {
  player: Player;
  route: Route;
  variant: Variant | null;
}

/**
 * Who may not call a route is refused before anything is looked for: one object by turns is enough for each such pair, and another seed
 * turns the wheel. `MATRIX=full` tries all.
 */
function casesOf(player: Player): Case[] {
  return routes().flatMap((route, index): Case[] => {
    if (!hasIds(route)) return [{ player, route, variant: null }];
    const isTurn = (at: number) => (seed + index) % VARIANTS.length === at;
    return VARIANTS.filter((_, at) => process.env.MATRIX === 'full' || mayCall(player, route) || isTurn(at)).map(
      (variant) => ({ player, route, variant }),
    );
  });
}

/** What changes one's own comes after everything else, each from a session of its own: it may end the session, or give things away. */
const changesOwn = ({ player, route, variant }: Case): boolean =>
  route.method !== 'GET' && mayCall(player, route) && (variant === null || !isForeign(player, route, variant));

async function run(asker: Asker, { player, route, variant }: Case): Promise<string[]> {
  const { path, fields } = requestOf(route, variant ?? 'guessed');
  const answer = await asker.ask(route.method, path, fields);
  cases += 1;
  const verdict =
    judge(player, route, variant, answer) ?? (await judgeHead(asker, { player, route, variant }, path, answer));
  return verdict
    ? [`${route.method} ${route.url} (${variant ?? 'no object'}): ${answer.status} ${answer.location} ${verdict}`]
    : [];
}

describe('nobody where they do not belong', () => {
  const playerNamed = (name: string) => world.players.find((one) => one.name === name)!;

  test('everybody who may ask is here', () => {
    expect(world.players.map(({ name }) => name)).toEqual(NAMES);
    const named = routes().filter(hasIds).length;
    console.log(`seed ${seed}: ${routes().length} routes, ${named} of them name objects, ${NAMES.length} roles`);
  });

  test.each(NAMES)('%s reads, and asks for what is not theirs', async (name) => {
    const asker = await new Asker(world.app, playerNamed(name)).enter();
    const wrong: string[] = [];
    const asked = casesOf(asker.player).filter((one) => !changesOwn(one));
    await inTurns(asked, async (one) => void wrong.push(...(await run(asker, one))));
    expect(wrong).toEqual([]);
  });

  test('nothing was written by all these looks and by what was refused, but who looked and what was tried', async () => {
    const after = await marksOf(world.context.db);
    expect(Object.keys(after).length).toBeGreaterThan(100);
    expect(Object.keys(after).filter((table) => after[table] !== marks[table])).toEqual(WRITTEN_BY_LOOKS);
  });

  test.each(NAMES.filter((name) => name !== ADMINISTRATOR))(
    '%s changes what is theirs, and names objects of others in the fields',
    async (name) => {
      const player = playerNamed(name);
      const wrong: string[] = [];
      await inTurns(casesOf(player).filter(changesOwn), async (one) => {
        wrong.push(...(await run(await new Asker(world.app, player).enter(), one)));
      });
      expect(wrong).toEqual([]);
    },
  );

  test('nothing of another organisation, house or person was changed by all this', async () => {
    expect(Object.keys(before).length).toBeGreaterThan(50);
    expect(await snapshotOf(world.context.db, world.estates['other region'])).toEqual(before);
  });

  test('an administrator changes what the installation has', async () => {
    const player = playerNamed(ADMINISTRATOR);
    const wrong: string[] = [];
    await inTurns(casesOf(player).filter(changesOwn), async (one) => {
      wrong.push(...(await run(await new Asker(world.app, player).enter(), one)));
    });
    expect(wrong).toEqual([]);
  });

  test('all of it was asked', () => {
    console.log(`${cases} cases`);
    expect(cases).toBeGreaterThan(8000);
  });
});
