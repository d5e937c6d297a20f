import {
  Actions,
  Button,
  ButtonLink,
  Card,
  DefinitionList,
  ErrorSummary,
  errorOf,
  Field,
  type FieldError,
  Form,
  formatDateTime,
  formatNumber,
  Notice,
  PageTitle,
  Progress,
  Stack,
} from '../../../ui/index.ts';
import { signatureOf, type Undo, whyNever } from '../undo/undo.ts';
import { KIND_NAMES, type Upload } from '../upload.ts';
import { pathOf } from './read-own.ts';
import { type Dependents, LookAgain, Refused } from './undo-refused.tsx';
import { figureRows, isNothing, MEANING, undoWords } from './undo-words.ts';
import { type Progressing, ZONE } from './words.tsx';

interface Props {
  upload: Upload;
  undo: Undo | null;
  dependents: Dependents;
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
