import type { ComponentChildren } from 'preact';
import { errorOf, Field, formatDate, formatNumericDate } from '../../../ui/index.ts';
import { waiversOf } from '../waive-answer.ts';
import type { StepName, StepPageProps } from './step-page.tsx';

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

/** What a step asks for. */
export const StepFields = (props: StepPageProps) => <>{FIELDS[props.name](props)}</>;

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
