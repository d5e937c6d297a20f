import { buffer } from 'node:stream/consumers';
import { sql } from 'kysely';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import type { Actor, SignedIn } from '../../platform/access.ts';
import { transaction } from '../../platform/database/database.ts';
import { Conflict, Forbidden, Invalid, NotFound, NotSignedIn, TooMany } from '../../platform/errors.ts';
import { type ClaimId, newId, type PersonId, type SessionId } from '../../platform/ids.ts';
import { kopecks } from '../../platform/money.ts';
import { writePdf } from '../../platform/pdf/write-pdf.ts';
import { loadRules } from '../../platform/rules/load.ts';
import { connectedAccounts } from '../accounts/index.ts';
import { exposeDocuments } from '../billing/index.ts';
import { buildDocument, buildHouse } from '../billing/test-rows.ts';
import { disconnectAccount, renameAccount } from './change-connection.ts';
import { connectAccount, findToProve } from './connect-account.ts';
import { decideClaim } from './decide-claim.ts';
import type { BatchId } from './letters/batch.ts';
import { letterBlocks } from './letters/letter-blocks.ts';
import { makeAccountCode } from './letters/make-code.ts';
import { makeLettersJob, orderLetters } from './letters/order-letters.ts';
import { takeLetters } from './letters/take-letters.ts';
import { selectBatches } from './queries/letters.ts';
import { selectDecidedClaims, selectOpenClaims, selectOthersOf } from './queries.ts';
import type { LinkView } from './read-links.ts';
import { describeLinks } from './read-links.ts';
import { refusalInWords } from './refusals.ts';
import { tellConnectedJob } from './tell-person.ts';
import { watchClaims } from './watch-claims.ts';

let context: TestContext;
let NOW: Date;
beforeAll(async () => {
  context = await createTestContext();
  await loadRules(context.db);
  NOW = context.now;
});

const SNILS = '11223344595';
type World = Awaited<ReturnType<typeof buildHouse>> & {
  number: string;
  serviceId: string;
  els: string;
  claimant: SignedIn;
  clerk: SignedIn;
};
let world: World;

async function buildPerson(changes: { snils?: string; confirmed?: boolean; email?: string } = {}): Promise<SignedIn> {
  const personId = newId<PersonId>();
  const { snils = '64270954807', confirmed = true, email = 'anna@example.test' } = changes;
  await sql`insert into person (person_id, kind, family_name, given_name, snils, email, confirmed, created_at)
    values (${personId}, 'citizen', 'Королёва', 'Анна', ${snils}, ${email}, ${confirmed}, ${context.now})`.execute(
    context.db,
  );
  return {
    kind: 'person',
    personId,
    sessionId: newId<SessionId>(),
    name: 'Королёва Анна',
    confirmed,
    administrator: false,
    connected: false,
    accepted: true,
    snils: null,
    acting: null,
  };
}

beforeEach(async () => {
  const built = await buildHouse(context.db);
  const { rows } = await sql<{ number: string; els: string; service_id: string }>`
    update account set payer = 'person', family_name = 'КОРОЛЕВА', given_name = 'Анна', snils = ${SNILS}
    where house_id = ${built.houseId} and account_id = ${built.accountId} returning number, els, service_id`.execute(
    context.db,
  );
  const { number, els, service_id: serviceId } = rows[0]!;
  await sql`insert into provider_account values (${built.providerId}, ${number}, ${built.houseId}, ${built.accountId})`.execute(
    context.db,
  );
  await sql`insert into unified_number (value, kind, house_id, account_id) values
    (${els}, 'els', ${built.houseId}, null), (${serviceId}, 'service', ${built.houseId}, ${built.accountId})`.execute(
    context.db,
  );
  const clerk = {
    ...(await buildPerson()),
    acting: {
      organisationId: built.providerId,
      name: 'ООО «Тёплый дом»',
      role: 'clerk' as const,
      powers: ['1'],
      houses: null,
      through: null,
    },
  };
  world = { ...built, number, els, serviceId, claimant: await buildPerson(), clerk };
});

