import { ConcealedNotice } from '../../../pages/disclosure.tsx';
import type { Disclosed } from '../../../platform/disclosure/index.ts';
import { kopecks } from '../../../platform/money.ts';
import {
  Actions,
  Button,
  ButtonLink,
  Card,
  counted,
  DefinitionList,
  Field,
  Form,
  formatDateTime,
  formatNumber,
  formatRubles,
  Notice,
  PageTitle,
  Progress,
  Stack,
} from '../../../ui/index.ts';
import type { Undo } from '../undo/undo.ts';
import { KIND_NAMES, THINGS, type Upload, type UploadKind } from '../upload.ts';
import { Answer } from './answer.tsx';
import { isOfPeople } from './concealed.ts';
import { pathOf } from './read-own.ts';
import { Differences, type NotePage, Notes } from './upload-tables.tsx';
import { progressOf, UploadStatus, ZONE } from './words.tsx';

interface Props {
  upload: Upload;
  /** For what its names were opened; null: they are hidden. */
  disclosed: Disclosed | null;
  /** They say for what before they take the file. */
  isAsked: boolean;
  /** False for a clerk who looks at what the head has uploaded. */
  mayDecide: boolean;
  counts: { wrong: number; warnings: number };
  errors: NotePage;
  warnings: NotePage;
  csrf: string;
  /** How it was taken back, or is being; null while nobody has asked. */
  undo: { state: Undo['state']; reason: string | null; by: string; doneAt: Date | null } | null;
  mayUndo: boolean;
}

export function UploadPage(props: Props) {
  const { upload, disclosed, counts, errors, warnings } = props;
  return (
    <Stack>
      <PageTitle kicker={`${KIND_NAMES[upload.kind]} · ${formatDateTime(upload.createdAt, ZONE)}`}>
        {upload.fileName}
      </PageTitle>
      <State {...props} />
      {counts.wrong > 0 && (
        <Notes
          upload={upload}
          page={errors}
          name="errors"
          title={`Ошибки: ${formatNumber(counts.wrong)}`}
          note="Запись с ошибкой не загружается целиком. То же написано в файле ответа рядом с каждой строкой."
        />
      )}
      {counts.warnings > 0 && (
        <Notes
          upload={upload}
          page={warnings}
          name="warnings"
          title={`Стоит проверить: ${formatNumber(counts.warnings)}`}
          note="Это не мешает загрузке."
        />
      )}
      {(disclosed || upload.details.differences?.some(isOfPeople)) && (
        <ConcealedNotice disclosed={disclosed} path={pathOf(upload)} zone={ZONE} />
      )}
      <Differences upload={upload} isOpen={disclosed !== null} />
    </Stack>
  );
}

function State({ upload, isAsked, mayDecide, csrf, undo, mayUndo }: Props) {
  switch (upload.state) {
    case 'stored':
    case 'reading':
    case 'applying':
      return <Running upload={upload} />;
    case 'needs_mapping':
      if (!mayDecide) return <ForHeads />;
      return (
        <Notice
          tone="warn"
          title={
            upload.details.asked?.length && !upload.details.open?.length
              ? 'В файле не нашли строку с заголовками'
              : 'В файле есть незнакомые столбцы'
          }
        >
          <p>Скажите, что где стоит, и мы прочитаем файл до конца. Ответ о столбцах запомнится для следующих файлов.</p>
          <Actions>
            <ButtonLink href={`${pathOf(upload)}/mapping`}>Указать столбцы</ButtonLink>
          </Actions>
        </Notice>
      );
    case 'refused':
    case 'failed':
      return (
        <Notice
          tone="danger"
          title={upload.state === 'refused' ? 'Файл не принят' : 'Загрузить не получилось'}
          announce
        >
          <p>{upload.problem}</p>
          <Actions>
            <ButtonLink href={`/work/uploads/new?kind=${upload.kind}`}>Загрузить другой файл</ButtonLink>
            <ButtonLink kind="secondary" href={`/work/uploads/templates/${upload.kind}`} download>
              Скачать шаблон
            </ButtonLink>
          </Actions>
        </Notice>
      );
    case 'checked':
      return mayDecide ? <Decision {...{ upload, isAsked, csrf }} /> : <ForHeads />;
    case 'applied':
      return <Done {...{ upload, isAsked }} mayUndo={mayUndo} undoing={undo?.state === 'undoing'} />;
    case 'undone':
      return <Undone {...{ upload, isAsked, undo }} />;
    case 'cancelled':
      return (
        <Notice tone="info" title="Загрузка отменена" announce>
          <p>{upload.problem ?? 'Из этого файла ничего не загружено.'}</p>
          <Actions>
            <ButtonLink href={`/work/uploads/new?kind=${upload.kind}`}>Загрузить ещё раз</ButtonLink>
            <Answer {...{ upload, isAsked }} />
          </Actions>
        </Notice>
      );
  }
}

