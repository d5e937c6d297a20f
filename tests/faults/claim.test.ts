import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Context } from '../../src/platform/context.ts';
import { type HouseId, newId, type OrganisationId, type PersonId } from '../../src/platform/ids.ts';
import { buildAccount, buildEmployee, buildHouse, buildOrganisation, buildPerson } from '../support/rows.ts';
import { hidden, Patient } from './patient.ts';
import { KILLS, TIME_LIMIT_MS, World } from './world.ts';

const CLAIMANTS = 5;
const CLERKS = 2;
/** More than any run needs: a claimant takes the next at each claim. */
const ACCOUNTS = 200 + KILLS * 12;
const REFUSAL = 'Принесите документ о праве.';

let world: World;
let context: Context;
let houseId: HouseId;
let providerId: OrganisationId;
let provider: string;
const numbers: string[] = [];

beforeAll(async () => {
  world = await World.open('claim', {}, async (opened) => {
    context = opened.context;
    const { db } = context;
    providerId = await buildOrganisation(context);
    const { short_name } = await db.selectFrom('organisation').select('short_name').executeTakeFirstOrThrow();
    provider = short_name;
    houseId = await buildHouse(context, { managerId: providerId });
    // One person connects hundreds of accounts here.
    await db.updateTable('dated_rule').set({ value: '100000' }).where('key', '=', 'accounts.tries_per_day').execute();
    for (let index = 0; index < ACCOUNTS; index += 1) {
      const number = `ЗАЯВКА-${index}`;
      await buildAccount(context, { houseId, providerId, number });
      numbers.push(number);
    }
  });
});
afterAll(() => world?.close());

interface Claimed {
  claimId: string;
  approved: boolean;
}

/** Asks for accounts of other payers, one after another, now and then from two windows at once. */
class Claimant extends Patient {
  readonly personId: PersonId;
  readonly acknowledged: string[] = [];

  constructor(cookie: string, personId: PersonId) {
    super(world, personId, cookie);
    this.personId = personId;
  }

  async claim(number: string, isTwice: boolean): Promise<void> {
    const page = await this.get('/accounts/connect');
    const claim = { number, provider, proof: 'claim', message: 'Купили квартиру' };
    const form = { _token: hidden(page, '_token'), _key: newId(), ...claim };
    const answers = await Promise.all(
      (isTwice ? [form, form] : [form]).map((one) => this.post('/accounts/connect', one)),
    );
    // A clerk may be faster than the answer: the list of accounts says how it was decided.
    for (const answer of answers) expect(answer).toMatch(/^\/accounts(\/connected\?until=.*)?$/);
    this.acknowledged.push(number);
  }
}

/** Decides whatever is in the queue, also what a colleague decides at the same moment. */
class Clerk extends Patient {
  readonly acknowledged: Claimed[] = [];

  constructor(cookie: string, name: string) {
    super(world, name, cookie);
  }

  async decideNext(): Promise<void> {
    const queue = await this.get('/work/claims');
    const ids = [...queue.matchAll(/\/work\/claims\/([0-9a-f-]{36})/g)].map(([, id]) => id!);
    if (ids.length === 0) return;
    const claimId = world.choose(ids);
    const approved = world.random() < 0.5;
    const page = await this.get(`/work/claims/${claimId}`);
    const decision = approved ? { decision: 'approve' } : { decision: 'refuse', refusal: 'other', reason: REFUSAL };
    const form = { _token: hidden(page, '_token'), ...decision };
    // A claim that is decided already is refused: by this clerk's own request, whose answer was lost, or by the colleague.
    await this.press(`/work/claims/${claimId}`, form);
    this.acknowledged.push({ claimId, approved });
  }
}

async function openClerk(name: string): Promise<Clerk> {
  const personId = await buildEmployee(context, providerId);
  const cookie = await world.cookieOf(personId);
  await context.db
    .updateTable('session')
    .set({ acting_organisation_id: providerId })
    .where('person_id', '=', personId)
    .execute();
  return new Clerk(cookie, name);
}

test(
  'whatever is killed when, a claim that was taken is in the queue once, and is decided once',
  async () => {
    const clerks = await Promise.all(Array.from({ length: CLERKS }, (_, index) => openClerk(`clerk ${index}`)));
    const claimants = await Promise.all(
      Array.from({ length: CLAIMANTS }, async () => {
        const personId = await buildPerson(context);
        return new Claimant(await world.cookieOf(personId), personId);
      }),
    );
    const strikes = {
      victims: ['web', 'web', 'worker', 'postgres'],
      troubles: ['database away', 'bad mail', 'disk full'],
    } as const;
    await world.during(strikes, async (isOver) => {
      const claiming = claimants.map(async (claimant) => {
        for (let count = 0; !isOver() || count < 2; count += 1) {
          const number = numbers.shift();
          if (!number) return;
          await claimant.claim(number, world.random() < 0.3);
        }
      });
      const deciding = clerks.map(async (clerk) => {
        while (!isOver()) await clerk.decideNext();
      });
      await Promise.all([...claiming, ...deciding]);
    });
    await world.settle();
    const decided = clerks.flatMap(({ acknowledged }) => acknowledged);
    console.log(
      `faults: ${claimants.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0)} claims, ${decided.length} decisions`,
    );
    for (const claimant of claimants) await checkClaimant(claimant);
    await checkDecisions(decided);
  },
  TIME_LIMIT_MS,
);

async function checkClaimant({ personId, acknowledged }: Claimant): Promise<void> {
  const { db } = context;
  const rows = await db
    .selectFrom('connection_claim')
    .innerJoin('account', (join) =>
      join
        .onRef('account.house_id', '=', 'connection_claim.house_id')
        .onRef('account.account_id', '=', 'connection_claim.account_id'),
    )
    .select(['claim_id', 'link_id', 'number', 'state', 'reason'])
    .where('person_id', '=', personId)
    .execute();
  expect(rows.map(({ number }) => number).sort(), 'these and no others').toEqual([...acknowledged].sort());
  const links = await db.selectFrom('account_link').selectAll().where('person_id', '=', personId).execute();
  expect(links).toHaveLength(rows.length);
  const LINK = { open: 'pending', approved: 'connected', refused: 'refused', withdrawn: 'removed' } as const;
  for (const { link_id, claim_id, state, reason } of rows) {
    const link = links.find((one) => one.link_id === link_id)!;
    expect(link.claim_id).toBe(claim_id);
    expect([link.state, link.refusal]).toEqual([LINK[state], reason]);
  }
}

async function checkDecisions(decided: readonly Claimed[]): Promise<void> {
  const { db } = context;
  const claims = await db.selectFrom('connection_claim').selectAll().execute();
  const events = await db
    .selectFrom('audit_event')
    .select(['action', 'details'])
    .where('action', 'in', ['claims.approved', 'claims.refused'])
    .execute();
  const told = claims.filter(({ state }) => state === 'approved' || state === 'refused');
  expect(events, 'one event a decision').toHaveLength(told.length);
  for (const { claim_id, state } of told) {
    const mine = decided.filter(({ claimId }) => claimId === claim_id);
    expect(
      mine.some(({ approved }) => approved === (state === 'approved')),
      'decided as somebody did',
    ).toBe(true);
  }
  for (const { claimId } of decided)
    expect(
      told.some(({ claim_id }) => claim_id === claimId),
      'an acknowledged decision is there',
    ).toBe(true);
}
