import type { ComponentChildren } from 'preact';
import { Page } from '../page.tsx';
import { type Letter, MOST_LETTERS } from './letters.ts';

const PLACE = 'Учебная почта';
const WARNING = 'Сюда попадают все письма кабинета. Наружу ничего не уходит.';

const time = new Intl.DateTimeFormat('ru-RU', {
  day: 'numeric',
  month: 'long',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'Europe/Moscow',
});
const letters = new Intl.PluralRules('ru-RU');
const LETTERS: Record<string, string> = { one: 'письмо', few: 'письма', many: 'писем', other: 'письма' };

export function ListPage({ found, recipient }: { found: Letter[]; recipient: string }) {
  return (
    <Page title="Письма" place={PLACE} warning={WARNING} wide>
      <h1>Письма</h1>
      <form action="/" class="card">
        <div class="inline">
          <div>
            <label for="to">Кому (часть адреса)</label>
            <input id="to" name="to" type="search" value={recipient} autocomplete="off" spellcheck={false} />
          </div>
          <button class="main" type="submit">
            Найти
          </button>
        </div>
      </form>
      {found.length === 0 ? <Empty recipient={recipient} /> : <Rows found={found} />}
    </Page>
  );
}

function Empty({ recipient }: { recipient: string }) {
  return recipient ? (
    <p>
      Писем для «{recipient}» нет. <a href="/">Показать все</a>
    </p>
  ) : (
    <p>Писем пока нет. Они появятся, когда кабинет кому-нибудь напишет; чтобы увидеть новые, обновите страницу.</p>
  );
}

function Rows({ found }: { found: Letter[] }) {
  return (
    <>
      <p class="quiet">
        {found.length} {LETTERS[letters.select(found.length)]}, новые сверху. Хранятся последние {MOST_LETTERS}, до
        перезапуска.
      </p>
      <ul class="mails">
        {found.map(({ id, subject, to, receivedAt }) => (
          <li>
            <a href={`/letters/${id}`}>
              <b>{subject}</b>
              <span class="quiet">{time.format(receivedAt)}</span>
              <span>{to}</span>
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}

export function LetterPage({ letter }: { letter: Letter }) {
  return (
    <Page title={letter.subject} place={PLACE} warning={WARNING} wide>
      <p>
        <a href="/">← Все письма</a>
      </p>
      <h1>{letter.subject}</h1>
      <section class="card">
        <dl>
          <dt>Кому</dt>
          <dd>{letter.to}</dd>
          <dt>От кого</dt>
          <dd>{letter.from}</dd>
          <dt>Получено</dt>
          <dd>{time.format(letter.receivedAt)}</dd>
        </dl>
      </section>
      {letter.html ? (
        <iframe
          title="Письмо"
          src={`/letters/${letter.id}/html`}
          sandbox="allow-popups allow-popups-to-escape-sandbox"
        />
      ) : null}
      <Text letter={letter} />
      <Files letter={letter} />
    </Page>
  );
}

function Text({ letter: { text, html } }: { letter: Letter }) {
  const body = (
    <section class="card">
      <pre>{text ? withLinks(text) : 'Письмо без текста.'}</pre>
    </section>
  );
  if (!html) return body;
  return (
    <details>
      <summary>То же текстом</summary>
      {body}
    </details>
  );
}

function Files({ letter: { id, attachments } }: { letter: Letter }) {
  return (
    <>
      {attachments.length > 0 ? <h2>Вложения</h2> : null}
      <ul class="rows">
        {attachments.map(({ name, content }, index) => (
          <li>
            <a href={`/letters/${id}/files/${index}`}>{name}</a>
            <span class="quiet">{Math.ceil(content.length / 1024)} КБ</span>
          </li>
        ))}
        <li>
          <a href={`/letters/${id}/source`}>Исходный текст письма</a>
        </li>
      </ul>
    </>
  );
}

/** Only http addresses become links; everything else stays text. */
function withLinks(text: string): ComponentChildren[] {
  return text
    .split(/(https?:\/\/[^\s<>"»]+[^\s<>"».,;:!?)])/)
    .map((part, index) => (index % 2 === 1 ? <a href={part}>{part}</a> : part));
}

export function NotFoundPage() {
  return (
    <Page title="Письма нет" place={PLACE} warning={WARNING}>
      <h1>Письма нет</h1>
      <p>
        Ящик хранит последние {MOST_LETTERS} писем и пустеет при перезапуске. <a href="/">Все письма</a>
      </p>
    </Page>
  );
}
