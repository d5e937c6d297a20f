import {
  Actions,
  Button,
  ButtonLink,
  DialogPage,
  ErrorSummary,
  errorOf,
  Field,
  type FieldError,
  Form,
} from '../../../../ui/index.ts';
import { appealPath } from '../../paths.ts';
import type { AppealView } from './read-view.ts';
import { bodyWords } from './words.ts';

interface ConfirmProps {
  view: AppealView;
  token: string;
  /** A new one for each showing: a second sending does nothing. */
  formKey: string;
  comment: string;
  errors: readonly FieldError[];
}

export type Step = 'withdraw' | 'reopen' | 'escalate';

export const STEP_TITLES: Readonly<Record<Step, string>> = {
  withdraw: 'Отозвать обращение',
  reopen: 'Вернуть обращение в работу',
  escalate: 'Пожаловаться',
};

/** The question before a step that organisations learn of at once. */
export function ConfirmPage({ step, ...props }: ConfirmProps & { step: Step }) {
  const { appeal } = props.view.whole;
  const { view, token, formKey, comment, errors } = props;
  const path = appealPath(appeal);
  const words = WORDS[step](view);
  return (
    <>
      <ErrorSummary errors={errors} />
      <DialogPage title={words.title}>
        {words.lines.map((line) => (
          <p key={line}>{line}</p>
        ))}
        <Form action={`${path}/${step}`} csrf={token} idempotencyKey={formKey}>
          {words.field && (
            <Field
              kind="text"
              name="comment"
              label={words.field}
              required={step === 'reopen'}
              rows={4}
              maxLength={1000}
              value={comment}
              error={errorOf(errors, 'comment')}
            />
          )}
          <Actions>
            <Button kind={step === 'withdraw' ? 'danger' : 'primary'}>{words.yes}</Button>
            <ButtonLink kind="secondary" href={path}>
              Нет, вернуться
            </ButtonLink>
          </Actions>
        </Form>
      </DialogPage>
    </>
  );
}

interface Words {
  title: string;
  lines: string[];
  field?: string;
  yes: string;
}

const WORDS: Readonly<Record<Step, (view: AppealView) => Words>> = {
  withdraw: ({ whole: { appeal } }) => ({
    title: `Отозвать обращение № ${appeal.number}?`,
    lines: ['Отвечать на него не будут, и отменить отзыв нельзя. Обращение останется в вашем списке.'],
    field: 'Почему отзываете (не обязательно)',
    yes: 'Да, отозвать',
  }),
  reopen: ({ whole: { appeal } }) => ({
    title: `Вернуть обращение № ${appeal.number} в работу?`,
    lines: ['Организация увидит ваш комментарий и должна будет ответить снова. Срок пойдёт заново.'],
    field: 'С чем вы не согласны',
    yes: 'Да, вернуть в работу',
  }),
  escalate: ({ escalation, whole: { appeal } }) => ({
    title: escalation ? `Пожаловаться в ${bodyWords(escalation)}?` : 'Пожаловаться',
    lines: [
      `${escalation?.body.shortName} получит обращение № ${appeal.number} целиком: ваш текст, файлы, ответы и сроки, ваше имя и контакты.`,
      'Это будет новое обращение с собственным номером и сроком. Прежнее остаётся как есть.',
    ],
    yes: 'Да, пожаловаться',
  }),
};
