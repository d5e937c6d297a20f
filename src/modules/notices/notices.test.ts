import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { isLinkForgotten } from '../../../tests/support/letters.ts';
import { buildPerson, signIn } from '../../../tests/support/rows.ts';
import { createApp } from '../../app.ts';
import { transaction } from '../../platform/database/database.ts';
import { newId, type PersonId } from '../../platform/ids.ts';
import { deliverMail, letterStates } from '../../platform/mail/mail.ts';
import { noteMailTrouble, upsertRefusedAddress } from '../../platform/mail/queries.ts';
import { isWanted, kindOf, NOTICE_KIND_NAMES, type NoticeKindName } from './kinds.ts';
import type { Notice } from './notice.ts';
import { sendNotice, sendTogether } from './send-notice.ts';
import { readUnsubscribeToken, unsubscribeToken } from './unsubscribe.ts';

let context: TestContext;
let app: FastifyInstance;
let personId: PersonId;

beforeAll(async () => {
  context = await createTestContext();
  app = await createApp(context, { assetsFolder: 'tests/support' });
});
afterAll(() => app.close());
beforeEach(async () => {
  context.now = new Date('2026-11-10T09:00:00Z');
  await sql`delete from refused_address`.execute(context.db);
  personId = await buildPerson(context);
  await sql`update person set email = 'Anna@example.test' where person_id = ${personId}`.execute(context.db);
});

const of = (kind: NoticeKindName, object = '1'): Notice => ({
  kind,
  personId,
  object,
  subject: 'Тема',
  content: { title: 'Тема', paragraphs: ['Текст'] },
});
const send = (notice: Notice) => transaction(context.db, (trx) => sendNotice(context, trx, notice));
const letters = () =>
  context.db
    .selectFrom('mail_message')
    .select(['mail_id', 'recipient', 'subject', 'kind', 'unsubscribe_url', 'body'])
    .where('person_id', '=', personId)
    .orderBy('mail_id')
    .execute();
const refuse = (address: string) => upsertRefusedAddress(context.db, address, '550 5.1.1 No such user', context.now);
const pathOf = (url: string) => url.slice(context.config.PUBLIC_URL.length);
const oneClick = (path: string) =>
  app.inject({
    method: 'POST',
    url: path,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'List-Unsubscribe=One-Click',
  });

describe('one notice once', () => {
  test('of a kind about an object, however many send it at the same moment', async () => {
    const sent = await Promise.all(Array.from({ length: 8 }, () => send(of('payment_result'))));
    expect(sent.filter(({ isNew }) => isNew)).toHaveLength(1);
    await send(of('payment_result', '2'));
    await send(of('claim_decided'));
    expect((await letters()).map(({ kind }) => kind)).toEqual(['payment_result', 'payment_result', 'claim_decided']);
  });

  test('and none of a change that is taken back', async () => {
    const failed = transaction(context.db, async (trx) => {
      await sendNotice(context, trx, of('payment_result'));
      throw new Error('taken back');
    });
    await expect(failed).rejects.toThrow('taken back');
    expect(await letters()).toEqual([]);
    expect(await send(of('payment_result'))).toMatchObject({ isNew: true });
  });

  test('several things are one letter, and a repeat tells of the new alone', async () => {
    const told: string[][] = [];
    const tell = (objects: string[]) =>
      transaction(context.db, (trx) =>
        sendTogether(context, trx, {
          kind: 'new_bill',
          personId,
          objects,
          compose: (fresh) => {
            told.push([...fresh].sort());
            return { subject: 'Тема', content: { title: 'Тема', paragraphs: [] } };
          },
        }),
      );
    await tell([]);
    await tell(['1', '2']);
    await tell(['2', '1']);
    await tell(['2', '3']);
    expect(told).toEqual([['1', '2'], ['3']]);
    expect(await letters()).toHaveLength(2);
  });

  test('goes out once, however often its job runs', async () => {
    const { mailId } = await send(of('payment_result'));
    const own = { ...context, config: { ...context.config, SMTP_URL: 'smtp://127.0.0.1:1' } };
    await expect(deliverMail.run(own, { personId, mailId: mailId! }, context.log)).rejects.toThrow();
    expect(await letters()).toHaveLength(1);
  });
});

