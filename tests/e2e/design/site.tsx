/** Serves the library's pages and its built assets under the policy of the real server. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { VNode } from 'preact';
import { DesignPage, parseVision, renderPage } from '../../../src/ui/index.ts';
import { SampleHome } from './home.tsx';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'";
const ELEMENTS = [
  'address-levels',
  'address-search',
  'copy-button',
  'dialog-open',
  'file-upload',
  'poll-progress',
  'submit-once',
];
const FONTS = 'node_modules/@fontsource-variable/golos-text/files';

async function assets(): Promise<Map<string, Uint8Array>> {
  const built = await build({
    entryPoints: ['src/ui/styles.css', ...ELEMENTS.map((name) => `src/ui/elements/${name}.ts`)],
    outdir: '/assets',
    entryNames: '[name]',
    bundle: true,
    minify: true,
    charset: 'utf8',
    write: false,
    format: 'esm',
    target: ['es2022', 'chrome111', 'safari16.4', 'firefox115'],
    external: ['/assets/*'],
  });
  const files = new Map(built.outputFiles.map((file) => [file.path, file.contents]));
  for (const subset of ['cyrillic', 'latin'])
    files.set(`/assets/golos-text-${subset}.woff2`, await readFile(`${FONTS}/golos-text-${subset}-wght-normal.woff2`));
  return files;
}

const TYPES: Record<string, string> = { css: 'text/css', js: 'text/javascript', woff2: 'font/woff2' };

/** `vision` of the query is the cookie's value; `acting` shows a viewer who acts for an organisation. */
function pageFor(url: URL): VNode | null {
  const vision = parseVision(url.searchParams.get('vision') ?? undefined);
  if (url.pathname === '/') return <SampleHome vision={vision} />;
  if (url.pathname !== '/design') return null;
  if (!url.searchParams.has('acting')) return <DesignPage vision={vision} />;
  return (
    <DesignPage
      vision={vision}
      viewer={{ name: 'Константинопольская-Преображенская А. И.', csrfToken: 'token' }}
      actingAs="ООО «Управляющая компания Северо-Восточного округа»"
    />
  );
}

const HINTS = {
  results: [
    { id: 'a', label: 'ул. Милашенкова, д. 12', hint: 'ООО «Тёплый дом»' },
    { id: 'b', label: '<b>ул. Руставели</b>, д. 1' },
  ],
};

export async function startSite() {
  const files = await assets();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    response.setHeader('content-security-policy', POLICY);
    const file = files.get(url.pathname);
    const page = pageFor(url);
    if (file) response.setHeader('content-type', TYPES[url.pathname.split('.').at(-1)!]!).end(file);
    else if (url.pathname === '/addresses/search')
      response.setHeader('content-type', 'application/json').end(JSON.stringify(HINTS));
    else if (page) response.setHeader('content-type', 'text/html; charset=utf-8').end(renderPage(page));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    files,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
