import type { FastifyInstance } from 'fastify';
import type { Context } from '../platform/context.ts';
import { dropCookie, keepCookie, readCookie } from '../platform/http/cookies.ts';
import { DesignPage } from '../ui/design.tsx';
import {
  Card,
  DefinitionList,
  FRAME_LINKS,
  formatVision,
  PageTitle,
  parseVision,
  renderPage,
  Stack,
  VISION_COOKIE,
  VisionForm,
  visionFromForm,
} from '../ui/index.ts';
import { formToken, sendPage } from './page.tsx';

const YEAR_SECONDS = 365 * 24 * 3600;
const ownPath = (path: unknown): string =>
  typeof path === 'string' && /^\/(?!\/)[!-[\]-~]*$/.test(path) && path.length < 1000 ? path : '/';

/** Pages that the frame of every page leads to: the low-vision version, help, sources, the component library. */
export function registerFrame(app: FastifyInstance, context: Context): void {
  const open = { config: { access: ['anyone'] as const } };

  app.get('/vision', open, async (request, reply) => {
    const returnTo = ownPath((request.query as { returnTo?: string }).returnTo);
    const vision = parseVision(readCookie(request, VISION_COOKIE));
    return sendPage(
      request,
      reply,
      { title: 'Версия для слабовидящих' },
      <Stack>
        <PageTitle lead="Выберите, как показывать страницы. Выбор запоминается в этом браузере на год.">
          Версия для слабовидящих
        </PageTitle>
        <VisionForm vision={vision} action="/vision" csrf={formToken(request, reply)} returnTo={returnTo} />
      </Stack>,
    );
  });

  app.post('/vision', open, async (request, reply) => {
    const body = request.body as Record<string, unknown>;
    const value = formatVision(visionFromForm(body));
    if (value) keepCookie(reply, VISION_COOKIE, value, YEAR_SECONDS);
    else dropCookie(reply, VISION_COOKIE);
    return reply.redirect(ownPath(body.returnTo), 303);
  });

  app.get('/help', open, async (request, reply) => {
    const { OPERATOR_NAME, SUPPORT_EMAIL, SUPPORT_PHONE } = context.config;
    return sendPage(
      request,
      reply,
      { title: 'Помощь' },
      <Stack>
        <PageTitle lead="О начислениях и показаниях знает организация, которая их прислала: её телефон есть на карточке. О работе кабинета спросите нас.">
          Помощь
        </PageTitle>
        <Card title="Поддержка кабинета" aside={<a href={FRAME_LINKS.support}>Написать в поддержку</a>}>
          <DefinitionList
            items={[
              { term: 'Оператор', value: OPERATOR_NAME },
              { term: 'Электронная почта', value: <a href={`mailto:${SUPPORT_EMAIL}`}>{SUPPORT_EMAIL}</a> },
              { term: 'Телефон', value: SUPPORT_PHONE || null },
            ]}
          />
        </Card>
        <Card title="Почему я не могу…">
          <p>Покажем, какого шага не хватает, кто должен его сделать и до какого дня, и поможем написать об этом.</p>
          <ul>
            <li>
              <a href="/why/house">Найти свой дом</a>
            </li>
            <li>
              <a href="/why/account">Подключить лицевой счёт</a>
            </li>
            <li>
              <a href="/why/bill">Увидеть квитанцию</a>
            </li>
            <li>
              <a href="/why/reading">Передать показания</a>
            </li>
          </ul>
        </Card>
        <Card title="Лицевой счёт не находится">
          <p>
            Кабинет знает только те счета, которые загрузила ваша организация. По закону она обязана это сделать:{' '}
            <a href="/appeals/new?about=connect">напишите ей обращение</a> или позвоните. Когда счёт появится,
            подключите его по номеру из квитанции.
          </p>
        </Card>
        <Card title="Счёт находится, но не подключается">
          <p>
            Счёт подключается сразу, если организация указала в нём плательщиком вас: фамилию, имя, отчество и СНИЛС.
            Если плательщик другой человек, введите сумму последней квитанции, одноразовый код от организации или
            отправьте ей заявку: ответ придёт в срок, указанный на странице заявки.
          </p>
        </Card>
        <Card title="Деньги списаны, а долг не уменьшился">
          <p>
            Откройте «Историю платежей»: там видно, где сейчас платёж. Пока банк не ответил окончательно, мы ничего не
            обещаем и продолжаем его спрашивать; платить второй раз не нужно.
          </p>
        </Card>
      </Stack>,
    );
  });

  app.get('/licences', open, async (request, reply) =>
    sendPage(
      request,
      reply,
      { title: 'Лицензии и источники' },
      <Stack>
        <PageTitle>Лицензии и источники</PageTitle>
        <Card title="Данные">
          <ul>
            <li>
              Адреса демонстрационного района: © участники OpenStreetMap, лицензия ODbL 1.0,{' '}
              <a href="https://www.openstreetmap.org/copyright">условия</a>.
            </li>
            <li>Адресные справочники: ФНС России, Государственный адресный реестр.</li>
            <li>Справочники НСИ: государственная информационная система ЖКХ.</li>
            <li>Регионы: HFLabs, DaData.ru, лицензия CC BY-SA 4.0.</li>
          </ul>
        </Card>
        <Card title="Шрифт и значки">
          <ul>
            <li>Golos Text: SIL Open Font License 1.1.</li>
            <li>PT Sans в документах PDF: ParaType, SIL Open Font License 1.1.</li>
            <li>Lucide: лицензия ISC.</li>
          </ul>
        </Card>
      </Stack>,
    ),
  );

  app.get('/design', open, async (request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .send(
        renderPage(<DesignPage vision={parseVision(readCookie(request, VISION_COOKIE))} demo={context.config.DEMO} />),
      ),
  );
}