const ask = (actor: Actor, changes: Partial<Parameters<typeof connectAccount>[2]> = {}) =>
  connectAccount(context, actor, {
    number: world.serviceId,
    providerId: null,
    accountId: null,
    proof: { kind: 'payer' },
    ...changes,
  });
const exposeBill = (stated: number) =>
  transaction(context.db, (trx) =>
    exposeDocuments(trx, { clock: context.clock }, world.houseId, [buildDocument(world, { lines: [stated], stated })]),
  );
const makeCode = (actor: Actor) =>
  makeAccountCode(context, actor, { houseId: world.houseId, accountId: world.accountId, purpose: 'По звонку' });
const onlyLink = async (actor: SignedIn): Promise<LinkView> => (await describeLinks(context.db, actor.personId))[0]!;
const letters = async (person: SignedIn) =>
  (
    await sql<{
      subject: string;
    }>`select subject from mail_message where person_id = ${person.personId} order by mail_id`.execute(context.db)
  ).rows;

describe('who may connect an account', () => {
  test('not a stranger, not an unconfirmed person, not an employee in that capacity', async () => {
    await expect(ask({ kind: 'anonymous' })).rejects.toThrow(NotSignedIn);
    await expect(ask(await buildPerson({ confirmed: false }))).rejects.toThrow(Forbidden);
    await expect(ask(world.clerk)).rejects.toThrow(Forbidden);
  });

  test('an unknown number is refused with what to do, and tries of a day are limited', async () => {
    const outcome = await ask(world.claimant, { number: '77АВ999999' });
    expect(outcome).toMatchObject({
      kind: 'refused',
      field: 'number',
      message: expect.stringContaining('позвоните ей'),
    });
    expect(await ask(world.claimant, { number: '7703123456' })).toMatchObject({
      message: expect.stringContaining('буквы'),
    });
    expect(await ask(world.claimant, { number: 'Б-17', providerId: null })).toMatchObject({
      message: expect.stringContaining('название или ИНН'),
    });
    for (let tries = 3; tries < 50; tries += 1)
      await ask(world.claimant, { number: 'нет такого' }).catch(() => undefined);
    await expect(ask(world.claimant)).rejects.toThrow(TooMany);
  });

  test('a closed account is not connected', async () => {
    await sql`update account set closed_on = '2026-01-01' where house_id = ${world.houseId}`.execute(context.db);
    expect(await ask(world.claimant)).toMatchObject({ kind: 'refused', message: expect.stringContaining('закрыт') });
  });
});

