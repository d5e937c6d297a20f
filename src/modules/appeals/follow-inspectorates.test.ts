import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { buildAppeal, buildDesk, createAppealContext, readWhole, runJobs } from '../../../tests/support/appeals.ts';
import type { TestContext } from '../../../tests/support/context.ts';
import { actorOf, buildOrganisation, buildPerson } from '../../../tests/support/rows.ts';
import type { AppealId, OrganisationId } from '../../platform/ids.ts';
import { givePower, takePower } from '../organisations/edit-organisation.ts';
import { followInspectorates } from './follow-inspectorates.ts';
import { recountDesk, withdrawAppeal } from './index.ts';

let context: TestContext;
let administrator: ReturnType<typeof actorOf>;
beforeAll(async () => {
  context = await createAppealContext();
  administrator = actorOf(await buildPerson(context, { administrator: true }), { administrator: true });
});

const power = (organisationId: OrganisationId, regionCode: string) => ({ organisationId, powerCode: '4', regionCode });
const give = (organisationId: OrganisationId, regionCode: string) =>
  givePower(context, administrator, { ...power(organisationId, regionCode), oktmo: '' });
const take = (organisationId: OrganisationId, regionCode: string) =>
  takePower(context, administrator, power(organisationId, regionCode));
/** Whose rows of the appeals there are, with those of addressees. */
async function desksOf(appealIds: readonly AppealId[]) {
  const { rows } = await sql<{ organisation: OrganisationId; kind: string; addressees: number }>`
    select organisation_id as organisation, kind, (select count(*)::int from desk_addressee a
      where a.organisation_id = desk.organisation_id and a.desk_id = desk.desk_id) as addressees
    from desk_appeal desk where appeal_id = any(${[...appealIds]}::uuid[]) and kind <> 'request'
    order by kind, organisation_id`.execute(context.db);
  return rows;
}
const figuresOf = async (organisation: OrganisationId) => {
  const { rows } = await sql<{ open: number }>`
    select coalesce(sum(open), 0)::int as open from territory_statistics where organisation_id = ${organisation} and scope = 'all'`.execute(
    context.db,
  );
  return rows[0]!.open;
};

test('appeals follow the power to another organisation, to the last of many, and nothing else changes', async () => {
  const manager = await buildDesk(context);
  const [former, later] = [await buildOrganisation(context), await buildOrganisation(context)];
  await give(former, '91');
  const made = [];
  for (let one = 0; one < 45; one += 1) made.push(await buildAppeal(context, { addressee: manager, regionCode: '91' }));
  const ids = made.map(({ appealId }) => appealId);
  const elsewhere = await buildAppeal(context, { addressee: manager, regionCode: '92' });
  await followInspectorates(context);
  await runJobs(context, recountDesk);
  const before = await readWhole(context, made[0]!);
  expect(await figuresOf(former)).toBe(45);

  await take(former, '91');
  await give(later, '91');
  context.now = new Date(context.now.getTime() + 3_600_000);
  await Promise.all([followInspectorates(context), followInspectorates(context)]);
  await followInspectorates(context);
  const rows = (await desksOf(ids)).filter(({ kind }) => kind === 'territory');
  expect(rows).toHaveLength(45);
  expect(new Set(rows.map(({ organisation }) => organisation))).toEqual(new Set([later]));
  expect(rows.every(({ addressees }) => addressees === 1)).toBe(true);
  expect(await readWhole(context, made[0]!)).toEqual(before);
  expect((await desksOf([elsewhere.appealId])).map(({ kind }) => kind)).toEqual(['appeal']);
  await runJobs(context, recountDesk);
  expect([await figuresOf(former), await figuresOf(later)]).toEqual([0, 45]);

  await take(later, '91');
  await followInspectorates(context);
  expect((await desksOf(ids)).map(({ kind }) => kind)).not.toContain('territory');
});

test('a region’s first inspectorate gets what was sent before; what was addressed to the former one stays its own', async () => {
  const manager = await buildDesk(context);
  const first = await buildOrganisation(context);
  const appeal = await buildAppeal(context, { addressee: manager, regionCode: '93' });
  await followInspectorates(context);
  await give(first, '93');
  await followInspectorates(context);
  const own = await buildAppeal(context, { addressee: { organisationId: first, powerCode: '4' }, regionCode: '93' });
  expect((await desksOf([appeal.appealId, own.appealId])).map(({ kind }) => kind)).toEqual([
    'appeal',
    'appeal',
    'territory',
  ]);
  const second = await buildOrganisation(context);
  await take(first, '93');
  await give(second, '93');
  await followInspectorates(context);
  expect(await desksOf([own.appealId])).toEqual([
    { organisation: first, kind: 'appeal', addressees: 0 },
    { organisation: second, kind: 'territory', addressees: 1 },
  ]);
});

test('a walk that is killed goes on where it was; a step in between loses nothing', async () => {
  const manager = await buildDesk(context);
  const [former, later] = [await buildOrganisation(context), await buildOrganisation(context)];
  await give(former, '94');
  const made = [];
  for (let one = 0; one < 25; one += 1) made.push(await buildAppeal(context, { addressee: manager, regionCode: '94' }));
  await followInspectorates(context);
  await take(former, '94');
  await give(later, '94');
  const last = made
    .map((appeal) => appeal)
    .sort((a, b) => (a.houseId < b.houseId ? -1 : 1))
    .at(-1)!;
  const ofLast = context.db.updateTable('appeal').where('appeal_id', '=', last.appealId);
  await ofLast.set({ author_id: sql`gen_random_uuid()` as never }).execute();
  await expect(followInspectorates(context)).rejects.toThrow();
  const moved = (await desksOf(made.map(({ appealId }) => appealId))).filter(
    ({ organisation }) => organisation === later,
  );
  expect(moved).toHaveLength(20);
  await ofLast.set({ author_id: last.authorId }).execute();
  const { houseId, appealId, authorId } = made[0]!;
  await withdrawAppeal(context, actorOf(authorId), { houseId, appealId, comment: '' });
  await followInspectorates(context);
  const rows = (await desksOf(made.map((one) => one.appealId))).filter(({ kind }) => kind === 'territory');
  expect([rows.length, new Set(rows.map(({ organisation }) => organisation))]).toEqual([25, new Set([later])]);
});
