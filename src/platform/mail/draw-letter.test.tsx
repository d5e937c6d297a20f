import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { newId, type PersonId } from '../ids.ts';
import type { LetterContent } from './content.ts';
import { drawLetter } from './draw-letter.tsx';
import { deliverMail, sendMail } from './mail.ts';

const NAUGHTY = '<script>alert("1")</script> & «ООО» \' {{7*7}}\r\nBcc: all@example.test\u0000\u2028';
const content: LetterContent = {
  title: `Заголовок ${NAUGHTY}`,
  paragraphs: [`Первый ${NAUGHTY}`, 'Строка\nи ещё'],
  facts: [{ name: `Имя ${NAUGHTY}`, value: `Значение ${NAUGHTY}` }],
  action: { label: `Открыть ${NAUGHTY}`, url: 'https://dom.example/a?b=1&c="><script>' },
  links: [{ label: 'Чек', url: 'https://ofd.example/1' }],
  after: ['Мелко'],
};
const frame = {
  subject: `Тема ${NAUGHTY}`,
  sender: {
    OPERATOR_NAME: `Оператор ${NAUGHTY}`,
    SUPPORT_EMAIL: 'help@example.test',
    PUBLIC_URL: 'https://dom.example',
  },
  unsubscribeUrl: 'https://dom.example/notices/off?token=a.b.c',
};

describe('the drawing', () => {
  const { text, html } = drawLetter(content, frame);

  test('escapes whatever comes from files and forms', () => {
    expect(html.match(/<script/gi)).toBeNull();
    expect(html).toContain('&lt;script>');
    expect(html).not.toMatch(/href="[^"]*"[^ >]*<script/);
    expect(text).toContain('<script>alert("1")</script>');
  });

  test('says the same in both parts', () => {
    for (const words of [
      'Первый',
      'Значение',
      'https://dom.example/a?b=1',
      'https://ofd.example/1',
      'Мелко',
      'Оператор',
    ])
      for (const part of [text, html]) expect(part).toContain(words);
    expect(text).toContain(`Больше не присылать такие письма: ${frame.unsubscribeUrl}`);
    expect(html).toContain(`href="${frame.unsubscribeUrl}"`);
  });

  test('is Russian, loads nothing from outside, knows the dark', () => {
    expect(html).toMatch(/^<!doctype html><html lang="ru"/);
    expect(html).not.toMatch(/<img|<link|url\(|@import|src=/);
    expect(html).toContain('prefers-color-scheme:dark');
    expect(html).toContain('<meta name="color-scheme" content="light dark"');
  });

  test('a letter that nobody may refuse offers no way to', () => {
    const fixed = drawLetter(content, { ...frame, unsubscribeUrl: null });
    expect(fixed.html + fixed.text).not.toContain('Больше не присылать');
  });
});

describe('what leaves', () => {
  let raw: Buffer[] = [];
  let recipients: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        raw.push(Buffer.concat(chunks));
        recipients.push(...session.envelope.rcptTo.map(({ address }) => address));
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
  afterAll(() => new Promise<void>((done) => server.close(() => done())));
  beforeEach(() => {
    raw = [];
    recipients = [];
  });

  async function send(recipient: string, subject: string) {
    const personId = newId<PersonId>();
    const mailId = await sendMail(context.db, { personId, recipient, subject, body: content }, context.now);
    await deliverMail.run(context, { personId, mailId: mailId! }, context.log);
    const row = context.db.selectFrom('mail_message').selectAll().where('mail_id', '=', mailId);
    return { raw: raw[0]?.toString() ?? '', row: await row.executeTakeFirstOrThrow() };
  }

  test('no subject and no name makes a header', async () => {
    const letter = await send('anna@example.test', frame.subject);
    const parsed = await simpleParser(letter.raw);
    expect(parsed.headers.get('bcc')).toBeUndefined();
    expect([...parsed.headers.keys()].sort()).toEqual(
      ['auto-submitted', 'content-type', 'date', 'from', 'message-id', 'mime-version', 'subject', 'to'].sort(),
    );
    expect(parsed.subject).toContain('Bcc: all@example.test');
    expect(recipients).toEqual(['anna@example.test']);
    expect(parsed.text).toContain('Значение');
    expect(parsed.html).toContain('Значение');
  });

  test.each([
    'anna@example.test, all@example.test',
    'anna@example.test\r\nBcc: all@example.test',
    'Анна <a@b.test>',
    'нет',
  ])('%j is no address of one person: nothing leaves, and the letter says why', async (recipient) => {
    const { row } = await send(recipient, 'Тема');
    expect(recipients).toEqual([]);
    expect(row).toMatchObject({ sent_at: null, refusal: 'Это не адрес электронной почты' });
    expect(row.refused_at).not.toBeNull();
  });

  test('a link of another scheme is refused before it is written', async () => {
    const wrong = { ...content, action: { label: 'x', url: 'javascript:alert(1)' } };
    const letter = { personId: newId<PersonId>(), recipient: 'anna@example.test', subject: 'x', body: wrong };
    await expect(sendMail(context.db, letter, context.now)).rejects.toThrow();
  });
});