describe('what is wanted', () => {
  test('a letter that says what was done with money or data has no way off; the others have their own', async () => {
    for (const kind of NOTICE_KIND_NAMES) await send(of(kind));
    const sent = await letters();
    for (const { kind, unsubscribe_url: off } of sent) {
      const { optional } = kindOf(kind as NoticeKindName);
      expect(Boolean(off), kind).toBe(optional);
      if (off) expect(readUnsubscribeToken(context.config, new URL(off).searchParams.get('token')!)?.kind).toBe(kind);
    }
    expect(sent.map(({ kind }) => kind)).toEqual(NOTICE_KIND_NAMES.filter((kind) => kindOf(kind).email));
  });

  test('no choice ends what cannot be ended', () => {
    expect(isWanted('payment_result', 'email', false)).toBe(true);
    expect(isWanted('new_bill', 'email', false)).toBe(false);
    expect(isWanted('payment_result', 'push', false)).toBe(false);
  });

  test('nobody without an address is written to; nobody is told twice for it', async () => {
    await sql`update person set email = null where person_id = ${personId}`.execute(context.db);
    expect(await send(of('new_bill'))).toEqual({ isNew: true, mailId: null });
    expect(await letters()).toEqual([]);
  });

  test('an address of the thing itself comes first', async () => {
    await send({ ...of('appeal'), recipient: 'other@example.test' });
    expect(await letters()).toMatchObject([{ recipient: 'other@example.test' }]);
  });
});

describe('the link that ends letters', () => {
  const linkOf = async (kind: NoticeKindName) => {
    await send(of(kind));
    return pathOf((await letters()).at(-1)!.unsubscribe_url!);
  };

  test.each(['', 'x', `${newId()}.new_bill.abc`])('%j is none of ours', async (token) => {
    for (const method of ['GET', 'POST'] as const)
      expect((await app.inject({ method, url: `/notices/off?token=${token}` })).statusCode).toBe(404);
  });

  test('names one person and one kind: no other can be made of it', async () => {
    const token = unsubscribeToken(context.config, personId, 'new_bill');
    for (const forged of [token.replace('new_bill', 'verification'), token.replace(personId, newId())])
      expect((await oneClick(`/notices/off?token=${forged}`)).statusCode).toBe(404);
    const fixed = unsubscribeToken(context.config, personId, 'payment_result');
    expect((await oneClick(`/notices/off?token=${fixed}`)).statusCode).toBe(404);
  });

  test('a look changes nothing; a POST without cookies ends its kind and no other', async () => {
    const path = await linkOf('new_bill');
    expect((await app.inject({ url: path })).body).toContain('Больше не присылать');
    expect(await send(of('new_bill', '2'))).toMatchObject({ mailId: expect.any(String) });
    expect((await oneClick(path)).statusCode).toBe(200);
    expect(await send(of('new_bill', '3'))).toMatchObject({ mailId: null });
    expect(await send(of('verification', '3'))).toMatchObject({ mailId: expect.any(String) });
  });

  test('letters from before still have theirs', async () => {
    const token = unsubscribeToken(context.config, personId, 'organisation');
    expect((await oneClick(`/reminders/off?token=${token}`)).statusCode).toBe(200);
    expect(await send(of('readings_asked'))).toMatchObject({ mailId: null });
  });
});

