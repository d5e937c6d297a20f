import {
  Button,
  Card,
  DefinitionList,
  EmptyState,
  ErrorSummary,
  errorOf,
  Field,
  Form,
  formatDateTime,
  Money,
  PageTitle,
  Stack,
  Table,
} from '../../ui/index.ts';
import { ANSWER_WORDS, type Answer } from './answer-question.ts';
import { QUESTION_WORDS, type QuestionReason } from './payment.ts';
import type { PartRow } from './queries/orders.ts';
import type { QuestionRow } from './queries/questions.ts';
import type { Wrong } from './workplace.tsx';

const ZONE = 'Europe/Moscow';

interface Asked {
  question: QuestionRow;
  parts: readonly PartRow[];
  answers: readonly Answer[];
}

interface QuestionsPageProps {
  asked: readonly Asked[];
  answered: readonly QuestionRow[];
  token: string;
  wrong: Wrong | null;
}

const wordsOf = ({ reason }: QuestionRow): string => QUESTION_WORDS[reason as QuestionReason] ?? reason;

/** The queue of payments that no program may decide about: oldest first. */
export function QuestionsPage({ asked, answered, token, wrong }: QuestionsPageProps) {
  return (
    <Stack>
      <ErrorSummary errors={wrong?.errors ?? []} />
      <PageTitle lead="Банк не дал ясного ответа, а гадать о деньгах нельзя. Проверьте платёж в кабинете банка и запишите решение.">
        Спорные платежи
      </PageTitle>
      {asked.length === 0 && (
        <EmptyState title="Спорных платежей нет">Новый вопрос появится здесь сам, если банк ответит неясно.</EmptyState>
      )}
      {asked.map((one) => (
        <QuestionCard
          key={one.question.question_id}
          {...one}
          token={token}
          wrong={wrong?.questionId === one.question.question_id ? wrong : null}
        />
      ))}
      {answered.length > 0 && <Answered questions={answered} />}
    </Stack>
  );
}

function QuestionCard({ question, parts, answers, token, wrong }: Asked & { token: string; wrong: Wrong | null }) {
  const errors = wrong?.errors ?? [];
  return (
    <Card title={wordsOf(question)} note={`Вопрос возник ${formatDateTime(question.asked_at, ZONE)} (мск)`}>
      <DefinitionList
        items={[
          { term: 'Сумма', value: <Money amount={question.amount} /> },
          { term: 'Магазин', value: question.shop_id },
          { term: 'Номер операции у банка', value: question.external_id, empty: 'банк не сообщил' },
          { term: 'Номер платежа у нас', value: question.payment_id },
          { term: 'Лицевые счета', value: parts.map(({ account_number }) => account_number).join(', ') },
          { term: 'Подробности', value: question.details },
        ]}
      />
      <Form action={`/work/payments/questions/${question.question_id}`} csrf={token} label="Решение по платежу">
        <Field
          kind="choice"
          as="radio"
          name="answer"
          label="Решение"
          required
          options={answers.map((answer) => ({ value: answer, label: ANSWER_WORDS[answer] }))}
          value={wrong?.sent.answer}
          error={errorOf(errors, 'answer')}
        />
        <Field
          kind="text"
          name="note"
          rows={3}
          maxLength={1000}
          label="На чём основано"
          required
          hint="Например: выписка банка от 12.11.2026, строка 48"
          value={wrong?.sent.note}
          error={errorOf(errors, 'note')}
        />
        <Button>Записать решение</Button>
      </Form>
    </Card>
  );
}

const Answered = ({ questions }: { questions: readonly QuestionRow[] }) => (
  <Table
    caption="Решённые"
    rows={questions}
    rowKey={({ question_id }) => question_id}
    columns={[
      {
        key: 'when',
        title: 'Решено',
        cell: ({ answered_at }) => answered_at && formatDateTime(answered_at, ZONE),
      },
      { key: 'what', title: 'Вопрос', heading: true, cell: wordsOf },
      {
        key: 'answer',
        title: 'Решение',
        cell: ({ answer, note }) => (
          <div>
            {ANSWER_WORDS[answer as Answer]}
            <br />
            <span class="quiet">{note}</span>
          </div>
        ),
      },
      { key: 'sum', title: 'Сумма', numeric: true, cell: ({ amount }) => <Money amount={amount} /> },
    ]}
  />
);
