import {
  Actions,
  Button,
  ButtonLink,
  Card,
  counted,
  DoneNotice,
  ErrorSummary,
  errorOf,
  type FieldError,
  Form,
  Notice,
  PageTitle,
  PrintButton,
  Stack,
  Tabs,
  Timeline,
} from '../../../../ui/index.ts';
import { appealPath } from '../../paths.ts';
import { AboutAppeal, AboutApplicant, RelatedAppeals } from './about.tsx';
import { Answers, AssessForm } from './answers.tsx';
import { Changes } from './changes.tsx';
import { LIST } from './list-query.ts';
import { PartsTable } from './parts-table.tsx';
import type { AppealView } from './read-view.ts';
import { standingOf, waysOf } from './standing.ts';
import { bodyWords } from './words.ts';

/** The token and what was typed into a form of the page that came back with errors. */
export interface Filling {
  token: string;
  values: Readonly<Record<string, string>>;
  errorOf: (field: string) => string | undefined;
}

interface ViewPageProps {
  view: AppealView;
  tab: 'answers' | 'changes';
  /** What the person has just done here. */
  done: string | undefined;
  token: string;
  values: Readonly<Record<string, string>>;
  errors: readonly FieldError[];
  now: Date;
}

const DONE: Readonly<Record<string, string>> = {
  withdrawn: 'Обращение отозвано. Организациям мы сообщили.',
  assessed: 'Спасибо, оценка сохранена.',
  reopened: 'Обращение снова в работе, организация получила ваш комментарий.',
  fixed: 'Спасибо, мы записали ваш ответ.',
  escalated: 'Жалоба отправлена. Это она: у неё свой номер и свой срок ответа.',
};

/** «Просмотр обращения»: first how it stands, then answers and changes, then what was written. */
export function ViewPage({ view, tab, done, token, values, errors, now }: ViewPageProps) {
  const { appeal } = view.whole;
  const filling: Filling = { token, values, errorOf: (field) => errorOf(errors, field) };
  const standing = standingOf(view.whole, view.names, now);
  return (
    <Stack>
      <PageTitle kicker={`Обращение № ${appeal.number}`} lead={standing.words}>
        Просмотр обращения
      </PageTitle>
      <ErrorSummary errors={errors} />
      <DoneNotice words={DONE} done={done} />
      {view.actions.tellFixed && (
        <div class="off-paper">
          <FixedQuestion {...{ view, filling }} />
        </div>
      )}
      {!waitsAgain(view) && <Escalate view={view} />}
      <Card title="Кому направлено" note={joinedWords(view)}>
        <Stack>
          <PartsTable view={view} now={now} />
          <Timeline items={waysOf(view.whole)} />
        </Stack>
      </Card>
      <History {...{ view, tab, filling }} />
      <AboutAppeal view={view} />
      <AboutApplicant view={view} />
      <RelatedAppeals view={view} />
      <Actions>
        <ButtonLink kind="secondary" icon="arrow-left" href={LIST}>
          Вернуться
        </ButtonLink>
        <ButtonLink kind="secondary" icon="download" href={`${appealPath(appeal)}/appeal.pdf`} download>
          Скачать PDF
        </ButtonLink>
        <PrintButton />
        {view.role === 'author' && (
          <ButtonLink kind="quiet" href={`/appeals/new?parent=${appeal.houseId}.${appeal.appealId}`}>
            Написать ещё об этом
          </ButtonLink>
        )}
        {waitsAgain(view) && (
          <ButtonLink kind="quiet" href={`${appealPath(appeal)}/escalate`}>
            Пожаловаться в {bodyWords(view.escalation!)}
          </ButtonLink>
        )}
        {view.actions.withdraw && (
          <ButtonLink kind="danger" href={`${appealPath(appeal)}/withdraw`}>
            Отозвать обращение
          </ButtonLink>
        )}
      </Actions>
    </Stack>
  );
}

function joinedWords({ whole: { appeal }, role }: AppealView): string | undefined {
  if (appeal.joined === 0) return undefined;
  const neighbours = counted(appeal.joined, ['сосед', 'соседа', 'соседей']);
  return role === 'author'
    ? `К обращению присоединились: ${neighbours}`
    : `Присоединились: ${neighbours}, вместе с вами`;
}