describe('the settings', () => {
  const page = '/settings/notices';

  test('are nobody’s but the person’s own', async () => {
    expect((await app.inject({ url: page })).statusCode).not.toBe(200);
    for (const path of ['', '/address', '/address/drop', '/try-again', '/devices', `/devices/${newId()}/remove`])
      expect((await app.inject({ method: 'POST', url: page + path })).statusCode).toBeGreaterThanOrEqual(400);
  });

  test('show the defaults, keep what is chosen, write only what differs', async () => {
    const browser = await signIn(context, app, personId);
    const isOn = async (name: string) =>
      new RegExp(`<input[^>]*name="${name}"[^>]*checked`).test((await browser.get(page)).body);
    expect([await isOn('new_bill.email'), await isOn('readings_before.email')]).toEqual([true, false]);
    const saved = await browser.post(page, {
      shown: 'email',
      'verification.email': 'on',
      'readings_before.email': 'on',
    });
    expect(saved.headers.location).toBe(`${page}?said=saved`);
    expect([await isOn('new_bill.email'), await isOn('readings_before.email')]).toEqual([false, true]);
    const rows = await context.db
      .selectFrom('notice_choice')
      .select('kind')
      .where('person_id', '=', personId)
      .execute();
    expect(rows.map(({ kind }) => kind).sort()).toEqual(
      ['new_bill', 'readings_asked', 'readings_before', 'readings_last_day'].sort(),
    );
  });

  test('a form without devices leaves what was chosen for devices', async () => {
    const browser = await signIn(context, app, personId);
    await browser.post(page, { shown: 'email push', 'new_bill.push': 'on' });
    await browser.post(page, { shown: 'email' });
    const chosen = await context.db
      .selectFrom('notice_choice')
      .select(['kind', 'wanted'])
      .where('person_id', '=', personId)
      .where('channel', '=', 'push')
      .execute();
    expect(chosen.every(({ wanted }) => !wanted)).toBe(true);
    expect(chosen.some(({ kind }) => kind === 'new_bill')).toBe(false);
  });

  test('the former page leads here', async () => {
    const browser = await signIn(context, app, personId);
    expect((await browser.get('/reminders')).headers.location).toBe(page);
  });
});

describe('an address of one’s own', () => {
  /** Told to the mailbox that is left, whoever it was that changed it. */
  const LEFT = 'Уведомления больше не приходят на этот адрес';
  const page = '/settings/notices';
  const ask = async (address: string) =>
    (await signIn(context, app, personId)).post(`${page}/address`, { address }, page);
  const linkOf = async () => /https?:\S+token=\S+/.exec((await letters()).at(-1)!.body)![0];
  const confirm = async (token: string) => {
    const browser = await signIn(context, app, await buildPerson(context));
    return browser.post('/notices/address', { token }, page);
  };

  test.each(['', 'нет', 'a@b, c@d', 'a@b\r\nBcc: c@d', `${'a'.repeat(250)}@b.test`])('%j is none', async (typed) => {
    const answer = await ask(typed);
    expect(answer.statusCode).toBe(422);
    expect(await letters()).toEqual([]);
  });

  test('counts when its link is used, once, within a day', async () => {
    await ask(' new@example.test ');
    const link = await linkOf();
    expect((await letters()).at(-1)).toMatchObject({ recipient: 'new@example.test', kind: 'address_proof' });
    expect(await isLinkForgotten(context, 'new@example.test', '/notices/address?token=')).toBe(true);
    await send(of('payment_result'));
    expect((await letters()).at(-1)!.recipient).toBe('Anna@example.test');
    const looked = await app.inject({ url: pathOf(link) });
    expect(looked.body).toContain('Подтвердить адрес');
    const token = new URL(link).searchParams.get('token')!;
    expect((await confirm(token)).body).toContain('new@example.test');
    expect((await letters()).at(-1)).toMatchObject({ recipient: 'Anna@example.test', subject: LEFT });
    expect((await letters()).at(-1)!.body).not.toContain('new@example.test');
    expect((await confirm(token)).statusCode).toBe(404);
    await send(of('payment_result', '2'));
    expect((await letters()).at(-1)!.recipient).toBe('new@example.test');
  });

  test.each(['', 'x.y', `${newId()}.${'a'.repeat(32)}`])('the link %j is none of ours', async (token) => {
    expect((await confirm(token)).statusCode).toBe(404);
  });

  test('an old link, or one of an address asked for before, is none', async () => {
    await ask('first@example.test');
    const first = new URL(await linkOf()).searchParams.get('token')!;
    await ask('second@example.test');
    expect((await confirm(first)).statusCode).toBe(404);
    const second = new URL(await linkOf()).searchParams.get('token')!;
    context.now = new Date('2026-11-11T09:00:01Z');
    expect((await confirm(second)).statusCode).toBe(404);
  });

  test('nobody’s mailbox is filled: five letters a day', async () => {
    for (let count = 0; count < 5; count += 1) expect((await ask(`a${count}@example.test`)).statusCode).toBe(303);
    expect((await ask('a6@example.test')).statusCode).toBe(429);
    context.now = new Date('2026-11-11T09:00:01Z');
    expect((await ask('a6@example.test')).statusCode).toBe(303);
  });

  test('can be dropped', async () => {
    await ask('new@example.test');
    await confirm(new URL(await linkOf()).searchParams.get('token')!);
    await (await signIn(context, app, personId)).post(`${page}/address/drop`, {}, page);
    expect((await letters()).at(-1)).toMatchObject({ recipient: 'new@example.test', subject: LEFT });
    await (await signIn(context, app, personId)).post(`${page}/address/drop`, {}, page);
    expect((await letters()).filter(({ subject }) => subject === LEFT)).toHaveLength(2);
    await send(of('payment_result'));
    expect((await letters()).at(-1)!.recipient).toBe('Anna@example.test');
  });
});

