import {
  ActionCard,
  Card,
  CardGrid,
  counted,
  EmptyState,
  formatDateTime,
  formatDayMonth,
  formatNumber,
  PageTitle,
  plural,
  Stack,
  Status,
  type StatusTone,
  Table,
} from '../../ui/index.ts';
import type { countDesk } from '../appeals/index.ts';
import type { countClaims } from '../connections/index.ts';
import type { readDeskTotals } from '../meters/index.ts';
import type { countHouses } from '../organisations/index.ts';
import type { listOpenUploads } from '../uploads/index.ts';

type Upload = Awaited<ReturnType<typeof listOpenUploads>>[number];

type AppealCounts = Awaited<ReturnType<typeof countDesk>>;

/** What is null is not this person's work: neither counted nor led to. */
export interface DeskProps {
  name: string;
  appeals: AppealCounts | null;
  claims: Awaited<ReturnType<typeof countClaims>> | null;
  uploads: readonly Upload[] | null;
  houses: Awaited<ReturnType<typeof countHouses>> | null;
  meters: Awaited<ReturnType<typeof readDeskTotals>> | null;
  /** Readings that wait are theirs to decide. */
  mayDecideReadings: boolean;
  /** New bank accounts that wait for this person's word. */
  requisites: number;
  hasShop: boolean;
  zone: string;
}

const UPLOAD_WORDS: Readonly<Record<string, { tone: StatusTone; label: string }>> = {
  stored: { tone: 'waiting', label: 'Ждёт очереди' },
  reading: { tone: 'waiting', label: 'Проверяется' },
  needs_mapping: { tone: 'warn', label: 'Укажите столбцы' },
  checked: { tone: 'warn', label: 'Проверен, решите' },
  applying: { tone: 'waiting', label: 'Записывается' },
  refused: { tone: 'danger', label: 'Не принят' },
  failed: { tone: 'danger', label: 'Сбой' },
};

const needsUs = ({ state }: Upload) => ['needs_mapping', 'checked', 'refused', 'failed'].includes(state);

/** The desk: what waits for the organisation comes first. */
export function DeskPage(props: DeskProps) {
  const { name, appeals, claims, uploads, houses, meters, mayDecideReadings, requisites, hasShop, zone } = props;
  const waiting = uploads?.filter(needsUs).length ?? 0;
  const readings = mayDecideReadings ? (meters?.waiting ?? 0) : 0;
  const isQuiet = !appeals?.open && !claims?.open && waiting === 0 && readings === 0 && requisites === 0;
  return (
    <Stack>
      <PageTitle
        kicker="Рабочий стол"
        lead={
          isQuiet ? 'Ничего не ждёт вашего ответа.' : <Lead {...{ appeals, claims, waiting, readings, requisites }} />
        }
      >
        {name}
      </PageTitle>
      <CardGrid label="Разделы">
        {requisites > 0 && (
          <ActionCard
            href="/work/organisation/requisites"
            icon="wallet"
            title="Новый банковский счёт"
            text="Сверьте его и подтвердите: через него пойдут деньги жителей"
            badge={{ count: requisites, label: plural(requisites, ['ждёт вас', 'ждут вас', 'ждут вас']) }}
          />
        )}
        {appeals && <AppealsCard counts={appeals} />}
        {claims && (
          <ActionCard
            href="/work/claims"
            icon="send"
            title="Заявки на подключение"
            text={
              claims.open === 0
                ? 'Открытых заявок нет'
                : [
                    claims.overdue > 0 && `Просрочено: ${formatNumber(claims.overdue)}`,
                    claims.soon > 0 && `Срок до ${formatDayMonth(claims.until)}: ${formatNumber(claims.soon)}`,
                  ]
                    .filter(Boolean)
                    .join('. ')
            }
            badge={{ count: claims.open, label: plural(claims.open, ['ждёт ответа', 'ждут ответа', 'ждут ответа']) }}
          />
        )}
        {uploads && (
          <ActionCard
            href="/work/uploads"
            icon="upload"
            title="Загрузка файлов"
            text={uploads.length === 0 ? 'Все файлы разобраны' : undefined}
            badge={{ count: waiting, label: plural(waiting, ['ждёт вас', 'ждут вас', 'ждут вас']) }}
          />
        )}
        {meters && meters.meters > 0 && (
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
        {houses && (
          <ActionCard
            href="/work/houses"
            icon="building-2"
            title="Дома и помещения"
            text={`${counted(houses.houses, ['дом', 'дома', 'домов'])}, ${counted(houses.premises, ['помещение', 'помещения', 'помещений'])}, ${counted(houses.accounts, ['лицевой счёт', 'лицевых счёта', 'лицевых счетов'])}`}
          />
        )}
        {houses && (
          <ActionCard
            href="/work/organisation"
            icon="briefcase"
            title="Карточка организации"
            text="Её видят жители: телефоны, адреса, часы приёма"
          />
        )}
        {hasShop && (
          <ActionCard href="/work/shops" icon="wallet" title="Приём платежей" text="Куда поступают деньги жителей" />
        )}
      </CardGrid>
      {uploads && uploads.length > 0 && (
        <Card title="Файлы в работе">
          <Uploads {...{ uploads, zone }} />
        </Card>
      )}
      {houses?.houses === 0 && uploads && (
        <EmptyState title="У организации пока нет домов" action={{ href: '/work/uploads', label: 'Загрузить дома' }}>
          {hasShop && (
            <>
              Укажите <a href="/work/organisation/requisites">банковский счёт</a> и{' '}
              <a href="/work/shops">магазин у банка</a>: без них квитанцию увидят, но здесь не оплатят.{' '}
            </>
          )}
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
            counts.emergency > 0 && `аварийных ${counts.emergency}`,
            counts.overdue > 0 && `просрочено ${counts.overdue}`,
            counts.unassigned > 0 && `без исполнителя ${counts.unassigned}`,
          ]
            .filter(Boolean)
            .join(', ')
            .replace(/^./u, (letter) => letter.toUpperCase()) || 'У всех есть исполнитель, сроки не прошли'
    }
    badge={{ count: counts.open, label: plural(counts.open, ['ждёт ответа', 'ждут ответа', 'ждут ответа']) }}
  />
);

function Lead({
  appeals,
  claims,
  waiting,
  readings,
  requisites,
}: Pick<DeskProps, 'appeals' | 'claims' | 'requisites'> & { waiting: number; readings: number }) {
  const parts = [
    appeals && appeals.open > 0 && counted(appeals.open, ['обращение', 'обращения', 'обращений']),
    appeals && appeals.overdue > 0 && `из них с истёкшим сроком — ${formatNumber(appeals.overdue)}`,
    claims && claims.open > 0 && `${counted(claims.open, ['заявка', 'заявки', 'заявок'])} на подключение`,
    claims && claims.overdue > 0 && `из них с истёкшим сроком — ${formatNumber(claims.overdue)}`,
    claims && claims.soon > 0 && `срок до ${formatDayMonth(claims.until)} — ${formatNumber(claims.soon)}`,
    waiting > 0 && counted(waiting, ['файл', 'файла', 'файлов']),
    requisites > 0 && counted(requisites, ['банковский счёт', 'банковских счёта', 'банковских счетов']),
    readings > 0 && counted(readings, ['показание', 'показания', 'показаний']),
  ].filter(Boolean);
  return <>Ждут вас: {parts.join(', ')}.</>;
}

function Uploads({ uploads, zone }: { uploads: readonly Upload[]; zone: string }) {
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
