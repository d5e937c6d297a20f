import { type RawBuilder, sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadReference } from '../src/cli/reference.ts';
import { usableAccounts } from '../src/modules/accounts/index.ts';
import { findTopic } from '../src/modules/appeals/list-topics.ts';
import { countQueue } from '../src/modules/appeals/queries/desk.ts';
import { countClaims } from '../src/modules/connections/index.ts';
import { addDays, type Day, day, dayIn } from '../src/platform/month.ts';
import { calendarOf } from '../src/platform/rules/rules.ts';
import { createTestContext, type TestContext } from '../tests/support/context.ts';
import { planDesk } from './appeals/desk-plan.ts';
import { MATTERS } from './appeals/matters.ts';
import { ZONE } from './calendar.ts';
import { makeDemo } from './make-demo.ts';
import { type DemoOrganisationKey, providerOf } from './organisations.ts';
import { personIdOf } from './people.ts';

let context: TestContext;

beforeAll(async () => {
  context = await createTestContext();
  // Past midnight of a day between holidays: the hardest moment for what happens «today» and in «working days».
  context.now = new Date('2027-01-03T00:20:00+03:00');
  await loadReference(context.db);
  await makeDemo(context);
});

const select = async <Row>(query: RawBuilder<Row>): Promise<Row[]> => (await query.execute(context.db)).rows;
const idOf = (key: DemoOrganisationKey) => providerOf(key).organisationId;

describe('the plan of the desk', () => {
  const calendar = calendarOf(new Map());
  const plan = (seed: string, on: string) =>
    planDesk({ seed, today: day(on), calendar, now: new Date(`${on}T12:00:00+03:00`) });

  test('is the same for the same seed and day', () => {
    expect(plan('a', '2026-11-23')).toEqual(plan('a', '2026-11-23'));
    expect(plan('a', '2026-11-23')).not.toEqual(plan('b', '2026-11-23'));
  });

  test.each(['2026-11-23', '2027-01-02', '2028-02-29', '2026-05-31'])(
    'made on %s, has a year of appeals and none of the future',
    (on) => {
      const planned = plan('domovoy', on);
      const days = planned.map(({ sentOn }) => sentOn).toSorted();
      expect(days.at(-1)! < on).toBe(true);
      expect(days[0]! < addDays(day(on), -300) && days[0]! > addDays(day(on), -366)).toBe(true);
      const fates = Map.groupBy(planned, ({ fate }) => fate);
      expect(fates.get('answered')!.length).toBeGreaterThan(20);
      for (const fate of ['late', 'overdue', 'in work', 'new'] as const)
        expect(fates.get(fate)!.length, fate).toBeGreaterThan(1);
      expect(new Set(planned.map(({ topicCode }) => topicCode)).size).toBeGreaterThan(8);
      expect(planned.filter(({ text }) => text.replaceAll('{кв}', '').includes('{'))).toEqual([]);
    },
  );

  test('writes about topics that the state has', async () => {
    for (const { topicCode } of MATTERS) expect(await findTopic(context.db, topicCode), topicCode).not.toBeNull();
  });
});

describe('what was made', () => {
  test('nothing happens in the future, and what followed came later', async () => {
    const late = await select(sql`
      select from appeal_event where at > ${context.now} union all select from appeal where sent_at > ${context.now}
      union all select from support_request where created_at > ${context.now}`);
    expect(late).toEqual([]);
    const backwards = await select(sql`
      select kind, at, before from (select kind, at, lag(at) over (partition by appeal_id order by event_id) as before from appeal_event) e
      where at < before`);
    expect(backwards).toEqual([]);
  });

  test('every part stands at its desk as it is, and every appeal in the list of its author', async () => {
    const astray = await select(sql`
      select part.part_id from appeal_part part left join desk_appeal desk on desk.organisation_id = part.organisation_id
        and desk.desk_id = part.part_id and desk.kind = part.kind and desk.state = part.state
        and desk.due_on is not distinct from part.due_on and desk.performer_id is not distinct from part.performer_id
      where desk.desk_id is null
      union all
      select appeal.appeal_id from appeal left join own_appeal own on own.person_id = appeal.author_id
        and own.appeal_id = appeal.appeal_id and own.role = 'author' and own.state = appeal.state where own.appeal_id is null
      union all
      select joiner.appeal_id from appeal_joiner joiner left join own_appeal own on own.person_id = joiner.person_id
        and own.appeal_id = joiner.appeal_id and own.role = 'joined' where own.appeal_id is null`);
    expect(astray).toEqual([]);
  });

  test('the counts and the statistics of desks are those of their rows', async () => {
    const uneven = await select(sql`
      select organisation_id, kind from (
        select organisation_id, kind, count(*) as received, count(*) filter (where is_open) as open,
          count(*) filter (where state = 'executed') as executed from desk_appeal where kind <> 'asked' group by 1, 2) desk
      full join (select organisation_id, kind, sum(received) as received, sum(open) as open, sum(executed) as executed
        from desk_statistics group by 1, 2) counted using (organisation_id, kind, received, open, executed)
      where desk.received is null or counted.received is null`);
    expect(uneven).toEqual([]);
  });

  test('letters of the past have gone out, and files are judged, pictures drawn anew', async () => {
    expect(await select(sql`select from mail_message where sent_at is null`)).toEqual([]);
    const files = await select(sql<{ media_type: string; verdict: string; shown: boolean }>`
      select media_type, verdict, shown_id is not null as shown from stored_file where verdict <> 'none'`);
    expect(files.length).toBeGreaterThan(4);
    expect(files.filter(({ verdict }) => verdict !== 'unscanned')).toEqual([]);
    expect(files.filter(({ media_type, shown }) => (media_type === 'image/jpeg') !== shown)).toEqual([]);
  });
});