describe('an address that has no mailbox', () => {
  const page = '/settings/notices';

  test('gets no ordinary letters; what cannot be refused is still tried', async () => {
    await refuse('anna@example.test');
    expect(await send(of('new_bill'))).toEqual({ isNew: true, mailId: null });
    expect(await send(of('payment_result'))).toMatchObject({ mailId: expect.any(String) });
  });

  test('is named in the settings, and tried again when the person asks', async () => {
    await refuse('ANNA@example.test');
    const browser = await signIn(context, app, personId);
    expect((await browser.get(page)).body).toContain('Письма на Anna@example.test не доходят');
    expect((await browser.post(`${page}/try-again`, {}, page)).headers.location).toBe(`${page}?said=trying`);
    expect(await letters()).toMatchObject([{ subject: 'Проверка почты' }]);
    expect((await browser.get(page)).body).not.toContain('не доходят');
    expect((await browser.post(`${page}/try-again`, {}, page)).statusCode).toBe(409);
    expect(await send(of('new_bill'))).toMatchObject({ mailId: expect.any(String) });
  });

  test('is of no concern once the address is another', async () => {
    await refuse('anna@example.test');
    await sql`update person set email = 'other@example.test' where person_id = ${personId}`.execute(context.db);
    expect(await send(of('new_bill'))).toMatchObject({ mailId: expect.any(String) });
  });
});

describe('the operator', () => {
  const page = '/administration/mail';
  const administrator = async () => signIn(context, app, await buildPerson(context, { administrator: true }));
  const refused = async () => {
    const { mailId } = await send(of('payment_result'));
    const words = '550 5.1.1 <anna@example.test>: No such user';
    await noteMailTrouble(context.db, { personId, mailId: mailId!, refusal: words, refusedAt: context.now });
    return mailId!;
  };

  test('alone sees it', async () => {
    const mailId = await refused();
    const browser = await signIn(context, app, personId);
    expect((await browser.get(page)).statusCode).toBe(403);
    expect((await browser.post(`${page}/${personId}/${mailId}/retry`, {}, '/settings/notices')).statusCode).toBe(403);
  });

  test('sees figures and refusals, no text and no whole address, and has a letter sent again', async () => {
    const mailId = await refused();
    await refuse('anna@example.test');
    const browser = await administrator();
    const shown = (await browser.get(page)).body;
    expect(shown).toContain('A***@example.test');
    expect(shown).toContain('550 5.1.1 &lt;a***@example.test>');
    expect(shown.toLowerCase()).not.toContain('anna@');
    expect(shown).toMatch(/Результат оплаты/);
    const again = `${page}/${personId}/${mailId}/retry`;
    expect((await browser.post(again, {}, page)).headers.location).toBe(`${page}?said=retried`);
    expect((await browser.post(again, {}, page)).statusCode).toBe(409);
    expect((await letterStates(context.db, personId, [mailId])).get(mailId)).toMatchObject({ state: 'waiting' });
    expect(await send(of('new_bill'))).toMatchObject({ mailId: expect.any(String) });
  });

  test('watches what has not gone out', async () => {
    await refused();
    const metrics = await app.inject({ url: '/metrics' });
    expect(metrics.body).toMatch(/domovoy_mail_unsent\{state="refused"\} [1-9]/);
  });
});

test('the home page says that letters do not arrive', async () => {
  await refuse('anna@example.test');
  const browser = await signIn(context, app, personId);
  expect((await browser.get('/')).body).toContain('Письма на Anna@example.test не доходят');
});
