import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningMailbox, startMailbox } from '../../../sandbox/mailbox/start.tsx';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { buildPerson } from '../../../tests/support/rows.ts';
import { transaction } from '../../platform/database/database.ts';
import type { PersonId } from '../../platform/ids.ts';
import { deliverMail } from '../../platform/mail/mail.ts';
import { kindOf, NOTICE_KIND_NAMES } from './kinds.ts';
import { sendNotice } from './send-notice.ts';

/** Each kind of notice through SMTP into the mailbox of the sandbox, told of somebody with an unlucky name. */
const NAME = 'ООО "Дом & <b>Быт</b>"\r\nBcc: all@example.test \u202e';

let mailbox: RunningMailbox;
let context: TestContext;
let personId: PersonId;
beforeAll(async () => {
  mailbox = await startMailbox({ host: '127.0.0.1', smtpPort: 0, webPort: 0 });
  context = await createTestContext({ SMTP_URL: `smtp://127.0.0.1:${mailbox.smtpPort}` });
  personId = await buildPerson(context);
  await sql`update person set email = 'anna@primer.test' where person_id = ${personId}`.execute(context.db);
  // What comes by default alone is seen by the others.
  await sql`insert into notice_choice (person_id, kind, channel, wanted, changed_at)
    values (${personId}, 'readings_before', 'email', true, ${context.now})`.execute(context.db);
});
afterAll(() => mailbox.close());

interface Letter {
  id: string;
  subject: string;
  recipients: string[];
  text: string;
  html: string;
}

async function receive(kind: (typeof NOTICE_KIND_NAMES)[number]): Promise<{ letter: Letter; source: string }> {
  const { mailId } = await transaction(context.db, (trx) =>
    sendNotice(context, trx, {
      kind,
      personId,
      object: kind,
      subject: `${kind}: ${NAME}`,
      content: {
        title: kindOf(kind).name,
        paragraphs: [`Пишет ${NAME}.`],
        facts: [{ name: 'Организация', value: NAME }],
        action: { label: 'Открыть', url: `${context.config.PUBLIC_URL}/about/${kind}` },
      },
    }),
  );
  await deliverMail.run(context, { personId, mailId: mailId! }, context.log);
  const all = (await (await fetch(`${mailbox.url}/api/letters?to=anna`)).json()) as Letter[];
  const letter = all.find(({ subject }) => subject.startsWith(`${kind}:`))!;
  return { letter, source: await (await fetch(`${mailbox.url}/letters/${letter.id}/source`)).text() };
}

const linksOf = (html: string) => Array.from(html.matchAll(/href="([^"]+)"/g), (match) => match[1]!);

test.each(NOTICE_KIND_NAMES)('%s comes with text, HTML and right links', async (kind) => {
  const { letter, source } = await receive(kind);
  expect(letter.recipients).toEqual(['anna@primer.test']);
  const [head = ''] = source.split('\r\n\r\n');
  expect(head).not.toMatch(/^bcc:/im);
  expect(letter.subject + letter.text + letter.html).not.toContain('\u202e');
  const page = `${context.config.PUBLIC_URL}/about/${kind}`;
  for (const part of [letter.text, letter.html]) {
    expect(part).toContain(kindOf(kind).name);
    expect(part).toContain(page);
    expect(part).toContain('Оператор испытаний');
  }
  expect(letter.html).not.toContain('<b>Быт');
  expect(letter.text).toContain('<b>Быт</b>');
  const outside = linksOf(letter.html).filter((url) => !url.startsWith(`${context.config.PUBLIC_URL}/`));
  expect(outside).toEqual(['mailto:help@example.test']);
  const off = /List-Unsubscribe: <([^>]+)>/.exec(head.replace(/\r\n\s+/g, ' '))?.[1];
  expect(Boolean(off)).toBe(kindOf(kind).optional);
  expect(head.includes('List-Unsubscribe-Post: List-Unsubscribe=One-Click')).toBe(kindOf(kind).optional);
  if (off) for (const part of [letter.text, letter.html]) expect(part).toContain(off);
  const caged = await fetch(`${mailbox.url}/letters/${letter.id}/html`);
  expect(caged.headers.get('content-security-policy')).toMatch(/^sandbox /);
  expect(await (await fetch(`${mailbox.url}/letters/${letter.id}`)).text()).toMatch(/<iframe[^>]+sandbox=/);
});
