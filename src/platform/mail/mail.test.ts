import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import type { Context } from '../context.ts';
import { newId, type PersonId } from '../ids.ts';
import { deliverMail, letterStates, sendMail } from './mail.ts';
import { selectRefusedAddress } from './queries.ts';
import { refusalOf } from './refusal.ts';

interface Answer {
  code: number;
  words: string;
}
const at = { rcpt: null as Answer | null, data: null as Answer | null };
let received = 0;
const errorOf = ({ code, words }: Answer) => Object.assign(new Error(words), { responseCode: code });

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onRcptTo: (_address, _session, done) => done(at.rcpt ? errorOf(at.rcpt) : null),
  onData(stream, _session, done) {
    stream.resume();
    stream.on('end', () => {
      if (at.data) return done(errorOf(at.data));
      received += 1;
      done();
    });
  },
});

let context: TestContext;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  context = await createTestContext({ SMTP_URL: `smtp://127.0.0.1:${port}` });
});
afterAll(async () => {
  await context.db.destroy();
  await new Promise<void>((done) => {
    server.close(() => done());
  });
});
beforeEach(() => {
  at.rcpt = null;
  at.data = null;
  received = 0;
});

async function letter(on: Context = context) {
  const personId = newId<PersonId>();
  const mail = {
    personId,
    recipient: 'anna@example.test',
    subject: 'Ответ',
    body: { title: 'Ответ', paragraphs: ['Текст'] },
  };
  const mailId = (await sendMail(on.db, mail, on.clock()))!;
  return {
    deliver: () => deliverMail.run(on, { personId, mailId }, on.log),
    state: async () => (await letterStates(on.db, personId, [mailId])).get(mailId),
  };
}

test('a person without an address gets no letter', async () => {
  const none = {
    personId: newId<PersonId>(),
    recipient: null,
    subject: 'Ответ',
    body: { title: 'Ответ', paragraphs: ['Текст'] },
  };
  expect(await sendMail(context.db, none, context.clock())).toBeNull();
});

test('a link that opens something by itself is not kept once the letter has gone out; others are', async () => {
  const personId = newId<PersonId>();
  const [secret, plain] = ['https://dom.example.test/invitations/secret', 'https://dom.example.test/accounts'];
  const unsubscribeUrl = 'https://dom.example.test/unsubscribe/secret';
  const body = {
    title: 'Приглашение',
    paragraphs: ['Вас зовут'],
    action: { label: 'Принять', url: secret, isSecret: true },
    links: [
      { label: 'Счета', url: plain },
      { label: 'Отказаться', url: `${secret}/no`, isSecret: true },
    ],
  };
  const letter = { personId, recipient: 'anna@example.test', subject: 'Приглашение', body, unsubscribeUrl };
  const mailId = await sendMail(context.db, letter, context.clock());
  const kept = () =>
    context.db.selectFrom('mail_message').selectAll().where('person_id', '=', personId).executeTakeFirstOrThrow();
  expect(JSON.stringify(await kept())).toContain(secret);
  await deliverMail.run(context, { personId, mailId: mailId! }, context.log);
  expect(received).toBe(1);
  const { sent_at, ...row } = await kept();
  expect(sent_at).not.toBeNull();
  expect(JSON.stringify(row)).not.toContain('/secret');
  expect(row.body).toBe(
    `Вас зовут\n\nПринять: https://dom.example.test\n\nСчета: ${plain}\n\nОтказаться: https://dom.example.test`,
  );
});

test('a letter waits, goes out once, and says so', async () => {
  const one = await letter();
  expect(await one.state()).toMatchObject({ state: 'waiting', recipient: 'anna@example.test', refusal: null });
  await one.deliver();
  await one.deliver();
  expect(received).toBe(1);
  expect(await one.state()).toMatchObject({ state: 'sent', sentAt: context.now });
});

describe('a letter that the server refuses for good', () => {
  test.each(['rcpt', 'data'] as const)('at %s is noted with the words and not tried again', async (step) => {
    const one = await letter();
    at[step] = { code: 550, words: 'No such user here' };
    await one.deliver();
    expect(await one.state()).toMatchObject({ state: 'refused', refusal: expect.stringContaining('No such user') });
    at[step] = null;
    await one.deliver();
    expect(received).toBe(0);
    expect(await one.state()).toMatchObject({ state: 'refused' });
  });
});

describe('a letter that cannot go out now', () => {
  test('is tried again, and forgets the trouble when it went out', async () => {
    const one = await letter();
    at.rcpt = { code: 450, words: 'Mailbox busy' };
    await expect(one.deliver()).rejects.toThrow();
    expect(await one.state()).toMatchObject({ state: 'retrying', refusal: expect.stringContaining('Mailbox busy') });
    at.rcpt = null;
    await one.deliver();
    expect(await one.state()).toMatchObject({ state: 'sent', refusal: null });
  });

  test('is given up after half a day, in words', async () => {
    const one = await letter({ ...context, config: { ...context.config, SMTP_URL: 'smtp://127.0.0.1:1' } });
    for (let tried = 1; tried < 12; tried += 1) await expect(one.deliver()).rejects.toThrow();
    expect(await one.state()).toMatchObject({ state: 'retrying' });
    await expect(one.deliver()).rejects.toThrow();
    expect(await one.state()).toMatchObject({ state: 'refused', refusal: expect.stringContaining('ECONNREFUSED') });
  });
});

describe('an address', () => {
  const isRefused = async () => (await selectRefusedAddress(context.db, 'Anna@example.test')) !== null;

  test('that has no mailbox is noted, and taken off when a letter arrives', async () => {
    at.rcpt = { code: 550, words: '5.1.1 No such user' };
    await (await letter()).deliver();
    expect(await isRefused()).toBe(true);
    at.rcpt = null;
    await (await letter()).deliver();
    expect(await isRefused()).toBe(false);
  });

  test.each([
    ['rcpt', '5.7.1 Listed as spam'],
    ['rcpt', '5.2.2 Mailbox full'],
    ['data', 'Looks like spam'],
  ] as const)('is not blamed for a refusal at %s: %s', async (step, words) => {
    at[step] = { code: 550, words };
    await (await letter()).deliver();
    expect(await isRefused()).toBe(false);
  });
});

test.each([
  [{ responseCode: 535, command: 'AUTH PLAIN', response: '535 Bad password' }, false],
  [{ responseCode: 554, command: 'CONN', response: '554 No service' }, false],
  [{ responseCode: 550, command: 'MAIL FROM', response: '550 Sender rejected' }, false],
  [{ responseCode: 452, command: 'RCPT TO', response: '452 Full' }, false],
  [{ responseCode: 552, command: 'DATA', response: '552 Too large' }, true],
  [new Error('socket closed'), false],
  [null, false],
])('%j: of the letter itself: %s', (error, isFinal) => {
  expect(refusalOf(error)).toMatchObject({ isFinal, words: expect.stringMatching(/./) });
});