describe('who sees what', () => {
  interface Own {
    topic_code: string;
    role: string;
    state: string;
    unread: boolean;
    overdue: boolean;
    due_on: Day | null;
  }
  const ownOf = async (login: string) => {
    const rows = await select(sql<Own>`select * from own_appeal where person_id = ${personIdOf(login)}`);
    return (topic: string, about: Partial<Own>) =>
      rows.filter(
        (row) =>
          row.topic_code === topic && Object.entries(about).every(([name, value]) => row[name as keyof Own] === value),
      ).length;
  };

  test('the owner: an appeal in every state', async () => {
    const own = await ownOf('domovitova');
    expect(own('2.22', { state: 'executed', unread: true })).toBe(1);
    expect(own('2.12', { state: 'executed' })).toBe(1);
    expect(own('2.6', { state: 'in_work', overdue: true })).toBe(1);
    // The refusal, and the complaint of it.
    expect(own('3.5', { state: 'executed', unread: false })).toBe(1);
    expect(own('3.5', { state: 'in_work' })).toBe(1);
    expect(own('2.3', { unread: false, overdue: false })).toBe(1);
    expect(own('2.7', { state: 'in_work', overdue: false })).toBe(1);
    expect(own('1.4', { state: 'in_work' })).toBe(1);
    expect(own('2.16', { state: 'in_work', unread: true })).toBe(1);
    expect(own('1.9', { state: 'withdrawn' })).toBe(1);
    expect(own('2.14', { role: 'joined', state: 'in_work' })).toBe(1);
    const facts = await select(sql<Record<string, number>>`
      select count(*) filter (where relation = 'escalation')::int as complaints, count(*) filter (where redirected)::int as redirected,
        count(*) filter (where extended)::int as extended, count(*) filter (where emergency)::int as emergencies,
        count(*) filter (where assessment = 'full')::int as pleased, count(*) filter (where fixed_asked_at is not null)::int as asked,
        (select count(*)::int from appeal_draft where person_id = ${personIdOf('domovitova')}) as drafts,
        (select count(*)::int from appeal_draft_file where person_id = ${personIdOf('domovitova')}) as "draftFiles",
        (select count(*)::int from appeal_part join appeal using (house_id, appeal_id)
          where author_id = ${personIdOf('domovitova')} and planned_on >= ${dayIn(ZONE, context.now)}) as planned
      from appeal where author_id = ${personIdOf('domovitova')}`);
    expect(facts[0]).toEqual({
      complaints: 1,
      redirected: 1,
      extended: 1,
      emergencies: 1,
      pleased: 1,
      asked: 1,
      drafts: 1,
      draftFiles: 1,
      planned: 2,
    });
  });

  test('those who have not got in: an account to connect, and a house that the inspectorate is to find', async () => {
    expect((await ownOf('pervovhodov'))('Д.1', { state: 'in_work' })).toBe(1);
    expect((await ownOf('kvartirosyomova'))('10.1', { state: 'sent' })).toBe(1);
    const missing = await select(sql`
      select from desk_appeal where organisation_id = ${idOf('inspektsiya')} and topic_code = '10.1' and is_open`);
    expect(missing).toHaveLength(2);
  });

  test('the managing organisation: a queue with what is late, due, new, joint and asked by the inspectorate', async () => {
    const personId = personIdOf('zayavkina');
    const counts = await countQueue(context.db, {
      organisationId: idOf('dubravushka'),
      houses: null,
      personId,
      now: context.now,
    });
    expect(counts).toMatchObject({ requests: 1, emergency: 2 });
    for (const view of ['open', 'mine', 'overdue', 'unassigned'] as const)
      expect(counts[view], view).toBeGreaterThan(2);
    const facts = await select(sql<Record<string, number>>`
      select count(*)::int as all, count(distinct performer_id)::int as performers, count(*) filter (where joined > 3)::int as joint,
        count(*) filter (where reopened)::int as reopened, count(distinct house_id)::int as houses,
        count(*) filter (where (closed_at at time zone 'Europe/Moscow')::date > due_on)::int as late,
        (select count(*)::int from answer_template where organisation_id = ${idOf('dubravushka')}) as templates,
        (select count(*)::int from appeal_note where organisation_id = ${idOf('dubravushka')}) as notes
      from desk_appeal where organisation_id = ${idOf('dubravushka')} and kind = 'appeal'`);
    expect(facts[0]).toMatchObject({ performers: 2, joint: 1, reopened: 1, templates: 6, notes: 4 });
    expect(facts[0]!.all).toBeGreaterThan(45);
    expect(facts[0]!.houses).toBeGreaterThan(4);
    expect(facts[0]!.late).toBeGreaterThan(3);
  });

  test('the managing organisation: claims of accounts in every state', async () => {
    const desk = { organisationId: idOf('dubravushka'), houses: null };
    const { open, overdue, soon } = await countClaims(context.db, desk, context.now);
    expect({ open, overdue }).toEqual({ open: 5, overdue: 1 });
    expect(soon).toBeGreaterThan(0);
    const decided = await select(sql`select state, count(*)::int as count from connection_claim where state <> 'open'
      group by state order by state`);
    expect(decided).toEqual([
      { state: 'approved', count: 1 },
      { state: 'refused', count: 2 },
    ]);
  });

  test('an owner: accounts open to a brother who can sign in, offered to a neighbour, closed to a tenant', async () => {
    const mine = await select(sql<{ state: string; count: number; used: boolean }>`
      select state, count(*)::int as count, bool_or(exists (select from share_use use
        where use.person_id = share.person_id and use.share_id = share.share_id)) as used
      from account_share share where person_id = ${personIdOf('domovitova')} group by state order by state`);
    expect(mine).toEqual([
      { state: 'accepted', count: 5, used: true },
      { state: 'invited', count: 1, used: false },
      { state: 'revoked', count: 1, used: true },
    ]);
    const lent = await usableAccounts(context.db, personIdOf('nepodtverzhdyonov'), 'readings', context.now);
    expect(lent.map(({ share }) => share?.ownerName)).toEqual(Array(5).fill('Алёна Д.'));
  });

  test('the supplier, the other company and the fund have desks of their own', async () => {
    const rows = await select(sql<{ organisation_id: string; count: number }>`
      select organisation_id, count(*)::int as count from desk_appeal where kind <> 'territory' group by 1`);
    const counts = new Map(rows.map(({ organisation_id: id, count }) => [id, count]));
    expect(counts.get(idOf('teplorodnik'))).toBe(9);
    expect(counts.get(idOf('tikhiy-dvor'))).toBe(5);
    expect(counts.get(idOf('krepkie-steny'))).toBe(2);
  });

  test('the inspectorate: complaints with their appeals, and requests, one of them answered', async () => {
    const linked = await select(sql`
      select from appeal child join appeal parent on parent.house_id = child.house_id and parent.appeal_id = child.parent_id
      join appeal_event told on told.house_id = parent.house_id and told.appeal_id = parent.appeal_id
        and told.details->>'appealId' = child.appeal_id::text where child.relation = 'escalation' and told.kind = 'escalated'`);
    expect(linked).toHaveLength(2);
    const asked = await select(sql<{ state: string }>`
      select state from desk_appeal where organisation_id = ${idOf('inspektsiya')} and kind = 'asked' order by state`);
    expect(asked.map(({ state }) => state)).toEqual(['executed', 'received']);
  });

  test('the support: questions of every kind and in every state', async () => {
    const [facts] = await select(sql<{ states: string[]; kinds: string[] }>`
      select array_agg(distinct state order by state) as states, array_agg(distinct kind_code order by kind_code) as kinds from support_request`);
    expect(facts).toEqual({ states: ['answered', 'closed', 'in_work', 'new'], kinds: ['11', '12', '2', '5'] });
  });
});
