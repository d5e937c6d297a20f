import {
  Actions,
  Button,
  ButtonLink,
  Card,
  counted,
  DefinitionList,
  ErrorSummary,
  errorOf,
  Field,
  type FieldError,
  Form,
  formatDateTime,
  formatNumber,
  Notice,
  Pager,
  PageTitle,
  Progress,
  Stack,
  Table,
} from '../../../ui/index.ts';
import type { ListedDependent } from '../queries/undo.ts';
import { DEPENDENT_NAMES, type Dependent, signatureOf, type Undo, whyNever } from '../undo/undo.ts';
import { KIND_NAMES, type Upload, type UploadKind } from '../upload.ts';
import { pathOf } from './read-own.ts';
import { figureRows, isNothing, undoWords } from './undo-words.ts';
import { type Progressing, ZONE } from './words.tsx';

interface Props {
  upload: Upload;
  undo: Undo | null;
  dependents: {
    rows: readonly ListedDependent[];
    more: boolean;
    first: boolean;
    counts: readonly { kind: Dependent['kind']; count: number }[];
    /** Later ones that have to be taken back before. */
    uploads: readonly { uploadId: string; fileName: string; createdAt: Date }[];
  };
  csrf: string;
  values: Readonly<Record<string, string>>;
  errors: readonly FieldError[];
}

/** How far the look or the undoing is, by houses. */
export function undoProgress({ state, housesDone, housesTotal }: Undo): Progressing {
  const label = state === 'looking' ? 'Смотрим, что изменится и что от этого зависит' : 'Отменяем';
  if (housesTotal === 0) return { label, note: 'Сейчас начнём.' };
  return {
    label,
    value: housesDone,
    max: housesTotal,
    note: `Домов пройдено: ${formatNumber(housesDone)} из ${formatNumber(housesTotal)}`,
  };
}

export function UndoPage(props: Props) {
  const { upload } = props;
  return (
    <Stack>
      <PageTitle
        kicker={`${KIND_NAMES[upload.kind]} · загрузка ${formatDateTime(upload.createdAt, ZONE)}`}
        lead="Загрузка отменяется только целиком и пока от неё ничего не зависит. Сначала посмотрим, что изменится."
      >
        Отменить загрузку
      </PageTitle>
      <Now {...props} />
      <ButtonLink kind="quiet" href={pathOf(upload)}>
        Вернуться к загрузке
      </ButtonLink>
    </Stack>
  );
}

function Now(props: Props) {
  const { upload, undo } = props;
  const never = whyNever(upload);
  if (never)
    return (
      <Notice tone="warn" title="Эту загрузку отменить нельзя">
        {never}
      </Notice>
    );
  if (undo?.state === 'looking' || undo?.state === 'undoing')
    return (
      <Card title={undo.state === 'looking' ? 'Идёт проверка' : 'Загрузка отменяется'}>
        <Progress {...undoProgress(undo)} src={`${pathOf(upload)}/undo/progress`} />
        <p>Страница обновится сама. Её можно закрыть: ничего не остановится.</p>
      </Card>
    );
  if (!undo?.lookedAt) return <Begin {...props} />;
  if (undo.dependents > 0) return <Refused {...props} undo={undo} />;
  return <Decision {...props} undo={undo} />;
}

const LookAgain = ({
  upload,
  csrf,
  words,
  kind,
}: Pick<Props, 'upload' | 'csrf'> & { words: string; kind?: 'secondary' }) => (
  <Form action={`${pathOf(upload)}/undo/look`} csrf={csrf} label="Проверка">
    <Button {...(kind && { kind })}>{words}</Button>
  </Form>
);

function Begin({ upload, undo, csrf }: Props) {
  return (
    <Card title="Проверим, можно ли отменить">
      {undo?.problem && (
        <Notice tone="danger" announce>
          {undo.problem}
        </Notice>
      )}
      <p>{MEANING[upload.kind]}</p>
      <p>Проверка ничего не меняет. После неё вы увидите числа и примете решение.</p>
      <LookAgain upload={upload} csrf={csrf} words="Проверить" />
    </Card>
  );
}

/** What taking an upload back means, by kind. */
export const MEANING: Readonly<Record<UploadKind, string>> = {
  bills:
    'Квитанции этой загрузки будут отозваны с вашей причиной. Там, где они исправили прежние, снова будут действовать прежние, с тем, что по ним было оплачено. Жители, которые видели отменённые квитанции, получат письмо.',
  readings:
    'Показания этой загрузки будут отклонены с вашей причиной. Снова будут действовать те, что они исправили; где их не было, вернётся расчёт по среднему или по нормативу. Другие поставщики увидят это в своих списках.',
  accounts:
    'Счета, которые завёл файл, будут закрыты как ошибка ввода, если ими никто ещё не пользовался. Изменённые сведения вернутся к прежним.',
  meters:
    'Приборы, которые завёл файл, будут сняты с учёта как ошибка, если по ним ещё не передавали показаний. Карточки остальных вернутся к прежним.',
  houses:
    'Сведения о домах и помещениях вернутся к прежним. Помещения, подъезды и лифты, которые завёл файл, будут убраны, если ими никто ещё не пользуется. Сам дом останется в реестре: у адреса нет хозяина.',
  organisation: 'Сведения карточки вернутся к прежним.',
};