describe('proofs', () => {
  test('the payer by name and СНИЛС is connected at once; a repeat changes nothing', async () => {
    const payer = await buildPerson({ snils: SNILS });
    expect(await ask(payer)).toEqual({ kind: 'connected', count: 1 });
    expect(await ask(payer)).toEqual({ kind: 'connected', count: 0 });
    expect(await connectedAccounts(context.db, payer.personId)).toHaveLength(1);
  });

  test.each(['els', 'serviceId', 'latin', 'provider'] as const)('found by %s', async (way) => {
    const payer = await buildPerson({ snils: SNILS });
    const number = {
      els: world.els,
      serviceId: world.serviceId,
      latin: world.serviceId.replace('АВ', 'ab'),
      provider: world.number,
    }[way];
    const outcome = await ask(payer, { number, providerId: way === 'provider' ? world.providerId : null });
    expect(outcome).toMatchObject({ kind: 'connected' });
  });

  test('a stranger learns the street and the house, never the flat or the payer', async () => {
    const outcome = await ask(world.claimant);
    expect(outcome).toMatchObject({
      kind: 'needs_proof',
      candidates: [{ provider: 'ООО «Тёплый дом»', address: 'ул. Тихая, д. 1' }],
    });
    expect(JSON.stringify(outcome)).not.toMatch(/КОРОЛЕВА|11223344595/);
  });

  test('looking for what is to be proved connects nothing, and counts no try', async () => {
    const look = (actor: Actor, number = world.serviceId) => findToProve(context, actor, { number, providerId: null });
    await expect(look({ kind: 'anonymous' })).rejects.toThrow(NotSignedIn);
    await expect(look(world.clerk)).rejects.toThrow(Forbidden);
    const payer = await buildPerson({ snils: SNILS });
    expect(await look(payer)).toEqual({ kind: 'needs_proof', candidates: [] });
    expect(await describeLinks(context.db, payer.personId)).toEqual([]);
    expect(await look(world.claimant)).toMatchObject({ candidates: [{ address: 'ул. Тихая, д. 1' }] });
    expect(await look(world.claimant, 'нет такого')).toMatchObject({ kind: 'refused', field: 'number' });
    for (let tries = 0; tries < 50; tries += 1) await look(world.claimant, 'нет такого');
    expect(await ask(world.claimant)).toMatchObject({ kind: 'needs_proof' });
  });

  test('says how many tries are left; when they are used up a claim for a number that was found still goes', async () => {
    await exposeBill(512_345);
    const wrong = { proof: { kind: 'bill_sum' as const, sum: kopecks(1) }, isFound: true };
    for (const left of [4, 3, 2, 1, 0])
      expect(await ask(world.claimant, wrong)).toMatchObject({
        message: expect.stringContaining(`осталось: ${left}.`),
      });
    await expect(ask(world.claimant, wrong)).rejects.toThrow('а заявку организации отправить уже сейчас');
    const claim = { proof: { kind: 'claim' as const, message: 'Я дочь' } };
    await expect(ask(world.claimant, claim)).rejects.toThrow(TooMany);
    expect(await ask(world.claimant, { ...claim, isFound: true })).toMatchObject({ kind: 'pending' });
  });

  test('the sum of the last bill must agree to the kopeck', async () => {
    expect(await ask(world.claimant, { proof: { kind: 'bill_sum', sum: kopecks(1) } })).toMatchObject({
      kind: 'refused',
      field: 'sum',
      message: expect.stringContaining('нет квитанций'),
    });
    await exposeBill(512_345);
    expect(await ask(world.claimant, { proof: { kind: 'bill_sum', sum: kopecks(512_344) } })).toMatchObject({
      kind: 'refused',
      field: 'sum',
    });
    expect(await ask(world.claimant, { proof: { kind: 'bill_sum', sum: kopecks(512_345) } })).toMatchObject({
      kind: 'connected',
    });
  });

  test('whoever had the account before is told of another, once, by letter and on the page, and not who it is', async () => {
    const tell = (person: SignedIn) => tellConnectedJob.run(context, { personId: person.personId }, context.log);
    await exposeBill(512_345);
    const payer = await buildPerson({ snils: SNILS });
    await ask(payer);
    await tell(payer);
    context.now = new Date(context.now.getTime() + 60_000);
    const sum = { proof: { kind: 'bill_sum' as const, sum: kopecks(512_345) } };
    for (let again = 0; again < 3; again += 1) {
      await ask(world.claimant, sum);
      await tell(world.claimant);
      await disconnectAccount(context, world.claimant, (await onlyLink(world.claimant)).linkId);
      context.now = new Date(context.now.getTime() + 60_000);
    }
    await ask(world.claimant, sum);
    await tell(world.claimant);
    const another = 'Ваш лицевой счёт подключил ещё один человек';
    expect((await letters(payer)).map(({ subject }) => subject)).toEqual(['Лицевой счёт подключён', another]);
    const { rows } = await sql<{ body: string }>`
      select body from mail_message where person_id = ${payer.personId} and subject = ${another}`.execute(context.db);
    expect(rows[0]!.body).toMatch(/назвал\(а\) сумму последней квитанции.*\/accounts\/[0-9a-f-]{36}\/share/su);
    expect(rows[0]!.body).not.toContain(world.number);
    const third = await buildPerson();
    context.now = new Date(context.now.getTime() + 60_000);
    await ask(third, { proof: { kind: 'claim', message: '' } });
    const claims = await sql<{ claim_id: ClaimId }>`
      select claim_id from connection_claim where organisation_id = ${world.providerId}`.execute(context.db);
    await decideClaim(context, world.clerk, claims.rows[0]!.claim_id, { approve: true, reason: null });
    await tell(third);
    expect((await letters(payer)).filter(({ subject }) => subject === another)).toHaveLength(2);
    expect((await letters(world.claimant)).filter(({ subject }) => subject === another)).toHaveLength(1);
    expect((await letters(third)).filter(({ subject }) => subject === another)).toHaveLength(0);
    const seen = await selectOthersOf(context.db, { ...payer, houseId: world.houseId, accountId: world.accountId });
    expect(seen.map(({ proof }) => proof)).toEqual(['bill_sum', 'claim']);
    context.now = NOW;
  });

  test('a bill with nothing to pay proves nothing, and is not told from a wrong sum', async () => {
    await exposeBill(512_345);
    const guess = async (sum: number) =>
      JSON.stringify(await ask(world.claimant, { proof: { kind: 'bill_sum', sum: kopecks(sum) } })).replace(
        /осталось: \d/,
        '',
      );
    const wrong = await guess(1);
    await sql`update payment_document set stated = 0 where house_id = ${world.houseId}`.execute(context.db);
    expect(await guess(0)).toEqual(wrong);
    await sql`update payment_document set stated = -100 where house_id = ${world.houseId}`.execute(context.db);
    expect(await guess(-100)).toEqual(wrong);
  });

  test('tries of one person at once do not slip past the limit of the day', async () => {
    const { value } = await context.db
      .selectFrom('dated_rule')
      .select('value')
      .where('key', '=', 'accounts.tries_per_day')
      .executeTakeFirstOrThrow();
    const tries = Array.from({ length: 4 * Number(value) }, (_, index) =>
      ask(world.claimant, { number: `77АВ9${String(index).padStart(5, '0')}` }).then(
        () => 1,
        (error) => (error instanceof TooMany ? 0 : Promise.reject(error)),
      ),
    );
    const answered = (await Promise.all(tries)).reduce<number>((sum, one) => sum + one, 0);
    expect(answered).toBeLessThanOrEqual(Number(value));
    expect(answered).toBeGreaterThan(0);
  });

  test('guessing from many persons is limited by the account', async () => {
    await exposeBill(777);
    for (let person = 0; person < 40; person += 1)
      await ask(await buildPerson(), { proof: { kind: 'bill_sum', sum: kopecks(1) } });
    const outcome = await ask(await buildPerson(), { proof: { kind: 'bill_sum', sum: kopecks(777) } });
    expect(outcome).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('слишком много неверных ответов'),
    });
  });

  test('a one-time code works once, within its life, and a new code ends the old one', async () => {
    const foreign = { ...world.clerk, acting: { ...world.clerk.acting!, organisationId: newId() as never } };
    await expect(makeCode(foreign)).rejects.toThrow(NotFound);
    await expect(makeCode(world.claimant)).rejects.toThrow(Forbidden);
    const old = await makeCode(world.clerk);
    const fresh = await makeCode(world.clerk);
    expect(await ask(world.claimant, { proof: { kind: 'code', code: old.code } })).toMatchObject({
      kind: 'refused',
      field: 'code',
    });
    expect(
      await ask(world.claimant, { proof: { kind: 'code', code: fresh.code.toLowerCase().replaceAll('-', ' ') } }),
    ).toMatchObject({ kind: 'connected' });
    expect(await ask(await buildPerson(), { proof: { kind: 'code', code: fresh.code } })).toMatchObject({
      kind: 'refused',
    });
  });
});