const ForHeads = () => (
  <Notice title="Решение за руководителем организации">
    Реквизиты организации меняет только руководитель. Вам файл показан для сведения.
  </Notice>
);

function Running({ upload }: { upload: Upload }) {
  return (
    <Card title="Идёт обработка" aside={<UploadStatus upload={upload} />}>
      <Progress {...progressOf(upload)} src={`${pathOf(upload)}/progress`} />
      <p>Страница обновится сама. Её можно закрыть: файл останется в списке загрузок.</p>
    </Card>
  );
}

/** Only what there is: a column of zeros tells nothing. */
const figures = ({ documents, rowsTotal, state, details: { sums = {} } }: Upload) =>
  (
    [
      ['Новых', documents.new, sums.new],
      [state === 'applied' || state === 'undone' ? 'Изменено' : 'Изменится', documents.changed, sums.changed],
      ['Без изменений', documents.same, sums.same],
      ['С ошибками', documents.bad],
      ['Строк в файле', rowsTotal],
    ] as const
  )
    .filter(([, count]) => count > 0)
    .map(([term, count, sum]) => ({ term, value: `${formatNumber(count)}${sum ? ` на сумму ${rubles(sum)}` : ''}` }));

const rubles = (amount: string): string => formatRubles(kopecks(BigInt(amount)));

function Decision({ upload, isAsked, csrf }: Pick<Props, 'upload' | 'isAsked' | 'csrf'>) {
  const { documents, kind } = upload;
  const good = documents.new + documents.changed;
  const path = pathOf(upload);
  return (
    <Card title={headlineOf(upload)} aside={<UploadStatus upload={upload} />}>
      {upload.problem && (
        <Notice tone="warn" announce>
          {upload.problem}
        </Notice>
      )}
      <DefinitionList items={figures(upload)} />
      <Unseen upload={upload} />
      <Form action={`${path}/apply`} csrf={csrf} label="Решение">
        {good > 0 && documents.bad > 0 && (
          <Field
            kind="choice"
            as="radio"
            name="policy"
            label="Что делать с ошибками"
            required
            value="good_ones"
            options={[
              {
                value: 'good_ones',
                label: `Загрузить только правильные: ${counted(good, THINGS[kind])}`,
                hint: 'Записи с ошибками останутся незагруженными, их можно исправить и загрузить потом.',
              },
              { value: 'all_or_nothing', label: 'Ничего, если есть хоть одна ошибка' },
            ]}
          />
        )}
        <Actions>
          {good > 0 && <Button icon="check">Загрузить</Button>}
          <Answer {...{ upload, isAsked }} />
          {good === 0 && documents.bad > 0 && <Again kind={kind} />}
          <Button kind="quiet" formAction={`${path}/cancel`}>
            {good > 0 ? 'Отменить' : 'Закрыть'}
          </Button>
        </Actions>
      </Form>
    </Card>
  );
}

/** «У 21 лицевого счёта». */
const OF_ACCOUNTS = ['лицевого счёта', 'лицевых счетов', 'лицевых счетов'] as const;

/** What a file does that nobody may have meant. */
function Unseen({ upload: { details } }: Pick<Props, 'upload'>) {
  const { hiddenRows = 0, newPlaces, lowered } = details;
  return (
    <>
      {hiddenRows > 0 && (
        <Notice tone="warn" title={`Прочитаны и скрытые строки: ${formatNumber(hiddenRows)}`}>
          Их скрыл фильтр или вы сами, но загрузятся они вместе с остальными. Если не нужно, удалите их из файла.
        </Notice>
      )}
      {newPlaces && newPlaces.count > 0 && (
        <Notice tone="warn" title={`Будут заведены новые помещения: ${formatNumber(newPlaces.count)}`}>
          <p>В Домовом их ещё нет. Проверьте, нет ли опечатки в номере: лишняя квартира останется в доме.</p>
          <ul>
            {newPlaces.first.map((place) => (
              <li key={place}>{place}</li>
            ))}
            {newPlaces.count > newPlaces.first.length && (
              <li>и ещё {formatNumber(newPlaces.count - newPlaces.first.length)}</li>
            )}
          </ul>
        </Notice>
      )}
      {lowered && (
        <Notice
          title={`У ${counted(lowered.accounts, OF_ACCOUNTS)} «Итого к оплате» меньше известного долга, всего на ${rubles(lowered.amount)}`}
        >
          <p>
            Долг будет уменьшен как оплаченный по данным организации, и жители увидят эту оплату. Известный долг:
            начисления за период из файла и то, что за счётом уже числится в Домовом. Если этих денег не было,
            проверьте, вошёл ли прежний долг в «Итого».
          </p>
          <ul>
            {lowered.first.map(({ account, amount }) => (
              <li key={`${account} ${amount}`}>
                Счёт {account}: на {rubles(amount)}
              </li>
            ))}
            {lowered.accounts > lowered.first.length && (
              <li>и ещё {counted(lowered.accounts - lowered.first.length, THINGS.accounts)}</li>
            )}
          </ul>
        </Notice>
      )}
    </>
  );
}

