import type { ComponentChildren } from 'preact';
import { ATTACHMENT_ACCEPT, ATTACHMENT_WORDS } from '../../../platform/attachments/index.ts';
import type { Typed } from '../../../platform/http/forms.ts';
import type { PersonId } from '../../../platform/ids.ts';
import type { Day } from '../../../platform/month.ts';
import {
  Actions,
  Button,
  ButtonLink,
  Card,
  ErrorSummary,
  errorOf,
  Field,
  type FieldError,
  FileUpload,
  Form,
  formatDate,
  formatNumericDate,
  Notice,
  PageTitle,
  Stack,
} from '../../../ui/index.ts';
import type { ExtensionLimit } from '../extend-term.ts';
import type { AppealAtDesk } from '../open-at-desk.ts';
import { waiversOf } from '../waive-answer.ts';
import type { Employee } from './employees.ts';
import { appealHref, formatQueue, pathOf, type QueueQuery } from './queue-query.ts';
import { ChooseReceivers } from './receivers.tsx';
import { formatChosen, type RedirectionView } from './redirection.ts';

export type StepName = 'register' | 'assign' | 'redirect' | 'extend' | 'waive' | 'execute';

interface StepWords {
  title: string;
  lead: string;
  button: string;
  /** Name of the notice that follows. */
  done: string;
  /** The part is closed by it: the clerk goes on with the next appeal. */
  closes?: boolean;
  withFiles?: boolean;
}

export const STEPS: Readonly<Record<StepName, StepWords>> = {
  register: {
    title: 'Регистрация обращения',
    lead: 'После регистрации обращение в работе. Автор увидит номер и дату.',
    button: 'Зарегистрировать',
    done: 'registered',
  },
  assign: {
    title: 'Исполнитель',
    lead: 'Если обращение ещё не зарегистрировано, оно получит номер само.',
    button: 'Назначить',
    done: 'assigned',
  },
  redirect: {
    title: 'Перенаправление',
    lead: 'Обращение уйдёт тем, кто отвечает за вопрос. У каждого начнётся свой срок, автор получит письмо.',
    button: 'Перенаправить',
    done: 'redirected',
    closes: true,
    withFiles: true,
  },
  extend: {
    title: 'Продление срока',
    lead: 'Срок продлевают один раз. Причину прочтёт автор.',
    button: 'Продлить срок',
    done: 'extended',
    withFiles: true,
  },
  waive: {
    title: 'Ответ не требуется',
    lead: 'Обращение закроется без ответа. Автор прочтёт причину и получит письмо.',
    button: 'Закрыть без ответа',
    done: 'waived',
    closes: true,
  },
  execute: {
    title: 'Обращение исполнено',
    lead: 'Промежуточный ответ уже отправлен, другого не будет. Автор сможет оценить ответ.',
    button: 'Отметить исполненным',
    done: 'executed',
    closes: true,
  },
};

interface StepPageProps {
  name: StepName;
  at: AppealAtDesk;
  queue: QueueQuery;
  sent: Typed;
  errors: readonly FieldError[];
  token: string;
  formKey: string;
  personId: PersonId;
  today: Day;
  employees: readonly Employee[];
  limit: ExtensionLimit | null;
  redirection: RedirectionView | null;
}

/** One step of an organisation as a page with one form. */
export function StepPage(props: StepPageProps) {
  const { name, at, queue, errors, token, formKey, limit, redirection } = props;
  const { title, lead, button, withFiles } = STEPS[name];
  const { appeal } = at.whole;
  const back = appealHref(at.line, queue);
  if (limit?.refusal)
    return (
      <Stack>
        <PageTitle kicker={`Обращение № ${appeal.number}`}>{title}</PageTitle>
        <Notice tone="warn" title="Продлить срок нельзя">
          {limit.refusal} <a href={back}>Вернуться к обращению</a>
        </Notice>
      </Stack>
    );
  return (
    <Stack>
      <PageTitle kicker={`Обращение № ${appeal.number}`} lead={lead}>
        {title}
      </PageTitle>
      <ErrorSummary errors={errors} />
      {redirection && <ChooseReceivers {...{ at, queue, redirection, errors }} query={props.sent} />}
      <Card>
        <Form
          action={pathOf(appeal, name)}
          csrf={token}
          idempotencyKey={formKey}
          {...(withFiles && { files: true })}
          hidden={{
            part: at.part.partId,
            from: formatQueue(queue),
            ...(redirection && { to: formatChosen(redirection.chosen) }),
          }}
          label={title}
        >
          <Fields {...props} />
          {withFiles && (
            <FileUpload
              name="files"
              label="Приложить файлы"
              hint={ATTACHMENT_WORDS}
              accept={ATTACHMENT_ACCEPT}
              error={errorOf(errors, 'files')}
            />
          )}
          <Actions>
            <Button kind={name === 'waive' ? 'danger' : 'primary'}>{button}</Button>
            <ButtonLink kind="quiet" href={back}>
              Вернуться к обращению
            </ButtonLink>
          </Actions>
        </Form>
      </Card>
    </Stack>
  );
}