describe('letters with codes', () => {
  const order = (actor: Actor, accountId: typeof world.accountId | null = null, key = newId<never>() as string) =>
    orderLetters(context, actor, { houseId: world.houseId, accountId, purpose: 'Подключение жителей', key });
  const make = async (batchId: BatchId) => {
    await makeLettersJob.run(context, { organisationId: world.providerId, batchId }, context.log);
    return batchId;
  };
  const take = (batchId: BatchId, actor: Actor = world.clerk) =>
    takeLetters(context, actor, { houseId: world.houseId, batchId });
  const batches = () => selectBatches(context.db, world.clerk.acting!, { houseId: world.houseId, accountId: null }, 10);

  test('are the organisation’s alone, within the houses of the employee', async () => {
    const foreign = { ...world.clerk, acting: { ...world.clerk.acting!, organisationId: newId() as never } };
    const limited = { ...world.clerk, acting: { ...world.clerk.acting!, houses: [] } };
    for (const actor of [foreign, limited]) {
      await expect(order(actor, world.accountId)).rejects.toThrow(NotFound);
      await expect(order(actor)).rejects.toThrow(NotFound);
    }
    await expect(order(world.claimant)).rejects.toThrow(Forbidden);
    const batchId = await order(world.clerk, world.accountId);
    for (const actor of [foreign, limited]) await expect(take(batchId, actor)).rejects.toThrow(NotFound);
    await expect(take(batchId, world.claimant)).rejects.toThrow(Forbidden);
    await expect(take(newId<BatchId>())).rejects.toThrow(NotFound);
  });

  test('of a house are made by a job, whole after it was killed; a press again makes nothing new', async () => {
    const key = newId<never>() as string;
    const same = await Promise.all(Array.from({ length: 5 }, () => order(world.clerk, null, key)));
    expect(new Set(same).size).toBe(1);
    await expect(order(world.clerk)).rejects.toThrow(Conflict);
    await expect(take(same[0]!)).rejects.toThrow(NotFound);
    await sql`insert into account (house_id, account_id, provider_id, number, kind, els, service_id, is_tenant, updated_at)
      select ${world.houseId}, gen_random_uuid(), ${world.providerId}, 'Б-' || n, 'uo', 'els' || n, 'svc' || n, false, now()
      from generate_series(1, 450) n`.execute(context.db);
    await Promise.all([make(same[0]!), make(same[0]!)]);
    expect(await batches()).toMatchObject([
      { batchId: same[0], state: 'ready', letters: 451, made: 451, madeBy: world.clerk.personId },
    ]);
    const codes = new Set((await take(same[0]!)).map(({ code }) => code));
    expect(codes.size).toBe(451);
  });

  test('are printed again with the same codes until those end, each time with the purpose', async () => {
    const first = await make(await order(world.clerk));
    const [old] = await take(first);
    expect(await take(first)).toEqual([old]);
    const batchId = await order(world.clerk, world.accountId);
    const [fresh] = await take(batchId);
    await expect(take(first)).rejects.toThrow(Conflict);
    expect(await ask(world.claimant, { proof: { kind: 'code', code: old!.code } })).toMatchObject({ kind: 'refused' });
    const { rows } = await sql<{
      text: string;
    }>`select coalesce(string_agg(c::text, ''), '') as text from account_code c`.execute(context.db);
    expect(rows[0]!.text).not.toContain(fresh!.code.replaceAll('-', ''));
    const otherKey = { ...context, config: { ...context.config, SECRET_KEY: 'another key that is long enough' } };
    await expect(takeLetters(otherKey, world.clerk, { houseId: world.houseId, batchId })).rejects.toThrow(Conflict);
    expect(await ask(world.claimant, { proof: { kind: 'code', code: fresh!.code } })).toMatchObject({
      kind: 'connected',
    });
    await expect(take(batchId)).rejects.toThrow(Conflict);
    const looks = await sql<{ purpose: string }>`select details ->> 'purpose' as purpose from audit_event
      where action = 'accounts.printed_letters' and person_id = ${world.clerk.personId}`.execute(context.db);
    expect(looks.rows.map(({ purpose }) => purpose)).toEqual(Array(3).fill('Подключение жителей'));
  });

  test('say a day until whose end the code works', async () => {
    const batchId = await order(world.clerk, world.accountId);
    const blocks = [...letterBlocks(await take(batchId), 'ООО', 'https://example.test')];
    expect(JSON.stringify(blocks)).toContain('до 10\u00a0декабря 2026\u00a0г. включительно');
    const [letter] = await take(batchId);
    context.now = new Date('2026-12-10T20:59:00Z');
    expect(await take(batchId)).toHaveLength(1);
    context.now = new Date('2026-12-10T21:00:00Z');
    await expect(take(batchId)).rejects.toThrow(Conflict);
    expect(await ask(world.claimant, { proof: { kind: 'code', code: letter!.code } })).toMatchObject({
      kind: 'refused',
    });
    context.now = NOW;
  });

  test('are a page each, without the name of the payer', async () => {
    const [letter] = await take(await order(world.clerk, world.accountId));
    const blocks = [...letterBlocks([letter!, letter!], 'ООО «Тёплый дом»', 'https://example.test')];
    expect(blocks.filter(({ kind }) => kind === 'page')).toHaveLength(1);
    expect(JSON.stringify(blocks)).not.toMatch(/королева/i);
    const pdf = await buffer(writePdf(blocks, { title: 'Письма', foot: '', at: context.now }));
    expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(2);
  });
});

