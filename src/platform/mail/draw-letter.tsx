import type { ComponentChildren } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Config } from '../config.ts';
import { type LetterContent, type LetterLink, textOf } from './content.ts';

type Sender = Pick<Config, 'OPERATOR_NAME' | 'SUPPORT_EMAIL' | 'PUBLIC_URL'>;

export interface Frame {
  subject: string;
  sender: Sender;
  unsubscribeUrl: string | null;
}

/**
 * Mail programs know tables and inline styles; a style sheet in the head is thrown away by some, so it holds nothing but the dark scheme.
 * Colours are those of the pages, measured on their grounds. No picture and no font comes from outside: nobody learns that a letter was opened.
 */
const FONT = "font-family:'Golos Text',-apple-system,'Segoe UI',Roboto,Arial,sans-serif;";
const INK = 'color:#0b1f33;';
const QUIET = 'color:#5b6774;';
const TEXT = `${FONT}${INK}font-size:17px;line-height:26px;`;
const SMALL = `${FONT}${QUIET}font-size:14px;line-height:21px;`;
const DARK = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
.ground{background:#0c141f!important}.card{background:#15202e!important;border-color:#2b3a4d!important}
.ink{color:#e9eff7!important}.quiet{color:#a3b0c0!important}.link{color:#8fb4ff!important}
.row{border-color:#2b3a4d!important}.button{background:#2f66e8!important}}
@media (max-width:480px){.pad{padding:20px 16px!important}
.row{display:block!important;width:auto!important}th.row{padding-bottom:0!important}td.row{border-top:0!important;padding-top:0!important}}`;
/** Pushes the text of the letter out of the line that programs show beside the subject. */
const FILLER = '\u00a0\u200c'.repeat(60);

/** The text and the HTML that go out: one description, one footer. */
export function drawLetter(content: LetterContent, frame: Frame): { text: string; html: string } {
  const html = renderToString(<Letter content={content} frame={frame} />);
  return { text: withFooter(textOf(content, frame.subject), frame), html: `<!doctype html>${html}` };
}

/** A letter from before letters were described: its text with the same footer. */
export const withFooter = (text: string, { sender, unsubscribeUrl }: Frame): string =>
  [
    text,
    `-- \n${senderOf(sender)}\nПоддержка: ${sender.SUPPORT_EMAIL}`,
    ...(unsubscribeUrl
      ? [`Больше не присылать такие письма: ${unsubscribeUrl}\nВсе уведомления: ${sender.PUBLIC_URL}/settings/notices`]
      : []),
  ].join('\n\n');

const senderOf = ({ OPERATOR_NAME }: Sender) => `Письмо отправил личный кабинет «Домовой». Оператор: ${OPERATOR_NAME}.`;

function Letter({ content, frame }: { content: LetterContent; frame: Frame }) {
  const { title, paragraphs, facts = [], action, links = [], after = [] } = content;
  return (
    <html lang="ru" dir="ltr">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no, date=no, address=no" />
        <title>{frame.subject}</title>
        <style dangerouslySetInnerHTML={{ __html: DARK }} />
      </head>
      <body class="ground" style="margin:0;padding:0;background:#f4f6fa;">
        <div style="display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;">
          {content.preheader ?? paragraphs[0] ?? title}
          {FILLER}
        </div>
        <Table className="ground" style="background:#f4f6fa;">
          <td align="center" style="padding:24px 12px;">
            <Table style="max-width:600px;">
              <td style="padding:0 4px 16px;">
                <span class="link" style={`${FONT}font-size:20px;font-weight:700;color:#0d4cd3;`}>
                  Домовой
                </span>
              </td>
            </Table>
            <Table className="card" style={CARD}>
              <td class="pad" style="padding:28px 32px;">
                <h1 class="ink" style={`${FONT}${INK}margin:0 0 16px;font-size:24px;line-height:30px;font-weight:700;`}>
                  {title}
                </h1>
                {paragraphs.map((text, at) => (
                  <p key={at} class="ink" style={`${TEXT}margin:0 0 16px;`}>
                    <Lines text={text} />
                  </p>
                ))}
                {facts.length > 0 && <Facts facts={facts} />}
                {action && <Action action={action} />}
                {links.map(({ label, url }) => (
                  <p key={url} class="ink" style={`${TEXT}margin:0 0 12px;`}>
                    <Link url={url}>{label}</Link>
                  </p>
                ))}
                {after.map((text, at) => (
                  <p key={at} class="quiet" style={`${SMALL}margin:12px 0 0;`}>
                    <Lines text={text} />
                  </p>
                ))}
              </td>
            </Table>
            <Footer frame={frame} />
          </td>
        </Table>
      </body>
    </html>
  );
}

const CARD = 'max-width:600px;background:#ffffff;border:1px solid #dce3ec;border-radius:16px;border-collapse:separate;';

function Table({ style, className, children }: { style: string; className?: string; children: ComponentChildren }) {
  return (
    <table role="presentation" width="100%" cellpadding="0" cellspacing="0" class={className} style={style}>
      <tbody>
        <tr>{children}</tr>
      </tbody>
    </table>
  );
}

function Facts({ facts }: { facts: NonNullable<LetterContent['facts']> }) {
  return (
    <table width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 20px;border-collapse:collapse;">
      <tbody>
        {facts.map(({ name, value }, at) => (
          <tr key={at}>
            <th
              class="quiet row"
              scope="row"
              align="left"
              style={`${SMALL}${CELL}line-height:26px;width:40%;font-weight:400;`}
            >
              {name}
            </th>
            <td class="ink row" style={`${TEXT}${CELL}overflow-wrap:anywhere;`}>
              <Lines text={value} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const CELL = 'padding:8px 12px 8px 0;border-top:1px solid #dce3ec;vertical-align:top;';

function Action({ action }: { action: LetterLink }) {
  return (
    <table role="presentation" cellpadding="0" cellspacing="0" style="margin:4px 0 20px;">
      <tbody>
        <tr>
          <td class="button" style="background:#0d4cd3;border-radius:8px;">
            <a href={action.url} style={BUTTON}>
              {action.label}
            </a>
          </td>
        </tr>
      </tbody>
    </table>
  );
}

const BUTTON = `${FONT}display:inline-block;padding:13px 24px;font-size:17px;line-height:26px;font-weight:600;color:#ffffff;text-decoration:none;`;

function Footer({ frame: { sender, unsubscribeUrl } }: { frame: Frame }) {
  return (
    <Table style="max-width:600px;">
      <td class="quiet" style={`${SMALL}padding:16px 4px 0;`}>
        {senderOf(sender)} Поддержка: <Link url={`mailto:${sender.SUPPORT_EMAIL}`}>{sender.SUPPORT_EMAIL}</Link>
        {unsubscribeUrl && (
          <>
            <br />
            <Link url={unsubscribeUrl}>Больше не присылать такие письма</Link>
            {' · '}
            <Link url={`${sender.PUBLIC_URL}/settings/notices`}>Все уведомления</Link>
          </>
        )}
      </td>
    </Table>
  );
}

const Link = ({ url, children }: { url: string; children: ComponentChildren }) => (
  <a class="link" href={url} style="color:#0d4cd3;overflow-wrap:anywhere;">
    {children}
  </a>
);

const Lines = ({ text }: { text: string }) => (
  <>
    {text.split('\n').map((line, at) => (
      <>
        {at > 0 && <br />}
        {line}
      </>
    ))}
  </>
);
