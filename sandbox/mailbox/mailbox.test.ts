import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningMailbox, startMailbox } from './start.tsx';

let mailbox: RunningMailbox;
beforeEach(async () => {
  mailbox = await startMailbox({ host: '127.0.0.1', smtpPort: 0, webPort: 0 });
});
afterEach(() => mailbox.close());

async function send(letter: object): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: mailbox.smtpPort });
  await transport.sendMail({
    from: 'Домовой <robot@cabinet.test>',
    to: 'a@primer.test',
    subject: 'Тема',
    text: 'Текст',
    ...letter,
  });
  transport.close();
}

const page = async (path: string) => {
  const response = await fetch(`${mailbox.url}${path}`);
  return { status: response.status, headers: response.headers, html: await response.text() };
};

const firstId = async () => /\/letters\/([^"]+)/.exec((await page('/')).html)![1]!;

describe('the mailbox', () => {
  it('has no letter that was not sent', async () => {
    expect((await page('/')).html).toContain('Писем пока нет');
    expect((await page('/letters/none')).status).toBe(404);
    await send({});
    expect((await page(`/letters/${await firstId()}/files/3`)).status).toBe(404);
    expect((await page('/?to=nobody')).html).toContain('Писем для «nobody» нет');
  });

  it('shows a delivered letter with its link', async () => {
    await send({ subject: 'Счёт за октябрь готов', text: 'Откройте http://cabinet.test/bills/1.' });
    expect((await page('/')).html).toContain('Счёт за октябрь готов');
    const letter = await page(`/letters/${await firstId()}`);
    expect(letter.html).toContain('<a href="http://cabinet.test/bills/1">http://cabinet.test/bills/1</a>.');
  });

  it('finds by recipient, hidden copies too', async () => {
    await send({ to: 'anna@primer.test', subject: 'Анне' });
    await send({ to: 'ivan@primer.test', bcc: 'boss@dubravushka.test', subject: 'Ивану' });
    const subjects = async (to: string) => {
      const found = (await (await fetch(`${mailbox.url}/api/letters?to=${to}`)).json()) as { subject: string }[];
      return found.map(({ subject }) => subject);
    };
    expect(await subjects('ANNA@')).toEqual(['Анне']);
    expect(await subjects('boss')).toEqual(['Ивану']);
    expect(await subjects('')).toEqual(['Ивану', 'Анне']);
  });

  it('keeps a dangerous letter in its cage', async () => {
    await send({ subject: '<script>alert(1)</script>', html: '<script>alert(2)</script><b>Привет</b>' });
    const id = await firstId();
    const shown = await page(`/letters/${id}`);
    expect(shown.html).not.toContain('<script');
    expect(shown.html).toMatch(/<iframe[^>]+sandbox="allow-popups/);
    const inside = await page(`/letters/${id}/html`);
    expect(inside.html).toContain('<b>Привет</b>');
    expect(inside.headers.get('content-security-policy')).toMatch(/^sandbox [^;]*; default-src 'none'/);
    expect(inside.headers.get('content-security-policy')).not.toMatch(/allow-scripts|allow-same-origin/);
  });

  it('gives attachments only as downloads', async () => {
    await send({ attachments: [{ filename: 'счёт.html', content: '<script>1</script>' }] });
    const file = await page(`/letters/${await firstId()}/files/0`);
    expect(file.html).toBe('<script>1</script>');
    expect(file.headers.get('content-type')).toBe('application/octet-stream');
    expect(file.headers.get('content-disposition')).toBe(
      `attachment; filename*=UTF-8''${encodeURIComponent('счёт.html')}`,
    );
  });
});