/** Both lists stand in the page: one of them is on paper only. */
function History({ view, tab, filling }: { view: AppealView; tab: 'answers' | 'changes'; filling: Filling }) {
  const path = appealPath(view.whole.appeal);
  const { answers, events } = view.whole;
  const tabs = [
    { href: path, label: 'Ответы на обращение', count: answers.length },
    { href: `${path}?tab=changes`, label: 'Изменения по обращению', count: events.length },
  ];
  const shown = (own: typeof tab) => (own === tab ? undefined : 'on-paper-only');
  return (
    <Card title="Ход рассмотрения" id="history">
      <Stack>
        <Tabs label="Ход рассмотрения" tabs={tabs} active={tabs[tab === 'answers' ? 0 : 1]!.href} />
        <div class={shown('answers')}>
          <Stack>
            <h3 class="on-paper-only">Ответы на обращение</h3>
            <Answers view={view} />
            {view.actions.assess && (
              <div class="off-paper">
                <AssessForm {...{ view, filling }} />
              </div>
            )}
            {view.actions.reopen && (
              <Actions>
                <ButtonLink kind="secondary" icon="undo-2" href={`${path}/reopen`}>
                  Вернуть обращение в работу
                </ButtonLink>
              </Actions>
            )}
          </Stack>
        </div>
        <div class={shown('changes')}>
          <h3 class="on-paper-only">Изменения по обращению</h3>
          <Changes view={view} />
        </div>
      </Stack>
    </Card>
  );
}

function FixedQuestion({ view, filling }: { view: AppealView; filling: Filling }) {
  const { appeal } = view.whole;
  const path = `${appealPath(appeal)}/fixed`;
  const said = appeal.fixed === null ? null : appeal.fixed ? 'исправлено' : 'не исправлено';
  return (
    <Card title="Исправлено ли на самом деле?" tone="tint">
      <p>
        {said
          ? `Вы ответили: ${said}. Ответ можно изменить.`
          : 'После ответа прошло время. Ваше слово увидит организация, а если не исправлено — обращение можно вернуть в работу.'}
      </p>
      <Form action={path} csrf={filling.token} label="Исправлено ли">
        <Actions>
          {appeal.fixed !== true && (
            <Button name="fixed" value="yes" kind="secondary">
              Да, исправлено
            </Button>
          )}
          {appeal.fixed !== false && (
            <Button name="fixed" value="no" kind="secondary">
              Нет, не исправлено
            </Button>
          )}
        </Actions>
      </Form>
    </Card>
  );
}

const REASONS = {
  overdue: 'Срок ответа прошёл',
  silent: 'Вам долго не отвечают',
  unsatisfied: 'Ответ вас не устроил',
  nowhere: 'Отвечать больше некому',
} as const;

/** The author has sent it back to work: a new answer is awaited. To complain of the old one stays possible, but nobody is urged to. */
function waitsAgain({ escalation, whole: { events } }: AppealView): boolean {
  if (!escalation || escalation.made || escalation.reason !== 'unsatisfied') return false;
  return events.findLast(({ kind }) => kind === 'reopened' || kind === 'answered')?.kind === 'reopened';
}

/** One tap, with a page that asks once more: the whole file goes to the body above. */
function Escalate({ view: { escalation, whole } }: { view: AppealView }) {
  if (!escalation || escalation.made) return null;
  return (
    <Notice tone={escalation.reason === 'overdue' ? 'danger' : 'warn'} title={REASONS[escalation.reason]}>
      <p>
        {escalation.reason === 'overdue' && (
          <>
            <b>Просрочено.</b>{' '}
          </>
        )}
        Можно пожаловаться: {escalation.body.shortName} получит ваше обращение со всеми ответами и файлами.
      </p>
      <ButtonLink href={`${appealPath(whole.appeal)}/escalate`}>Пожаловаться в {bodyWords(escalation)}</ButtonLink>
    </Notice>
  );
}