function headlineOf({ documents, kind }: Upload): string {
  const good = documents.new + documents.changed;
  if (good === 0 && documents.bad === 0) return 'Файл ничего не изменит: всё это уже загружено';
  if (good === 0)
    return documents.same > 0
      ? `Загрузить нечего: с ошибками ${formatNumber(documents.bad)}, остальное уже загружено`
      : 'Загрузить нечего: во всех записях ошибки';
  return documents.bad === 0
    ? `Ошибок нет, можно загрузить: ${counted(good, THINGS[kind])}`
    : `Можно загрузить: ${counted(good, THINGS[kind])}, с ошибками: ${formatNumber(documents.bad)}`;
}

const Again = ({ kind }: { kind: UploadKind }) => (
  <ButtonLink kind="secondary" icon="upload" href={`/work/uploads/new?kind=${kind}`}>
    Загрузить исправленный файл
  </ButtonLink>
);

/** What the answer file brings back beside the words. */
const ISSUED: Readonly<Record<UploadKind, string>> = {
  organisation: '',
  houses: '',
  accounts: 'Выданные номера вписаны в файл с ответом.',
  bills: 'Выданные идентификаторы вписаны в файл с ответом.',
  meters: 'Выданные номера вписаны в файл с ответом.',
  readings: '',
};

const HOUSES = { href: '/work/houses', text: 'Открыть дома' };
const METERS = { href: '/work/meters', text: 'Открыть приборы учёта' };
/** Where to look at what has been loaded, and what is usually loaded after it. */
const NEXT: Readonly<Record<UploadKind, readonly { href: string; text: string }[]>> = {
  organisation: [{ href: '/work/organisation', text: 'Открыть карточку' }],
  houses: [HOUSES, { href: '/work/uploads/new?kind=accounts', text: 'Загрузить лицевые счета' }],
  accounts: [HOUSES, { href: '/work/uploads/new?kind=bills', text: 'Загрузить платёжные документы' }],
  bills: [HOUSES],
  meters: [METERS, { href: '/work/uploads/new?kind=readings', text: 'Загрузить показания' }],
  readings: [METERS],
};

/** The trace stays: who, when and why, and the clerk's file with what had become of each row. */
function Undone({ upload, isAsked, undo }: Pick<Props, 'upload' | 'isAsked' | 'undo'>) {
  const { kind, documents } = upload;
  return (
    <>
      <Notice tone="warn" title={`Загрузка отменена целиком: ${counted(documents.applied, THINGS[kind])}`} announce>
        {undo?.doneAt && (
          <p>
            {formatDateTime(undo.doneAt, ZONE)}, {undo.by}. Причина: {undo.reason}
          </p>
        )}
        <p>{upload.resultFileId ? 'Что в ней было, видно ниже и в файле с ответом.' : 'Что в ней было, видно ниже.'}</p>
        <Actions>
          <ButtonLink href={`/work/uploads/new?kind=${kind}`}>Загрузить другой файл</ButtonLink>
          <Answer {...{ upload, isAsked }} />
          {NEXT[kind].slice(0, 1).map(({ href, text }) => (
            <ButtonLink key={href} kind="quiet" href={href}>
              {text}
            </ButtonLink>
          ))}
        </Actions>
      </Notice>
      <Card title="Что было в файле">
        <DefinitionList items={figures(upload)} />
      </Card>
    </>
  );
}

function Done({
  upload,
  isAsked,
  mayUndo,
  undoing,
}: Pick<Props, 'upload' | 'isAsked' | 'mayUndo'> & { undoing: boolean }) {
  const { documents, kind } = upload;
  return (
    <>
      <Notice tone="good" title={`Загружено: ${counted(documents.applied, THINGS[kind])}`} announce>
        <p>
          {documents.bad > 0
            ? `Не загружено из-за ошибок: ${formatNumber(documents.bad)}. Исправьте их в файле с ответом и загрузите его: загруженное не повторится.`
            : ['Всё из файла теперь в кабинете.', ISSUED[kind]].join(' ').trim()}
        </p>
        <Actions>
          <Answer {...{ upload, isAsked }} />
          {documents.bad > 0 && <Again kind={kind} />}
          {NEXT[kind].map(({ href, text }) => (
            <ButtonLink key={href} kind="quiet" href={href}>
              {text}
            </ButtonLink>
          ))}
        </Actions>
      </Notice>
      <Card title="Что было в файле">
        <DefinitionList items={figures(upload)} />
        {mayUndo && (
          <Actions>
            <ButtonLink kind="quiet" href={`${pathOf(upload)}/undo`}>
              {undoing ? 'Загрузка отменяется: посмотреть' : 'Отменить загрузку'}
            </ButtonLink>
          </Actions>
        )}
      </Card>
    </>
  );
}
