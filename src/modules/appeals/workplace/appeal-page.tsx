import type { Typed } from '../../../platform/http/forms.ts';
import type { Day } from '../../../platform/month.ts';
import {
  Actions,
  ButtonLink,
  Card,
  Columns,
  ErrorSummary,
  formatDate,
  Notice,
  PageTitle,
  Stack,
} from '../../../ui/index.ts';
import { isOpen } from '../appeal.ts';
import { overseenPath } from '../inspectorate/territory-query.ts';
import type { DeskLine } from '../queries/desk.ts';
import { INSPECTORATE } from '../topics.ts';
import { AppealText, AuthorCard, ParentFile, RequestText, TermCard } from './about-appeal.tsx';
import { AnswerFiles } from './answer-files.tsx';
import { AnswerForm, type AnswerFormProps } from './answer-form.tsx';
import { SentAnswers } from './answers.tsx';
import { History } from './history.tsx';
import { APPEAL_KEYS, Keys, KeysHint } from './keys.tsx';
import { Notes } from './notes.tsx';
import { appealHref, queuePath } from './queue-query.ts';
import { Marks } from './words.tsx';

export interface AppealPageProps extends AnswerFormProps {
  today: Day;
  /** Null when nothing else waits in the queue. */
  next: DeskLine | null;
  /** What has just been done. */
  said: { title: string; href?: string | undefined } | null;
  sent: Typed;
}

const leadOf = (dueOn: Day | null, today: Day): string => {
  if (!dueOn) return 'Срок ответа законом не установлен';
  return dueOn < today
    ? `Срок ответа прошёл ${formatDate(dueOn)} Ответьте как можно скорее`
    : `Ответьте до ${formatDate(dueOn)}`;
};

/** One appeal: on the left what is read and answered, on the right what is known about it. */
export function AppealPage(props: AppealPageProps) {
  const { at, queue, today, next, said, errors, token, sent, draft } = props;
  const { whole, part, line, children } = at;
  const { appeal } = whole;
  const open = isOpen(part.state);
  return (
    <Keys keys={APPEAL_KEYS}>
      <Stack>
        {said && (
          <Notice tone="good" announce title={said.title}>
            {said.href && <a href={said.href}>Открыть это обращение</a>}
          </Notice>
        )}
        <PageTitle
          kicker={`Обращение № ${appeal.number}`}
          lead={open ? leadOf(part.dueOn, today) : 'Обращение закрыто у вашей организации'}
          actions={
            <Actions>
              <KeysHint />
              <ButtonLink shortcut="u" kind="quiet" href={queuePath(queue)}>
                К очереди
              </ButtonLink>
              {next && (
                <ButtonLink shortcut="n" kind="secondary" icon="arrow-right" href={appealHref(next, queue)}>
                  Следующее
                </ButtonLink>
              )}
            </Actions>
          }
        >
          {appeal.ownTopic || appeal.topicName}
        </PageTitle>
        <p class="desk-line__marks">
          <Marks line={line} now={props.facts.at} />
        </p>
        <ErrorSummary errors={errors} />
        <Columns>
          <Stack>
            <RequestText {...at} />
            <AppealText {...at} />
            <ParentFile {...at} />
            <SentAnswers of={appeal} whole={whole} names={at.names} files={at.files} />
            {open && <AnswerForm {...props} />}
            {open && <AnswerFiles {...{ at, draft, queue, token, errors }} />}
            <Card title="Изменения по обращению">
              <History {...at} />
            </Card>
          </Stack>
          <Stack>
            <TermCard {...{ at, today, queue }} />
            {open && part.kind === 'appeal' && <OtherSteps at={at} queue={queue} />}
            <AuthorCard {...at} />
            {children.length > 0 && (
              <Card title="Продолжения">
                <ul>
                  {children.map((child) => (
                    <li key={child.appealId}>
                      {child.relation === 'escalation' ? 'Жалоба' : 'Новый вопрос'} № {child.number} от{' '}
                      {formatDate(child.sentAt, child.zone)}
                    </li>
                  ))}
                </ul>
              </Card>
            )}
            <Notes {...{ at, queue, token, errors }} text={sent.note ?? ''} />
          </Stack>
        </Columns>
      </Stack>
    </Keys>
  );
}

function OtherSteps({ at: { part, whole }, queue }: Pick<AppealPageProps, 'at' | 'queue'>) {
  const place = { ...whole.appeal, deskId: part.partId };
  const hasAnswer = whole.answers.some(
    ({ partId, sentAt }) => partId === part.partId && sentAt !== null && sentAt >= part.receivedAt,
  );
  return (
    <Card title="Другие действия">
      <Actions>
        <ButtonLink kind="secondary" href={appealHref(place, queue, 'redirect')}>
          Перенаправить
        </ButtonLink>
        <ButtonLink kind="secondary" href={appealHref(place, queue, 'extend')}>
          Продлить срок
        </ButtonLink>
        <ButtonLink kind="secondary" href={appealHref(place, queue, 'waive')}>
          Ответ не требуется
        </ButtonLink>
        {hasAnswer && (
          <ButtonLink kind="secondary" href={appealHref(place, queue, 'execute')}>
            Отметить исполненным
          </ButtonLink>
        )}
        {part.powerCode === INSPECTORATE && (
          <ButtonLink kind="secondary" href={`${overseenPath(place)}#requests`}>
            Запросить сведения
          </ButtonLink>
        )}
      </Actions>
    </Card>
  );
}
