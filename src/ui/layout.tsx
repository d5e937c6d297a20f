import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { Breadcrumbs, type Crumb } from './breadcrumbs.tsx';
import { Footer, type FooterProps } from './footer.tsx';
import { Header, type LayoutViewer } from './header.tsx';
import { BottomBar, MenuBar, type NavItem } from './navigation.tsx';
import { type Vision, visionAttributes } from './vision.ts';

export type { LayoutViewer } from './header.tsx';
export type { NavItem } from './navigation.tsx';

export interface LayoutProps {
  /** Of the page, without the product's name. */
  title: string;
  /** Null for somebody who has not signed in; `unknown` on pages that are kept for whoever comes. */
  viewer: LayoutViewer | 'unknown' | null;
  nav: readonly NavItem[];
  /** The four places of the phone's bottom bar; the rest of the menu goes under «Ещё». By default the first of the menu. */
  places?: readonly NavItem[];
  /** Href of the menu item the page belongs to. */
  active?: string;
  breadcrumbs?: readonly Crumb[];
  vision: Vision;
  /** Every page of an installation with invented people says so. */
  demo: boolean;
  /** The organisation the viewer acts for. */
  actingAs?: string | undefined;
  /** Path and query of this page, to come back to after signing in. */
  path: string;
  /** Scripts of /assets/ beside those of this library's own elements, which `renderPage` finds by itself. */
  elements?: readonly string[];
  /** Reloads the page where script is off: for pages with a `Progress`. */
  refreshSeconds?: number;
  footer?: FooterProps;
  /** Changes with the files of /assets/, which browsers keep for a year. */
  assetsVersion?: string;
  children: ComponentChildren;
}

/** The whole document. Give it to `renderPage`. */
export function Layout(props: LayoutProps) {
  const { title, viewer, nav, places, active, breadcrumbs, vision, demo, actingAs, path, children } = props;
  return (
    <html lang="ru" {...visionAttributes(vision)}>
      <Head {...props} title={title} />
      <body class={nav.length > 0 ? 'has-bar' : undefined}>
        <a class="skip" href="#content">
          Перейти к содержанию
        </a>
        <Header {...{ viewer, path, demo, actingAs }} />
        {nav.length > 0 && <MenuBar items={nav} active={active} />}
        {nav.length > 0 && <BottomBar places={places ?? nav.slice(0, 4)} items={nav} active={active} />}
        <div class="page">
          {breadcrumbs && breadcrumbs.length > 0 && <Breadcrumbs crumbs={breadcrumbs} />}
          <main id="content" tabindex={-1}>
            {children}
          </main>
        </div>
        <Footer {...props.footer} />
      </body>
    </html>
  );
}

/** The mark again, small enough to travel inside the page. */
const FAVICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 40 40'%3E%3Cpath fill='%230d4cd3' d='M20 3 3 15v19q0 4 4 4h26q4 0 4-4V15z'/%3E%3Cpath fill='%23ffc24b' d='M13 17h14v14H13z'/%3E%3C/svg%3E";

type HeadProps = Pick<LayoutProps, 'title' | 'elements' | 'refreshSeconds' | 'assetsVersion'>;

function Head({ title, elements = [], refreshSeconds, assetsVersion }: HeadProps) {
  const version = assetsVersion ? `?v=${assetsVersion}` : '';
  return (
    <head>
      <meta charset="utf-8" />
      <title>{`${title} — Домовой`}</title>
      <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
      <meta name="color-scheme" content="light dark" />
      <meta name="format-detection" content="telephone=no" />
      <link
        rel="preload"
        href="/assets/golos-text-cyrillic.woff2"
        as="font"
        type="font/woff2"
        crossorigin="anonymous"
      />
      <link rel="icon" href={FAVICON} />
      <link rel="apple-touch-icon" href={`/assets/app-icon-180.png${version}`} />
      <link rel="manifest" href="/manifest.webmanifest" />
      <link rel="stylesheet" href={`/assets/styles.css${version}`} />
      {elements.map((name) => (
        <script key={name} type="module" src={`/assets/${name}.js${version}`} />
      ))}
      {refreshSeconds !== undefined && (
        <noscript>
          <meta http-equiv="refresh" content={String(refreshSeconds)} />
        </noscript>
      )}
    </head>
  );
}

/** Elements of this library that need their script; each is a file of elements/. */
const OWN_ELEMENTS =
  /<(address-levels|address-search|copy-button|answer-desk|desk-keys|dialog-open|draft-form|file-limit|file-upload|poll-progress|print-button|reading-form|push-switch|reading-outbox|submit-once)[ >]/g;

/**
 * The text of a page. The scripts of the custom elements found in it are added to its head, so a page cannot forget one;
 * what users typed is escaped and never looks like an element.
 */
export function renderPage(page: VNode): string {
  const html = renderToString(page);
  const version = /\/assets\/styles\.css(\?v=[\w-]+)?"/.exec(html)?.[1] ?? '';
  const scripts = [...new Set(Array.from(html.matchAll(OWN_ELEMENTS), (match) => match[1]))]
    .filter((name) => !html.includes(`src="/assets/${name}.js${version}"`))
    .map((name) => `<script type="module" src="/assets/${name}.js${version}"></script>`);
  return `<!doctype html>${scripts.length > 0 ? html.replace('</head>', () => `${scripts.join('')}</head>`) : html}`;
}
