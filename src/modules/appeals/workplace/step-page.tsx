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
  type FieldError,
  FileUpload,
  Form,
  Notice,
  PageTitle,
  Stack,
} from '../../../ui/index.ts';
import type { ExtensionLimit } from '../extend-term.ts';
import type { AppealAtDesk } from '../open-at-desk.ts';
import type { Employee } from './employees.ts';
import { appealHref, formatQueue, pathOf, type QueueQuery } from './queue-query.ts';
import { ChooseReceivers } from './receivers.tsx';
import { formatChosen, type RedirectionView } from './redirection.ts';
import { StepFields } from './step-fields.tsx';

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

export interface StepPageProps {
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
          <StepFields {...props} />
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
