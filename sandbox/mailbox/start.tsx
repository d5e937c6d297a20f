import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { MailboxConfig } from '../config.ts';
import { closeServer, listen, type Running, sendJson } from '../http.ts';
import { sendPage } from '../page.tsx';
import { createLetters, type Letter, type Letters, readLetter } from './letters.ts';
import { LetterPage, ListPage, NotFoundPage } from './pages.tsx';

const LARGEST = 30 * 1024 * 1024;

export interface RunningMailbox extends Running {
  smtpPort: number;
}

/** Takes every letter sent by SMTP, sends none on, and shows them in the browser. */
export async function startMailbox(config: MailboxConfig): Promise<RunningMailbox> {
  const letters = createLetters();
  const smtp = smtpServer(letters);
  await new Promise<void>((resolve, reject) => {
    smtp.once('error', reject);
    smtp.listen(config.smtpPort, config.host, resolve);
  });
  // A client that hangs up in the middle is no reason to stop the sandbox.
  smtp.on('error', (error) => console.error('sandbox mailbox:', error.message));
  const web = webServer(letters);
  const url = await listen(web, config.host, config.webPort, config.publicUrl);
  return {
    url,
    smtpPort: (smtp.server.address() as AddressInfo).port,
    async close() {
      await closeServer(web);
      await new Promise<void>((resolve) => smtp.close(() => resolve()));
    },
  };
}

function smtpServer(letters: Letters): SMTPServer {
  return new SMTPServer({
    // No sign-in and no TLS: a certificate of our own would only make clients refuse.
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: LARGEST,
    closeTimeout: 1_000,
    async onData(stream, session, done) {
      try {
        const chunks: Buffer[] = [];
        for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
        if (stream.sizeExceeded) {
          return done(Object.assign(new Error('Message exceeds fixed maximum message size'), { responseCode: 552 }));
        }
        const recipients = session.envelope.rcptTo.map(({ address }) => address);
        letters.add(await readLetter(Buffer.concat(chunks), recipients, new Date()));
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

function webServer(letters: Letters): Server {
  return createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://mailbox');
    const recipient = url.searchParams.get('to') ?? '';
    if (url.pathname === '/') {
      return sendPage(response, 200, <ListPage found={letters.find(recipient)} recipient={recipient} />);
    }
    if (url.pathname === '/api/letters') return sendJson(response, 200, letters.find(recipient).map(brief));
    const [, id = '', part, index] =
      /^\/letters\/([^/]+)(?:\/(html|source|files)(?:\/(\d+))?)?$/.exec(url.pathname) ?? [];
    const letter = letters.get(id);
    if (!letter) return sendPage(response, 404, <NotFoundPage />);
    if (part === undefined) return sendPage(response, 200, <LetterPage letter={letter} />);
    if (part === 'html') return sendHtml(response, letter);
    const file = part === 'source' ? { name: 'letter.eml', content: letter.source } : letter.attachments[Number(index)];
    if (!file) return sendPage(response, 404, <NotFoundPage />);
    response
      .writeHead(200, {
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
        'x-content-type-options': 'nosniff',
      })
      .end(file.content);
  });
}

/** For programs: what a test needs to find a link or a code. */
const brief = ({ id, receivedAt, from, to, recipients, subject, text, html }: Letter) => ({
  id,
  receivedAt,
  from,
  to,
  recipients,
  subject,
  text,
  html,
});

/** Somebody else's HTML: no script, no outside pictures, an origin of its own even when opened apart from the frame. */
function sendHtml(response: ServerResponse, { html }: Letter): void {
  response
    .writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    })
    .end(`<!doctype html><meta charset="utf-8"><base target="_blank">${html ?? ''}`);
}