const FIELDS: Readonly<Record<StepName, (props: StepPageProps) => ComponentChildren>> = {
  register: ({ sent, errors, today }) => (
    <>
      <Field
        kind="text"
        name="registrationNumber"
        label="Входящий номер"
        hint="Пусто: присвоим сами"
        maxLength={30}
        value={sent.registrationNumber ?? ''}
        error={errorOf(errors, 'registrationNumber')}
      />
      <Field
        kind="date"
        name="registeredOn"
        label="Дата регистрации"
        value={sent.registeredOn ?? formatNumericDate(today)}
        error={errorOf(errors, 'registeredOn')}
      />
    </>
  ),
  assign: ({ sent, errors, employees, personId, at }) => (
    <>
      <Field
        kind="choice"
        as="select"
        name="assignee"
        label="Кто отвечает"
        options={employees.map((one) => ({
          value: one.personId,
          label: one.personId === personId ? `${one.name} (вы)` : one.name,
        }))}
        value={sent.assignee ?? at.part.performerId ?? personId}
        error={errorOf(errors, 'assignee')}
        required
      />
      <Field
        kind="date"
        name="plannedOn"
        label="Когда планируем ответить (необязательно)"
        value={sent.plannedOn ?? (at.part.plannedOn ? formatNumericDate(at.part.plannedOn) : '')}
        error={errorOf(errors, 'plannedOn')}
      />
    </>
  ),
  redirect: ({ sent, errors }) => (
    <>
      <Field
        kind="text"
        name="outside"
        label="Кому ещё, если организации нет в кабинете"
        hint="Например: Росреестр, управление по городу. Такой ответ придёт не через кабинет"
        maxLength={250}
        value={sent.outside ?? ''}
        error={errorOf(errors, 'outside')}
      />
      <Comment name="comment" label="Пояснение автору" {...{ sent, errors }} required />
    </>
  ),
  extend: ({ sent, errors, limit, at }) => (
    <>
      <Field
        kind="date"
        name="until"
        label="Новый последний день ответа"
        hint={`Сейчас ${formatDate(at.part.dueOn!)}, продлить можно до ${formatDate(limit!.limit!)}`}
        value={sent.until ?? formatNumericDate(limit!.limit!)}
        error={errorOf(errors, 'until')}
        required
      />
      <Comment name="reason" label="Почему нужен новый срок" {...{ sent, errors }} required />
    </>
  ),
  waive: ({ sent, errors, at }) => (
    <>
      <Field
        kind="choice"
        as="radio"
        name="cause"
        label="Почему ответ не требуется"
        options={waiversOf(at.part.powerCode).map(({ cause, words, needsComment }) => ({
          value: cause,
          label: words,
          ...(needsComment && { hint: 'Нужно пояснение' }),
        }))}
        value={sent.cause ?? ''}
        error={errorOf(errors, 'cause')}
        required
      />
      <Comment name="comment" label="Пояснение автору" {...{ sent, errors }} />
    </>
  ),
  execute: ({ sent, errors }) => <Comment name="comment" label="Комментарий (необязательно)" {...{ sent, errors }} />,
};

const Fields = (props: StepPageProps) => <>{FIELDS[props.name](props)}</>;

interface CommentProps extends Pick<StepPageProps, 'sent' | 'errors'> {
  name: string;
  label: string;
  required?: boolean;
}

const Comment = ({ name, label, required = false, sent, errors }: CommentProps) => (
  <Field
    kind="text"
    {...{ name, label, required }}
    rows={5}
    maxLength={1000}
    value={sent[name] ?? ''}
    error={errorOf(errors, name)}
  />
);
