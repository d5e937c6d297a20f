import type { Typed } from '../../../platform/http/forms.ts';
import type { PersonId } from '../../../platform/ids.ts';
import {
  Actions,
  Button,
  ButtonLink,
  Card,
  Copy,
  counted,
  DefinitionList,
  EmptyState,
  ErrorSummary,
  errorOf,
  Field,
  type FieldError,
  Form,
  formatDate,
  formatDateTime,
  formatNumber,
  PageTitle,
  Progress,
  Stack,
  Status,
  Table,
} from '../../../ui/index.ts';
import type { AccountCard } from '../../accounts/index.ts';
import type { LetterBatch } from './batch.ts';
import { lastMomentOf, ZONE } from './code-end.ts';

export const lettersPath = (houseId: string, accountId: string | null = null): string =>
  `/work/houses/${houseId}/letters${accountId ? `?account=${accountId}` : ''}`;

interface LettersPageProps {
  houseId: string;
  /** Null: all accounts of the house. */
  account: AccountCard | null;
  address: string;
  /** Of the house, the newest first. */
  batches: readonly LetterBatch[];
  makers: ReadonlyMap<PersonId, string>;
  now: Date;
  purposes: Readonly<Record<string, string>>;
  errors: readonly FieldError[];
  sent: Typed;
  token: string;
  /** Of the form: its repeat makes nothing new. */
  formKey: string;
}

export function LettersPage(props: LettersPageProps) {
  const { houseId, account, address, batches, makers, now, errors } = props;
  const running = batches.find(({ state }) => state === 'making');
  return (
    <Stack>
      <ErrorSummary errors={errors} />
      <PageTitle
        kicker={account ? `Лицевой счёт ${account.number}` : address}
        lead={
          account
            ? 'По коду житель подключает счёт без проверки плательщика. Имени плательщика в письме нет.'
            : 'Письмо на лист, адрес в окне конверта E65. Имени плательщика в письме нет.'
        }
      >
        {account ? 'Одноразовый код' : 'Письма с одноразовыми кодами'}
      </PageTitle>
      {running && (
        <Card title="Письма готовятся">
          <Progress
            label="Делаем коды"
            value={running.made}
            max={running.letters}
            note={progressNote(running)}
            src={`${lettersPath(houseId)}/progress`}
          />
        </Card>
      )}
      {!running && <OrderForm {...props} />}
      <Batches {...{ houseId, batches, makers, now }} />
    </Stack>
  );
}

export const progressNote = ({ made, letters }: LetterBatch): string =>
  `Готово ${formatNumber(made)} из ${formatNumber(letters)}. Страницу можно закрыть.`;

function OrderForm({ houseId, account, purposes, errors, sent, token, formKey }: LettersPageProps) {
  return (
    <Card
      title={account ? 'Сделать код' : 'Сделать письма'}
      note="Прежние коды этих счетов сразу перестанут действовать, и напечатанные письма тоже."
    >
      <Form action={lettersPath(houseId, account?.accountId)} csrf={token} idempotencyKey={formKey} marksRequired>
        <Field
          kind="choice"
          as="radio"
          name="purpose"
          label="Для чего"
          required
          options={Object.entries(purposes).map(([value, label]) => ({ value, label }))}
          value={sent.purpose}
          error={errorOf(errors, 'purpose')}
        />
        <Field
          kind="text"
          name="note"
          label="Пояснение"
          hint="Житель прочтёт его в «Кто смотрел мои данные»"
          maxLength={200}
          value={sent.note}
          error={errorOf(errors, 'note')}
        />
        <Actions>
          <Button icon="printer">{account ? 'Сделать письмо' : 'Сделать письма'}</Button>
          {account && (
            <Button kind="secondary" name="as" value="screen">
              Показать код на экране
            </Button>
          )}
        </Actions>
      </Form>
    </Card>
  );
}

function Batches({ houseId, batches, makers, now }: Pick<LettersPageProps, 'houseId' | 'batches' | 'makers' | 'now'>) {
  return (
    <Card title="Сделанные письма" note="Скачать можно, пока действуют коды. Использованных и заменённых в файле нет.">
      <Table
        caption="Сделанные письма"
        captionHidden
        rows={batches}
        rowKey={({ batchId }) => batchId}
        empty={<EmptyState title="Писем ещё не делали">Здесь будет, кто, когда и для чего их сделал.</EmptyState>}
        columns={[
          { key: 'at', title: 'Сделаны', heading: true, cell: ({ orderedAt }) => formatDateTime(orderedAt, ZONE) },
          { key: 'who', title: 'Кто', cell: ({ madeBy }) => makers.get(madeBy) ?? '' },
          { key: 'purpose', title: 'Для чего', prose: true, cell: ({ purpose }) => purpose },
          { key: 'letters', title: 'Писем', numeric: true, cell: ({ letters }) => formatNumber(letters) },
          {
            key: 'file',
            title: 'Файл',
            cell: (batch) => <File {...{ houseId, batch, now }} isReplaced={batch !== batches[0]} />,
          },
        ]}
      />
    </Card>
  );
}

/** @param isReplaced newer letters of the same accounts have ended its codes */
function File({
  houseId,
  batch,
  now,
  isReplaced,
}: {
  houseId: string;
  batch: LetterBatch;
  now: Date;
  isReplaced: boolean;
}) {
  if (batch.state === 'making') return <Status tone="waiting">готовится</Status>;
  if (isReplaced) return <Status tone="neutral">заменены новыми</Status>;
  if (batch.expiresAt <= now) return <Status tone="neutral">срок кодов кончился</Status>;
  const until = formatDate(lastMomentOf(batch.expiresAt), ZONE);
  return (
    <>
      <a href={`${lettersPath(houseId)}/${batch.batchId}`} download>
        {`PDF, ${counted(batch.letters, ['письмо', 'письма', 'писем'])}`}
      </a>
      {` до ${until}`}
    </>
  );
}

interface CodePageProps {
  code: string;
  expiresAt: Date;
  account: AccountCard;
  address: string;
  provider: string;
  publicUrl: string;
}

/** To print and hand over; the code is shown this once. */
export function CodePage({ code, expiresAt, account, address, provider, publicUrl }: CodePageProps) {
  return (
    <Stack>
      <PageTitle lead="Напечатайте эту страницу и отдайте плательщику лично. Второй раз код не показывается.">
        Одноразовый код
      </PageTitle>
      <Card title={`Лицевой счёт ${account.number}`}>
        <DefinitionList
          items={[
            { term: 'Организация', value: provider },
            { term: 'Адрес', value: address },
            { term: 'Номер для поиска', value: account.serviceId },
            { term: 'Код', value: <Copy text={code} what="код" shown={code} /> },
            { term: 'Действует', value: `до ${formatDate(lastMomentOf(expiresAt), ZONE)} включительно, один раз` },
          ]}
        />
        <p>{`Как подключить: откройте ${publicUrl}/accounts/connect, введите номер, выберите «Одноразовым кодом» и введите код.`}</p>
      </Card>
      <Actions>
        <ButtonLink kind="secondary" href={`/work/houses/${account.houseId}/accounts/${account.accountId}`}>
          Вернуться к счёту
        </ButtonLink>
      </Actions>
    </Stack>
  );
}
