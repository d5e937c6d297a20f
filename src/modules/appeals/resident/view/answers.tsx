import {
  Button,
  DefinitionList,
  EmptyState,
  Field,
  Form,
  formatDate,
  Notice,
  Stack,
  Status,
  type StatusTone,
  TypedText,
} from '../../../../ui/index.ts';
import { type Answer, ASSESSMENTS, OUTCOMES, type Outcome } from '../../appeal.ts';
import { appealPath } from '../../paths.ts';
import { Files } from './files.tsx';
import { FoldSummary } from './fold-summary.tsx';
import type { AppealView, Letter } from './read-view.ts';
import { outsideWords } from './standing.ts';
import type { Filling } from './view-page.tsx';

const OUTCOME_TONES: Readonly<Record<Outcome, StatusTone>> = {
  satisfied: 'good',
  partial: 'warn',
  refused: 'danger',
  explained: 'info',
};

/** «Ответы на обращение»: each with its organisation, the newest first and unfolded. */
export function Answers({ view }: { view: AppealView }) {
  const { answers, parts } = view.whole;
  if (answers.length === 0) return <NoAnswers view={view} />;
  return (
    <Stack>
      {answers.toReversed().map((answer, index) => {
        const part = parts.find(({ partId }) => partId === answer.partId);
        const who = part && view.names.get(part.organisationId);
        return (
          <article class="appeal-row" key={answer.answerId}>
            <h3>{who}</h3>
            <p>
              {answer.interim ? 'Промежуточный ответ' : 'Ответ'} № {answer.number}
              {answer.answeredOn && ` от ${formatDate(answer.answeredOn)}`}{' '}
              {answer.outcome && <Status tone={OUTCOME_TONES[answer.outcome]}>{OUTCOMES[answer.outcome]}</Status>}
            </p>
            <details open={index === 0}>
              <FoldSummary />
              <AnswerBody {...{ view, answer }} />
            </details>
          </article>
        );
      })}
    </Stack>
  );
}

function AnswerBody({ view, answer }: { view: AppealView; answer: Answer }) {
  const { appeal, files } = view.whole;
  const own = files.filter(({ answerId }) => answerId === answer.answerId);
  const letter = view.letters.findLast(({ answerId }) => answerId === answer.answerId);
  const performer = [answer.performerPost, answer.performerName].filter(Boolean).join(', ');
  return (
    <div class="appeal-row__body">
      <TypedText>{answer.text}</TypedText>
      <DefinitionList
        items={[
          { term: 'Исполнитель', value: performer },
          {
            term: 'Файлы ответа',
            value: own.length > 0 && (
              <Files label="Файлы ответа" appeal={appeal} files={own} known={view.files} own={false} />
            ),
            empty: 'Нет прикрепленных файлов',
          },
        ].map((item) => ({ ...item, value: item.value || null }))}
      />
      {letter && <LetterState letter={letter} zone={appeal.zone} />}
    </div>
  );
}

/** Whether the mail about the answer went out. A refusal is told plainly: the answer stays here. */
function LetterState({ letter, zone }: { letter: Letter; zone: string }) {
  const { recipient, sentAt, state, refusal } = letter;
  if (state === 'refused')
    return (
      <Notice tone="warn" title={`Письмо на ${recipient} не дошло`}>
        Почтовый сервер не принял его{refusal && `: «${refusal}»`}. Ответ остаётся здесь, вы ничего не потеряли.
        Проверьте адрес: в новом обращении укажите другой.
      </Notice>
    );
  if (sentAt)
    return (
      <p class="quiet">
        Письмо с ответом отправлено на {recipient} {formatDate(sentAt, zone)}
      </p>
    );
  return (
    <p class="quiet">
      {state === 'retrying'
        ? `Почтовый сервер пока не принимает письмо на ${recipient}, мы повторяем отправку.`
        : `Письмо с ответом отправляется на ${recipient}.`}
    </p>
  );
}

function NoAnswers({ view: { whole, role, escalation } }: { view: AppealView }) {
  const waived = whole.appeal.answerNotRequired && whole.appeal.state === 'executed';
  if (waived)
    return (
      <EmptyState title="Ответа не будет">
        Организация решила, что ответ не требуется. Причина названа в «Изменениях по обращению».
      </EmptyState>
    );
  if (whole.appeal.state === 'withdrawn')
    return <EmptyState title="Ответов нет">Обращение отозвано до того, как на него ответили.</EmptyState>;
  if (whole.appeal.state === 'outside')
    return <EmptyState title="Ответ придёт не сюда">{outsideWords(whole)}</EmptyState>;
  return (
    <EmptyState title="Ответа пока нет">
      {role === 'author'
        ? `Когда он придёт, мы покажем его здесь и отправим на ${whole.appeal.answerEmail}.`
        : 'Когда он придёт, мы покажем его здесь и отправим на ваш адрес.'}{' '}
      {role === 'author' && !escalation && 'Если срок пройдёт, появится кнопка жалобы.'}
    </EmptyState>
  );
}

/** Three choices and a comment: what the author thinks of the answer. */
export function AssessForm({ view, filling }: { view: AppealView; filling: Filling }) {
  const { appeal, events } = view.whole;
  const said = events.findLast(({ kind }) => kind === 'assessed')?.details.comment;
  const isTyped = 'assessment' in filling.values || 'comment' in filling.values;
  return (
    <Form action={`${appealPath(appeal)}/assess`} csrf={filling.token} label="Оценка ответа">
      <Field
        kind="choice"
        as="radio"
        name="assessment"
        label={appeal.assessment ? 'Ваша оценка ответа' : 'Оцените ответ'}
        required
        value={isTyped ? filling.values.assessment : (appeal.assessment ?? undefined)}
        options={Object.entries(ASSESSMENTS).map(([value, label]) => ({ value, label }))}
        error={filling.errorOf('assessment')}
      />
      <Field
        kind="text"
        name="comment"
        label="Чего не хватило"
        hint="Не обязательно. Организация увидит ваш комментарий"
        rows={3}
        maxLength={1000}
        value={isTyped ? filling.values.comment : appeal.assessment && typeof said === 'string' ? said : undefined}
        error={filling.errorOf('comment')}
      />
      <Button kind="secondary">{appeal.assessment ? 'Изменить оценку' : 'Сохранить оценку'}</Button>
    </Form>
  );
}
