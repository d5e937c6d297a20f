import {
  ActionCard,
  Card,
  CardGrid,
  counted,
  EmptyState,
  formatDateTime,
  formatNumber,
  PageTitle,
  plural,
  Stack,
  Status,
  type StatusTone,
  Table,
} from '../../ui/index.ts';
import type { countDesk } from '../appeals/index.ts';
import type { readDeskTotals } from '../meters/index.ts';
import type { countHouses } from '../organisations/index.ts';
import type { selectOpenUploads } from './queries.ts';

type Upload = Awaited<ReturnType<typeof selectOpenUploads>>[number];

type AppealCounts = Awaited<ReturnType<typeof countDesk>>;

export interface DeskProps {
  name: string;
  appeals: AppealCounts;
  claims: { open: number; overdue: number };
  uploads: readonly Upload[];
  houses: Awaited<ReturnType<typeof countHouses>>;
  meters: Awaited<ReturnType<typeof readDeskTotals>>;
  isHead: boolean;
  zone: string;
}

const UPLOAD_WORDS: Readonly<Record<string, { tone: StatusTone; label: string }>> = {
  stored: { tone: 'waiting', label: 'Ждёт очереди' },
  reading: { tone: 'waiting', label: 'Проверяется' },
  needs_mapping: { tone: 'warn', label: 'Укажите столбцы' },
  checked: { tone: 'warn', label: 'Проверен, подтвердите' },
  applying: { tone: 'waiting', label: 'Записывается' },
  refused: { tone: 'danger', label: 'Не принят' },
  failed: { tone: 'danger', label: 'Сбой' },
};

const needsUs = ({ state }: Upload) => ['needs_mapping', 'checked', 'refused', 'failed'].includes(state);

/** The desk: what waits for the organisation comes first. */
export function DeskPage({ name, appeals, claims, uploads, houses, meters, isHead, zone }: DeskProps) {
  const waiting = uploads.filter(needsUs).length;
  const isQuiet = appeals.open === 0 && claims.open === 0 && waiting === 0 && meters.waiting === 0;
  return (
    <Stack>
      <PageTitle
        kicker="Рабочий стол"
        lead={isQuiet ? 'Ничего не ждёт вашего ответа.' : <Lead {...{ appeals, claims, waiting, meters }} />}
      >
        {name}
      </PageTitle>
      <CardGrid label="Разделы">
        <AppealsCard counts={appeals} />
        <ActionCard
          href="/work/claims"
          icon="send"
          title="Заявки на подключение"
          text={
            claims.open === 0 ? 'Открытых заявок нет' : claims.overdue > 0 ? `Просрочено: ${claims.overdue}` : undefined
          }
          badge={{ count: claims.open, label: plural(claims.open, ['ждёт ответа', 'ждут ответа', 'ждут ответа']) }}
        />
        <ActionCard
          href="/work/uploads"
          icon="upload"
          title="Загрузка файлов"
          text={uploads.length === 0 ? 'Все файлы разобраны' : undefined}
          badge={{ count: waiting, label: plural(waiting, ['ждёт вас', 'ждут вас', 'ждут вас']) }}
        />
        {meters.meters > 0 && (
          <ActionCard
            href="/work/meters"
            icon="gauge"
            title="Приборы учёта"
            text={`Передали ${formatNumber(meters.sent)} из ${formatNumber(meters.meters)}`}
            badge={{
              count: meters.waiting,
              label: plural(meters.waiting, [
                'показание ждёт решения',
                'показания ждут решения',
                'показаний ждут решения',
              ]),
            }}
          />
        )}
        <ActionCard
          href="/work/houses"
          icon="building-2"
          title="Дома и помещения"
          text={`${counted(houses.houses, ['дом', 'дома', 'домов'])}, ${counted(houses.premises, ['помещение', 'помещения', 'помещений'])}, ${counted(houses.accounts, ['лицевой счёт', 'лицевых счёта', 'лицевых счетов'])}`}
        />
        <ActionCard
          href="/work/organisation"
          icon="briefcase"
          title="Карточка организации"
          text="Её видят жители: телефоны, адреса, часы приёма"
        />
        {isHead && (
          <ActionCard href="/work/shops" icon="wallet" title="Приём платежей" text="Куда поступают деньги жителей" />
        )}
      </CardGrid>
      {uploads.length > 0 && (
        <Card title="Файлы в работе">
          <Uploads {...{ uploads, zone }} />
        </Card>
      )}
      {houses.houses === 0 && (
        <EmptyState title="У организации пока нет домов" action={{ href: '/work/uploads', label: 'Загрузить дома' }}>
          Начните с шаблона «Дома», затем загрузите лицевые счета и платёжные документы.
        </EmptyState>
      )}
    </Stack>
  );
}

/** The way to the queue of appeals; what is late or in danger is said first. */
const AppealsCard = ({ counts }: { counts: AppealCounts }) => (
  <ActionCard
    href="/work/appeals"
    icon="message-square-text"
    title="Обращения"
    text={
      counts.open === 0
        ? 'Ничего не ждёт ответа'
        : [
            counts.emergency > 0 && `Аварийных: ${counts.emergency}`,
            counts.overdue > 0 && `Просрочено: ${counts.overdue}`,
            `Без исполнителя: ${counts.unassigned}`,
          ]
            .filter(Boolean)
            .join(', ')
    }
    badge={{ count: counts.open, label: plural(counts.open, ['ждёт ответа', 'ждут ответа', 'ждут ответа']) }}
  />
);

function Lead({
  appeals,
  claims,
  waiting,
  meters,
}: Pick<DeskProps, 'appeals' | 'claims' | 'meters'> & { waiting: number }) {
  const parts = [
    appeals.open > 0 && counted(appeals.open, ['обращение', 'обращения', 'обращений']),
    appeals.overdue > 0 && `из них с истёкшим сроком — ${formatNumber(appeals.overdue)}`,
    claims.open > 0 && `${counted(claims.open, ['заявка', 'заявки', 'заявок'])} на подключение`,
    claims.overdue > 0 && `из них с истёкшим сроком — ${formatNumber(claims.overdue)}`,
    waiting > 0 && counted(waiting, ['файл', 'файла', 'файлов']),
    meters.waiting > 0 && counted(meters.waiting, ['показание', 'показания', 'показаний']),
  ].filter(Boolean);
  return <>Ждут вас: {parts.join(', ')}.</>;
}

function Uploads({ uploads, zone }: Pick<DeskProps, 'uploads' | 'zone'>) {
  return (
    <Table
      caption="Файлы в работе"
      captionHidden
      rows={uploads}
      rowKey={(row) => row.uploadId}
      columns={[
        {
          key: 'file',
          title: 'Файл',
          heading: true,
          cell: (row) => <a href={`/work/uploads/${row.uploadId}`}>{row.fileName}</a>,
        },
        {
          key: 'state',
          title: 'Состояние',
          cell: (row) => <Status tone={UPLOAD_WORDS[row.state]!.tone}>{UPLOAD_WORDS[row.state]!.label}</Status>,
        },
        { key: 'problem', title: 'Что не так', cell: (row) => row.problem ?? '—' },
        { key: 'at', title: 'Изменён', cell: (row) => formatDateTime(row.changedAt, zone) },
      ]}
    />
  );
}
