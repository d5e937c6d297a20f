import type { Typed } from '../../../platform/http/forms.ts';
import { Actions, Button, Card, errorOf, Field, type FieldError, Form, formatTime } from '../../../ui/index.ts';
import { type Answer, OUTCOMES, TEXT_LIMIT } from '../appeal.ts';
import { fillTemplate, type TemplateFacts } from '../fill-template.ts';
import type { AppealAtDesk } from '../open-at-desk.ts';
import type { AnswerTemplate } from '../queries/templates.ts';
import { formatQueue, pathOf, type QueueQuery } from './queue-query.ts';

export interface AnswerFormProps {
  at: AppealAtDesk;
  queue: QueueQuery;
  /** The draft that is written; null before the first save. */
  draft: Answer | null;
  /** As the clerk signed the last answer. */
  post: string;
  templates: readonly AnswerTemplate[];
  facts: TemplateFacts;
  token: string;
  formKey: string;
  errors: readonly FieldError[];
  /** What was typed and not taken. */
  sent: Typed;
}

/** Files go with this form while there is no script. */
export const ANSWER_FORM = 'answer-form';

/** Which draft was read, and how it was then: a newer save of a colleague is not overwritten. */
export const versionOf = (draft: Pick<Answer, 'answerId' | 'changedAt'> | null): string =>
  draft ? `${draft.answerId}.${draft.changedAt.getTime()}` : '';

export const OUTCOME_OPTIONS = Object.entries(OUTCOMES).map(([value, label]) => ({ value, label }));
/** Most answers explain something; a template may say otherwise. */
const USUAL = 'explained';

export function AnswerForm({
  at,
  queue,
  draft,
  post,
  templates,
  facts,
  token,
  formKey,
  errors,
  sent,
}: AnswerFormProps) {
  const { part, whole } = at;
  const value = (name: string, kept: string | undefined) => sent[name] ?? kept ?? '';
  const isRequest = part.kind === 'request';
  return (
    <Card title={isRequest ? 'Ответ инспекции' : 'Ответ'} id="answer">
      <draft-form>
        <answer-desk>
          <Form
            action={pathOf(whole.appeal, 'answer')}
            csrf={token}
            idempotencyKey={formKey}
            hidden={{ part: part.partId, from: formatQueue(queue), version: sent.version ?? versionOf(draft) }}
            label="Ответ"
            id={ANSWER_FORM}
            wide
          >
            {/* Enter in a field presses the first button of its form: it must not send. */}
            <button type="submit" name="do" value="save" hidden tabIndex={-1} />
            <TemplateChoice {...{ templates, facts }} />
            {!isRequest && (
              <Field
                kind="choice"
                as="select"
                name="outcome"
                label="Чем закончилось обращение"
                options={OUTCOME_OPTIONS}
                value={value('outcome', draft?.outcome ?? USUAL)}
                error={errorOf(errors, 'outcome')}
                required
              />
            )}
            <div class="answer-text" data-key="r">
              <Field
                kind="text"
                name="text"
                label="Текст ответа"
                rows={12}
                maxLength={TEXT_LIMIT}
                value={value('text', draft?.text)}
                error={errorOf(errors, 'text')}
                required
              />
            </div>
            <p class="saved" role="status" data-saved>
              {draft && `Черновик сохранён в ${formatTime(draft.changedAt, whole.appeal.zone)}`}
            </p>
            <div class="answer-facts">
              <Field
                kind="text"
                name="performerPost"
                label="Ваша должность"
                hint="Встанет в подпись"
                maxLength={255}
                value={value('performerPost', draft?.performerPost || post)}
                error={errorOf(errors, 'performerPost')}
              />
              <Field
                kind="text"
                name="number"
                label="Исходящий номер"
                hint="Пусто: присвоим сами"
                maxLength={35}
                value={value('number', draft?.number)}
                error={errorOf(errors, 'number')}
              />
            </div>
            {!isRequest && (
              <Field
                kind="choice"
                as="checkbox"
                name="interim"
                label="Вид ответа"
                options={[
                  {
                    value: '1',
                    label: 'Промежуточный ответ',
                    hint: 'Обращение останется в работе, потом нужен окончательный',
                  },
                ]}
                value={value('interim', draft?.interim ? '1' : '')}
              />
            )}
            <Actions>
              <Button shortcut="Ctrl+Enter" name="do" value="send" icon="send">
                Отправить и открыть следующее
              </Button>
              <Button kind="secondary" name="do" value="save">
                Сохранить черновик
              </Button>
              {draft && (
                <Button kind="quiet" name="do" value="delete" icon="trash-2">
                  Удалить черновик
                </Button>
              )}
            </Actions>
          </Form>
        </answer-desk>
      </draft-form>
    </Card>
  );
}

/** The texts of so many templates stand in the page; more would make it heavy, and nobody looks through them. */
const MOST = 30;

function TemplateChoice({ templates, facts }: Pick<AnswerFormProps, 'templates' | 'facts'>) {
  if (templates.length === 0)
    return (
      <p class="quiet">
        Шаблонов для этой темы нет. <a href="/work/appeals/templates/new">Создать шаблон</a>
      </p>
    );
  return (
    <div class="template-choice">
      <div class="field">
        <label class="field__label" for="field-template">
          Шаблон
        </label>
        <select class="input input--select" id="field-template" name="template">
          {templates.slice(0, MOST).map((template) => (
            <option
              key={template.templateId}
              value={template.templateId}
              data-text={fillTemplate(template.text, facts)}
              data-outcome={template.outcome ?? undefined}
            >
              {template.title}
            </option>
          ))}
        </select>
      </div>
      <Button shortcut="t" kind="secondary" name="do" value="insert">
        Вставить
      </Button>
      <p class="visually-hidden" role="status" data-inserted />
    </div>
  );
}