describe('a claim in the queue of the organisation', () => {
  const claimOf = async () =>
    (
      await sql<{
        claim_id: ClaimId;
        due_on: string;
      }>`select claim_id, due_on from connection_claim where organisation_id = ${world.providerId}`.execute(context.db)
    ).rows;

  test('has a term in working days, waits once, and tells the claimant', async () => {
    const outcome = await ask(world.claimant, { proof: { kind: 'claim', message: 'Я дочь плательщицы' } });
    // 10 November 2026 is a Tuesday; five working days later is the next Tuesday.
    expect(outcome).toMatchObject({ kind: 'pending', dueOn: '2026-11-17' });
    context.now = new Date('2026-11-11T09:00:00Z');
    for (const message of ['ещё раз', 'ещё раз', ''])
      expect(await ask(world.claimant, { proof: { kind: 'claim', message } })).toMatchObject({ dueOn: '2026-11-17' });
    context.now = new Date('2026-11-10T09:00:00Z');
    expect(await claimOf()).toHaveLength(1);
    const [said] = (
      await sql<{
        message: string;
      }>`select message from connection_claim where organisation_id = ${world.providerId}`.execute(context.db)
    ).rows;
    expect(said!.message).toBe('Я дочь плательщицы\nещё раз');
    const more = { proof: { kind: 'claim' as const, message: 'д'.repeat(990) } };
    await expect(ask(world.claimant, more)).rejects.toThrow(Invalid);
    expect(await letters(world.claimant)).toHaveLength(1);
    expect(await onlyLink(world.claimant)).toMatchObject({ state: 'pending', els: '', serviceId: '' });
    const [claim] = await claimOf();
    await decideClaim(context, world.clerk, claim!.claim_id, { approve: true, reason: null });
    await ask(world.claimant, { proof: { kind: 'claim', message: 'поздно' } });
    const [later] = (
      await sql<{
        message: string;
      }>`select message from connection_claim where organisation_id = ${world.providerId}`.execute(context.db)
    ).rows;
    expect(later!.message).toBe(said!.message);
  });

  test('is reminded of once before its last day and once after it, and the claimant gets the appeal about it', async () => {
    await sql`update organisation set email = 'office@example.test' where organisation_id = ${world.providerId}`.execute(
      context.db,
    );
    const decided = await buildPerson();
    for (const person of [world.claimant, decided]) await ask(person, { proof: { kind: 'claim', message: 'Мой' } });
    const link = await onlyLink(decided);
    const toOffice = async () =>
      (
        await sql<{ subject: string; body: string }>`select subject, body from mail_message
          where recipient = 'office@example.test' and person_id = ${world.providerId} order by mail_id`.execute(
          context.db,
        )
      ).rows;
    const on = async (day: string) => {
      context.now = new Date(`${day}T07:00:00Z`);
      await Promise.all([watchClaims.run(context, context.log), watchClaims.run(context, context.log)]);
      await watchClaims.run(context, context.log);
      context.now = NOW;
    };
    await on('2026-11-13');
    expect(await toOffice()).toEqual([]);
    await on('2026-11-16');
    await on('2026-11-17');
    expect(await toOffice()).toMatchObject([{ subject: 'Кончается срок ответа на заявки' }]);
    expect((await toOffice())[0]!.body).toContain('до 17\u00a0ноября 2026\u00a0г. включительно: 2\u00a0заявки');
    expect((await toOffice())[0]!.body).not.toContain('Королёва');
    await disconnectAccount(context, decided, link.linkId);
    const late = new Date('2026-11-18T07:00:00Z');
    expect((await describeLinks(context.db, world.claimant.personId, late))[0]!.appeal).toContain(
      'sent=2026-11-10&due=2026-11-17',
    );
    await on('2026-11-18');
    await on('2026-11-19');
    expect((await toOffice()).map(({ subject }) => subject).slice(1)).toEqual(['Заявки на подключение просрочены']);
    expect((await letters(world.claimant)).map(({ subject }) => subject).slice(1)).toEqual([
      'Срок ответа на вашу заявку прошёл',
    ]);
    expect(await letters(decided)).toHaveLength(1);
  });

  test('is decided by that organisation alone, once; a refusal needs a reason that the person reads', async () => {
    await ask(world.claimant, { proof: { kind: 'claim', message: '' } });
    const claimId = (await claimOf())[0]!.claim_id;
    const foreign = { ...world.clerk, acting: { ...world.clerk.acting!, organisationId: newId() as never } };
    await expect(decideClaim(context, foreign, claimId, { approve: true, reason: null })).rejects.toThrow(NotFound);
    await expect(decideClaim(context, world.claimant, claimId, { approve: true, reason: null })).rejects.toThrow(
      Forbidden,
    );
    await expect(decideClaim(context, world.clerk, claimId, { approve: false, reason: null })).rejects.toThrow(Invalid);
    await decideClaim(context, world.clerk, claimId, { approve: false, reason: 'Принесите доверенность' });
    await expect(decideClaim(context, world.clerk, claimId, { approve: true, reason: null })).rejects.toThrow(Conflict);
    expect(await onlyLink(world.claimant)).toMatchObject({ state: 'refused', refusal: 'Принесите доверенность' });
    expect(await ask(world.claimant, { proof: { kind: 'claim', message: 'С доверенностью' } })).toMatchObject({
      kind: 'pending',
    });
    // What was asked again is no refusal any more.
    expect((await describeLinks(context.db, world.claimant.personId)).map(({ state }) => state)).toEqual(['pending']);
  });

  test('whose form is sent again after the refusal is no new claim; a form opened anew makes one', async () => {
    const form = { proof: { kind: 'claim', message: 'Мой счёт' }, key: 'a' } as const;
    const first = await ask(world.claimant, form);
    expect(await ask(world.claimant, form)).toEqual(first);
    const claimId = (await claimOf())[0]!.claim_id;
    await decideClaim(context, world.clerk, claimId, { approve: false, reason: 'Нет' });
    expect(await ask(world.claimant, form)).toEqual({ kind: 'answered' });
    expect(await claimOf()).toHaveLength(1);
    const other = { ...form, proof: { ...form.proof, message: 'Другое' } };
    await expect(ask(world.claimant, other)).rejects.toThrow(Conflict);
    await Promise.all(['b', 'c', 'd'].map((key) => ask(world.claimant, { ...other, key })));
    expect(await claimOf()).toHaveLength(2);
  });

  test('a reason of the list says what to do next; own words stand between; «other» needs them', () => {
    expect(refusalInWords('wrong_account', 'Ваш счёт № 5.')).toBe(
      'Этот лицевой счёт относится к другому адресу. Ваш счёт № 5. Сверьте номер с квитанцией и подключите счёт с верным номером.',
    );
    expect(refusalInWords('other', null)).toBeNull();
    expect(refusalInWords('__proto__', 'Нет')).toBe('Нет');
  });

  test('decided claims leave the queue for the archive, by the house asked for', async () => {
    await ask(world.claimant, { proof: { kind: 'claim', message: '' } });
    const desk = world.clerk.acting!;
    const all = { houseId: null, after: null };
    const [open] = await selectOpenClaims(context.db, desk, { houseId: world.houseId, after: null }, 10);
    expect(await selectOpenClaims(context.db, desk, { houseId: newId(), after: null }, 10)).toEqual([]);
    await decideClaim(context, world.clerk, open!.claim_id, { approve: true, reason: null });
    expect(await selectOpenClaims(context.db, desk, all, 10)).toEqual([]);
    const [decided] = await selectDecidedClaims(context.db, desk, all, 10);
    expect(decided).toMatchObject({ claim_id: open!.claim_id, state: 'approved' });
    const after = { decidedAt: decided!.decided_at!, claimId: decided!.claim_id };
    expect(await selectDecidedClaims(context.db, desk, { houseId: null, after }, 10)).toEqual([]);
    expect(await selectDecidedClaims(context.db, { ...desk, houses: [] }, all, 10)).toEqual([]);
  });

  test('is off the queue once a stronger proof has connected the account', async () => {
    await ask(world.claimant, { proof: { kind: 'claim', message: '' } });
    const { code } = await makeCode(world.clerk);
    expect(await ask(world.claimant, { proof: { kind: 'code', code } })).toEqual({ kind: 'connected', count: 1 });
    const claimId = (await claimOf())[0]!.claim_id;
    await expect(decideClaim(context, world.clerk, claimId, { approve: false, reason: 'Нет' })).rejects.toThrow(
      Conflict,
    );
    expect(await letters(world.claimant)).toHaveLength(1);
  });

  test('decided and withdrawn at once, ends one way, and neither waits for the other for ever', async () => {
    const claimants = await Promise.all(Array.from({ length: 12 }, () => buildPerson()));
    for (const person of claimants) await ask(person, { proof: { kind: 'claim', message: '' } });
    const claims = await context.db
      .selectFrom('connection_claim')
      .selectAll()
      .where('organisation_id', '=', world.providerId)
      .execute();
    await Promise.all(
      claims.flatMap(({ claim_id, person_id, link_id }) => {
        const person = claimants.find(({ personId }) => personId === person_id)!;
        const known = (error: unknown) => expect(error).toBeInstanceOf(Conflict);
        return [
          decideClaim(context, world.clerk, claim_id, { approve: true, reason: null }).catch(known),
          disconnectAccount(context, person, link_id).catch(known),
        ];
      }),
    );
    for (const { personId } of claimants) expect(await connectedAccounts(context.db, personId)).toEqual([]);
  });

  test('approval connects the account; withdrawing a pending claim takes it off the queue', async () => {
    await ask(world.claimant, { proof: { kind: 'claim', message: '' } });
    const claimId = (await claimOf())[0]!.claim_id;
    await decideClaim(context, world.clerk, claimId, { approve: true, reason: null });
    expect(await connectedAccounts(context.db, world.claimant.personId)).toHaveLength(1);
    const other = await buildPerson();
    await ask(other, { proof: { kind: 'claim', message: '' } });
    await disconnectAccount(context, other, (await onlyLink(other)).linkId);
    const states = (
      await sql<{
        state: string;
      }>`select state from connection_claim where organisation_id = ${world.providerId} order by claim_id`.execute(
        context.db,
      )
    ).rows;
    expect(states.map((row) => row.state)).toEqual(['approved', 'withdrawn']);
  });
});

test('renaming and disconnecting are the own links of the person alone', async () => {
  const payer = await buildPerson({ snils: SNILS });
  await ask(payer);
  const { linkId } = await onlyLink(payer);
  await expect(renameAccount(context, world.claimant, linkId, 'чужое')).rejects.toThrow(NotFound);
  await expect(disconnectAccount(context, world.claimant, linkId)).rejects.toThrow(NotFound);
  await renameAccount(context, payer, linkId, 'Квартира мамы');
  expect(await onlyLink(payer)).toMatchObject({ title: 'Квартира мамы' });
  await disconnectAccount(context, payer, linkId);
  await expect(disconnectAccount(context, payer, linkId)).rejects.toThrow(Conflict);
  expect(await connectedAccounts(context.db, payer.personId)).toEqual([]);
  expect(await ask(payer)).toEqual({ kind: 'connected', count: 1 });
});
