import type { FastifyInstance } from 'fastify';
import { readCookie } from '../platform/http/cookies.ts';
import { Card, Layout, PageTitle, parseVision, renderPage, Stack, VISION_COOKIE } from '../ui/index.ts';
import { sendPage } from './page.tsx';

const OPEN = { config: { access: ['anyone'] as const } };
const NAME = 'Домовой';

/** What makes the site an application: the worker that keeps the form of readings, and the manifest. Nothing here is anybody's own. */
export function registerOffline(app: FastifyInstance): void {
  // At the root: a worker serves only what lies below its own address. Browsers ask for it anew; others may keep it for a short time.
  app.get('/sw.js', OPEN, (_request, reply) => reply.sendFile('sw.js', { maxAge: '10m', immutable: false }));

  app.get('/manifest.webmanifest', OPEN, (request, reply) =>
    reply
      .header('cache-control', 'public, max-age=86400')
      .type('application/manifest+json; charset=utf-8')
      .send(manifest(request.server.assetsVersion)),
  );

  app.get('/offline', OPEN, (request, reply) =>
    reply.type('text/html; charset=utf-8').send(
      renderPage(
        <Layout
          title="Нет связи"
          viewer="unknown"
          nav={[]}
          vision={parseVision(readCookie(request, VISION_COOKIE))}
          assetsVersion={app.assetsVersion}
          demo={app.context.config.DEMO}
          path="/"
        >
          <OfflinePage />
        </Layout>,
      ),
    ),
  );

  app.get('/offline/sign-in', OPEN, (request, reply) =>
    sendPage(
      request,
      reply,
      { title: 'Войдите снова' },
      <Stack>
        <PageTitle lead="Показания сохранены на этом устройстве. Они будут отправлены, как только вы войдёте.">
          Войдите снова
        </PageTitle>
        <Card title="Что произошло">
          <p>Пока вы вписывали показания, ваш вход закончился. Вписывать их заново не нужно.</p>
          <p>
            <a class="button button--primary" href="/sign-in?returnTo=/readings">
              Войти и отправить
            </a>
          </p>
        </Card>
      </Stack>,
    ),
  );
}

function OfflinePage() {
  return (
    <Stack>
      <PageTitle lead="Эта страница открывается только при связи. То, что вы уже отправили, сохранено.">
        Нет связи
      </PageTitle>
      <Card title="Что можно сделать сейчас">
        <ul>
          <li>
            <a href="/readings">Вписать показания</a>, если вы уже открывали эту форму на этом устройстве. Они
            отправятся сами, когда связь появится.
          </li>
          <li>Проверить связь и открыть страницу ещё раз.</li>
        </ul>
      </Card>
    </Stack>
  );
}

const manifest = (version: string) => ({
  id: '/',
  name: `${NAME} — кабинет жителя`,
  short_name: NAME,
  description: 'Квитанции, оплата и показания приборов',
  lang: 'ru',
  start_url: '/',
  scope: '/',
  display: 'standalone',
  background_color: '#f4f6fa',
  theme_color: '#0d4cd3',
  icons: [192, 512].flatMap((size) =>
    ['any', 'maskable'].map((purpose) => ({
      src: `/assets/app-icon-${size}.png?v=${version}`,
      sizes: `${size}x${size}`,
      type: 'image/png',
      purpose,
    })),
  ),
  shortcuts: [{ name: 'Передать показания', url: '/readings' }],
});
