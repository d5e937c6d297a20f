import type { Typed } from '../../../platform/http/forms.ts';
import type { TemplateId } from '../../../platform/ids.ts';
import {
  Actions,
  Button,
  ButtonLink,
  Card,
  EmptyState,
  ErrorSummary,
  errorOf,
  Field,
  type FieldError,
  Form,
  PageTitle,
  Stack,
  Table,
} from '../../../ui/index.ts';
import { OUTCOMES, TEXT_LIMIT } from '../appeal.ts';
import { PLACEHOLDERS } from '../fill-template.ts';
import type { TopicGroup } from '../list-topics.ts';
import type { AnswerTemplate } from '../queries/templates.ts';
import { OUTCOME_OPTIONS } from './answer-form.tsx';
import { DESK } from './queue-query.ts';

const TEMPLATES = `${DESK}/templates`;

interface TemplatesPageProps {
  templates: readonly AnswerTemplate[];
  topics: readonly TopicGroup[];
}

export function TemplatesPage({ templates, topics }: TemplatesPageProps) {
  const names = new Map(topics.flatMap((group) => [group, ...group.topics]).map(({ code, name }) => [code, name]));
  return (
    <Stack>
      <PageTitle
        lead="Тексты, которыми вы отвечаете снова и снова. На странице обращения шаблон вставляется одной клавишей t."
        actions={<ButtonLink href={`${TEMPLATES}/new`}>Создать шаблон</ButtonLink>}
      >
        Шаблоны ответов
      </PageTitle>
      <Table
        caption="Шаблоны ответов"
        captionHidden
        rows={templates}
        rowKey={({ templateId }) => templateId}
        empty={
          <EmptyState title="Шаблонов ещё нет" action={{ href: `${TEMPLATES}/new`, label: 'Создать шаблон' }}>
            С них быстрее всего начать ответ: имя автора, номер и адрес подставятся сами.
          </EmptyState>
        }
        columns={[
          {
            key: 'title',
            title: 'Шаблон',
            heading: true,
            cell: ({ templateId, title }) => <a href={`${TEMPLATES}/${templateId}`}>{title}</a>,
          },
          {
            key: 'topic',
            title: 'Тема',
            prose: true,
            cell: ({ topicCode }) => (topicCode ? `${topicCode}. ${names.get(topicCode) ?? ''}` : 'Любая'),
          },
          {
            key: 'outcome',
            title: 'Результат',
            cell: ({ outcome }) => (outcome ? OUTCOMES[outcome] : 'Выбирает сотрудник'),
          },
        ]}
      />
    </Stack>
  );
}

interface TemplatePageProps {
  templateId: TemplateId | null;
  title: string;
  topics: readonly TopicGroup[];
  values: Typed;
  errors: readonly FieldError[];
  token: string;
}

export function TemplatePage({ templateId, title, topics, values, errors, token }: TemplatePageProps) {
  const path = `${TEMPLATES}/${templateId ?? 'new'}`;
  const options = topics.flatMap((group) => [
    { value: group.code, label: `${group.code}. ${group.name}${group.topics.length > 0 ? ' (все темы)' : ''}` },
    ...group.topics.map(({ code, name }) => ({ value: code, label: `${code}. ${name}` })),
  ]);
  return (
    <Stack>
      <PageTitle>{title}</PageTitle>
      <ErrorSummary errors={errors} />
      <Card>
        <Form action={path} csrf={token} label={title}>
          <Field
            kind="text"
            name="title"
            label="Название"
            maxLength={200}
            value={values.title ?? ''}
            error={errorOf(errors, 'title')}
            required
          />
          <Field
            kind="choice"
            as="select"
            name="topicCode"
            label="Для какой темы"
            placeholder="Для любой"
            options={options}
            value={values.topicCode ?? ''}
            error={errorOf(errors, 'topicCode')}
          />
          <Field
            kind="choice"
            as="select"
            name="outcome"
            label="Чем заканчивается обращение"
            placeholder="Выбирает сотрудник"
            options={OUTCOME_OPTIONS}
            value={values.outcome ?? ''}
            error={errorOf(errors, 'outcome')}
          />
          <Field
            kind="text"
            name="text"
            label="Текст ответа"
            rows={14}
            maxLength={TEXT_LIMIT}
            value={values.text ?? ''}
            error={errorOf(errors, 'text')}
            required
          />
          <details>
            <summary>Что подставится само</summary>
            <ul>
              {Object.entries(PLACEHOLDERS).map(([name, about]) => (
                <li key={name}>
                  {`{${name}}`}: {about}
                </li>
              ))}
            </ul>
          </details>
          <Actions>
            <Button>Сохранить</Button>
            <ButtonLink kind="quiet" href={TEMPLATES}>
              К шаблонам
            </ButtonLink>
          </Actions>
        </Form>
      </Card>
      {templateId && (
        <Form action={`${path}/delete`} csrf={token} label="Удаление шаблона">
          <Button kind="quiet" icon="trash-2">
            Удалить шаблон
          </Button>
        </Form>
      )}
    </Stack>
  );
}
