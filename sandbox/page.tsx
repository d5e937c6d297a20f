import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { STYLES } from './styles.ts';

const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLES).digest('base64')}'`;

interface PageProps {
  title: string;
  /** The name of the sandbox's part, e.g. «Учебный банк». */
  place: string;
  /** One sentence that says nothing here is real. */
  warning: string;
  wide?: boolean;
  children: ComponentChildren;
}

/** A whole document: no script, one style sheet inside, so that the policy can name its hash. */
export function Page({ title, place, warning, wide = false, children }: PageProps) {
  return (
    <html lang="ru">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} — ${place}`}</title>
        <link rel="icon" href="data:," />
        {/* A constant of ours, unescaped: escaping would break its hash. */}
        <style dangerouslySetInnerHTML={{ __html: STYLES }} />
      </head>
      <body>
        <header class="top">
          <p class="place">{place}</p>
          <p class="warning">{warning}</p>
        </header>
        <main class={wide ? 'wide' : undefined}>{children}</main>
      </body>
    </html>
  );
}

/**
 * The policy of the sandbox's pages. `formTargets` are addresses where a redirect after a POST may lead: Chromium checks
 * every hop against `form-action`, and silently stays where it is when the origin is not listed.
 */
export function pageHeaders(formTargets: readonly string[] = []): Record<string, string> {
  const origins = [...new Set(formTargets.map((target) => new URL(target).origin))];
  const policy = [
    "default-src 'none'",
    `style-src ${STYLE_HASH}`,
    'img-src data:',
    "frame-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    `form-action ${["'self'", ...origins].join(' ')}`,
  ].join('; ');
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  };
}

export const renderPage = (page: VNode): string => `<!doctype html>${renderToString(page)}`;

export function sendPage(response: ServerResponse, status: number, page: VNode, formTargets?: readonly string[]): void {
  response.writeHead(status, pageHeaders(formTargets)).end(renderPage(page));
}