function Refused({ upload, undo, dependents, csrf }: Props & { undo: Undo }) {
  const path = pathOf(upload);
  const last = dependents.rows.at(-1);
  return (
    <>
      <Notice
        tone="danger"
        title={`Отменить нельзя: от загрузки зависит ${counted(undo.dependents, ['запись', 'записи', 'записей'])}`}
        announce
      >
        {undo.problem && <p>{undo.problem}</p>}
        <p>{WAY[upload.kind]}</p>
        {dependents.uploads.length > 0 && (
          <>
            <p>Раньше этой нужно отменить:</p>
            <ul>
              {dependents.uploads.map(({ uploadId, fileName, createdAt }) => (
                <li key={uploadId}>
                  <a href={`/work/uploads/${uploadId}/undo`}>{fileName}</a>, {formatDateTime(createdAt, ZONE)}
                </li>
              ))}
            </ul>
          </>
        )}
        <Actions>
          <ButtonLink href={`/work/uploads/new?kind=${upload.kind}`} icon="upload">
            {upload.kind === 'bills' ? 'Загрузить исправленные квитанции' : 'Загрузить файл с верными данными'}
          </ButtonLink>
          <ButtonLink kind="secondary" icon="download" href={`${path}/undo/dependents.csv`} download>
            Скачать список
          </ButtonLink>
          <ButtonLink kind="quiet" href={`/work/uploads/templates/${upload.kind}`} download>
            Скачать шаблон
          </ButtonLink>
        </Actions>
      </Notice>
      <Card title="Что зависит" note={`Проверено ${formatDateTime(undo.lookedAt!, ZONE)}.`}>
        <DefinitionList
          items={dependents.counts.map(({ kind, count }) => ({
            term: DEPENDENT_NAMES[kind],
            value: formatNumber(count),
          }))}
        />
        <Table
          caption="Записи"
          captionHidden
          rows={dependents.rows}
          rowKey={({ position }) => String(position)}
          columns={[
            { key: 'title', title: 'Где', heading: true, cell: (row) => <Where row={row} /> },
            { key: 'kind', title: 'Почему', cell: ({ kind }) => DEPENDENT_NAMES[kind] },
            { key: 'what', title: 'Подробно', prose: true, cell: (row) => <What row={row} /> },
          ]}
        />
        <Pager
          label="Страницы зависимых записей"
          next={last && dependents.more ? `${path}/undo?after=${last.position}` : undefined}
          previous={dependents.first ? undefined : `${path}/undo`}
        />
        <LookAgain upload={upload} csrf={csrf} words="Проверить ещё раз" kind="secondary" />
      </Card>
    </>
  );
}

const WAY: Readonly<Record<UploadKind, string>> = {
  bills:
    'Загрузите исправленные квитанции с теми же номерами за тот же месяц: каждая заменит ошибочную, а оплаченное останется на счёте. Более поздние загрузки отмените раньше этой.',
  readings:
    'Загрузите верные показания за тот же месяц: они исправят ошибочные. Более поздние загрузки отмените раньше этой.',
  accounts: 'Загрузите файл с верными сведениями: он исправит ошибочные. Лишний счёт закройте с причиной.',
  meters: 'Загрузите файл с верными сведениями или исправьте приборы на их страницах. Лишний прибор снимите с учёта.',
  houses: 'Загрузите файл с верными сведениями или исправьте карточку дома.',
  organisation: 'Исправьте карточку на её странице.',
};

function Where({ row: { houseId, accountId, title } }: { row: ListedDependent }) {
  if (!houseId || !accountId) return <span>{title}</span>;
  return <a href={`/work/houses/${houseId}/accounts/${accountId}`}>{title}</a>;
}

function What({ row }: { row: ListedDependent }) {
  const { houseId, accountId, documentId, what } = row;
  return (
    <>
      {what}.
      {houseId && accountId && documentId && (
        <>
          {' '}
          <a href={`/work/houses/${houseId}/accounts/${accountId}/money/${documentId}`}>Открыть квитанцию</a>
        </>
      )}
    </>
  );
}

function Decision({ upload, undo, csrf, values, errors }: Props & { undo: Undo }) {
  if (isNothing(undo.figures))
    return (
      <Notice title="Отменять нечего">
        Всё, что принёс этот файл, уже отозвано, исправлено или отклонено по отдельности.
      </Notice>
    );
  const words = undoWords(upload.kind, undo.figures);
  return (
    <Card
      title={`Можно ${words}`}
      note={`От загрузки ничего не зависит. Проверено ${formatDateTime(undo.lookedAt!, ZONE)}; перед самой отменой проверим ещё раз.`}
    >
      {undo.problem && (
        <Notice tone="warn" announce>
          {undo.problem}
        </Notice>
      )}
      <ErrorSummary errors={errors} />
      <DefinitionList items={figureRows(undo.figures)} />
      <p>{MEANING[upload.kind]}</p>
      <Form action={`${pathOf(upload)}/undo`} csrf={csrf} hidden={{ seen: signatureOf(undo.figures) }}>
        <Field
          kind="text"
          name="reason"
          label="Почему загрузка отменяется"
          hint={
            upload.kind === 'bills'
              ? 'Жители прочтут это в письме и на отменённой квитанции.'
              : 'Останется в истории загрузки.'
          }
          required
          rows={3}
          maxLength={500}
          value={values.reason}
          error={errorOf(errors, 'reason')}
        />
        <Field
          kind="choice"
          as="checkbox"
          name="sure"
          label="Проверьте числа"
          required
          error={errorOf(errors, 'sure')}
          options={[{ value: 'yes', label: `Да, ${words}` }]}
        />
        <Actions>
          <Button kind="danger">Отменить загрузку</Button>
          <ButtonLink kind="quiet" href={pathOf(upload)}>
            Не отменять
          </ButtonLink>
        </Actions>
      </Form>
    </Card>
  );
}
