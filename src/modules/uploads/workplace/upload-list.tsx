import type { FastifyInstance } from 'fastify';
import { sendPage } from '../../../pages/page.tsx';
import type { Context } from '../../../platform/context.ts';
import { isUuid, type UploadId } from '../../../platform/ids.ts';
import {
  ActionCard,
  ButtonLink,
  CardGrid,
  EmptyState,
  formatDateTime,
  type IconName,
  Pager,
  PageTitle,
  Stack,
  Table,
} from '../../../ui/index.ts';
import { access } from '../access.ts';
import { uploadKindsOf, uploadViewer } from '../authorise-kind.ts';
import { type ListKey, selectUploadPage } from '../queries/uploads.ts';
import { KIND_NAMES, RUNNING, type Upload, type UploadKind } from '../upload.ts';
import { pathOf } from './read-own.ts';
import { summaryOf, UploadStatus, ZONE } from './words.tsx';

const PAGE = 30;

function readAfter(query: unknown): ListKey | null {
  const { after = '', id = '' } = query as { after?: string; id?: string };
  const createdAt = new Date(String(after));
  return isUuid(String(id)) && !Number.isNaN(createdAt.getTime()) ? { createdAt, uploadId: id as UploadId } : null;
}

export function registerUploadList(app: FastifyInstance, context: Context): void {
  app.get('/work/uploads', { config: { access: access.viewUploads, sensitive: true } }, async (request, reply) => {
    const after = readAfter(request.query);
    const rows = await selectUploadPage(context.db, uploadViewer(request.actor), after, PAGE + 1);
    const shown = rows.slice(0, PAGE);
    const running = shown.some(({ state }) => RUNNING.includes(state));
    return sendPage(
      request,
      reply,
      { title: 'Загрузка файлов', active: '/work/uploads', ...(running && { refreshSeconds: 5 }) },
      <UploadListPage
        uploads={shown}
        more={rows.length > PAGE}
        first={after === null}
        offered={uploadKindsOf(request.actor)}
      />,
    );
  });
}

const WAYS: Readonly<Record<UploadKind, { icon: IconName; text: string }>> = {
  organisation: { icon: 'briefcase', text: 'Телефоны, адреса, счета для оплаты' },
  houses: { icon: 'building-2', text: 'Шаблон «МКД-УО»: дома, квартиры, подъезды, лифты' },
  accounts: { icon: 'list', text: 'Шаблон «ЛС»: счета всех видов, плательщики, доли' },
  bills: { icon: 'receipt', text: 'Шаблон «ПД»: начисления, долги, пени, реквизиты' },
  meters: { icon: 'gauge', text: 'Шаблон «ПУ»: счётчики квартир и домов, поверки' },
  readings: { icon: 'chart-column', text: 'Шаблон показаний, выгрузка 1С или .csv' },
};

const MOST_LETTERS = 60;

/** A name that would take the whole table loses its middle: how it begins and ends tells files apart. */
const inShort = (name: string): string =>
  name.length <= MOST_LETTERS ? name : `${name.slice(0, MOST_LETTERS - 20)}…${name.slice(-19)}`;

interface ListProps {
  uploads: readonly Upload[];
  more: boolean;
  first: boolean;
  offered: readonly UploadKind[];
}

function UploadListPage({ uploads, more, first, offered }: ListProps) {
  const last = uploads.at(-1);
  return (
    <Stack>
      <PageTitle lead="Выберите, что загрузить. Перед загрузкой вы увидите, что изменится, и решите сами.">
        Загрузка файлов
      </PageTitle>
      {first && (
        <CardGrid label="Что загрузить">
          {offered.map((kind) => (
            <ActionCard key={kind} href={`/work/uploads/new?kind=${kind}`} title={KIND_NAMES[kind]} {...WAYS[kind]} />
          ))}
        </CardGrid>
      )}
      <Table
        caption="Загруженные файлы"
        rows={uploads}
        rowKey={({ uploadId }) => uploadId}
        empty={
          <EmptyState title="Файлов ещё не было">
            Начните с домов, затем загрузите лицевые счета, а за ними платёжные документы.
          </EmptyState>
        }
        columns={[
          {
            key: 'file',
            title: 'Файл',
            heading: true,
            cell: (upload) => <a href={pathOf(upload)}>{inShort(upload.fileName)}</a>,
          },
          { key: 'kind', title: 'Что в нём', cell: ({ kind }) => KIND_NAMES[kind] },
          { key: 'when', title: 'Когда', cell: ({ createdAt }) => formatDateTime(createdAt, ZONE) },
          { key: 'state', title: 'Состояние', cell: (upload) => <UploadStatus upload={upload} /> },
          { key: 'result', title: 'Итог', prose: true, cell: (upload) => summaryOf(upload) },
        ]}
      />
      <Pager
        label="Страницы загрузок"
        next={
          more && last
            ? `/work/uploads?after=${encodeURIComponent(last.createdAt.toISOString())}&id=${last.uploadId}`
            : undefined
        }
        previous={first ? undefined : '/work/uploads'}
      />
      {!first && (
        <ButtonLink kind="quiet" href="/work/uploads">
          К последним
        </ButtonLink>
      )}
    </Stack>
  );
}
