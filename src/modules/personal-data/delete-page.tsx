import type { Obstacle } from '../../platform/person-part.ts';
import type { DatedRule } from '../../platform/rules/rules.ts';
import {
  Actions,
  Button,
  ButtonLink,
  Card,
  counted,
  ErrorSummary,
  errorOf,
  Field,
  type FieldError,
  Form,
  Notice,
  PageTitle,
  Stack,
  Table,
} from '../../ui/index.ts';
import { CONFIRMATION } from './erase-person.ts';

export interface Kept {
  what: string;
  why: string;
  /** When the term has passed; else somebody has to decide. */
  goesItself: boolean;
  rule: DatedRule | null;
}

const UNITS: Readonly<Record<string, readonly [string, string, string]>> = {
  год: ['год', 'года', 'лет'],
  день: ['день', 'дня', 'дней'],
};

function howLong({ rule, goesItself }: Kept): string {
  if (!rule) return 'Без срока';
  const forms = UNITS[rule.unit];
  const term = forms && /^\d+$/.test(rule.value) ? counted(Number(rule.value), forms) : rule.value;
  return goesItself ? `${term}, затем удаляется само` : `Не меньше: ${term}`;
}

const whyOf = ({ rule, why }: Kept): string => (rule ? `${rule.source}${isUnchecked(rule) ? '\u00a0*' : ''}` : why);

const isUnchecked = (rule: Kept['rule']): boolean => rule?.mark === 'unchecked';

interface DeletePageProps {
  obstacles: readonly Obstacle[];
  goes: readonly string[];
  kept: readonly Kept[];
  errors: readonly FieldError[];
  word: string;
  token: string;
}

export function DeletePage({ obstacles, goes, kept, errors, word, token }: DeletePageProps) {
  return (
    <Stack>
      <ErrorSummary errors={errors} />
      <PageTitle lead="Удаление нельзя отменить. Прочтите, что исчезнет сразу, что останется и почему.">
        Удалить мои данные
      </PageTitle>
      {obstacles.length > 0 && <Obstacles obstacles={obstacles} />}
      <Card title="Что удаляется сразу">
        <ul>
          {goes.map((what) => (
            <li key={what}>{what}</li>
          ))}
        </ul>
        <p>
          Все входы завершаются. Если войти снова, кабинет будет пустым. Сохраните нужное заранее:{' '}
          <a href="/settings/export">все мои данные одним архивом</a>.
        </p>
      </Card>
      <Table
        caption="Что остаётся, почему и до какого времени"
        rows={kept}
        rowKey={({ what }) => what}
        columns={[
          { key: 'what', title: 'Что остаётся', heading: true, cell: ({ what }) => what },
          { key: 'how', title: 'Сколько', cell: howLong },
          { key: 'why', title: 'Почему', prose: true, cell: whyOf },
        ]}
      />
      <p class="quiet">
        «Не меньше» значит, что само это не исчезает: когда срок выйдет, решает оператор кабинета. Вы можете спросить
        его и после удаления.
        {kept.some(({ rule }) => isUnchecked(rule)) && ' * С текстом закона оператор это ещё не сверил.'}
      </p>
      {obstacles.length === 0 && (
        <Card title="Подтвердите удаление">
          <Form action="/settings/delete" csrf={token} label="Удаление данных">
            <Field
              kind="text"
              name="word"
              label={`Напишите слово ${CONFIRMATION}`}
              required
              autocomplete="off"
              maxLength={20}
              short
              value={word}
              error={errorOf(errors, 'word')}
            />
            <Actions>
              <Button kind="danger">Удалить мои данные</Button>
              <ButtonLink kind="secondary" href="/settings">
                Не удалять
              </ButtonLink>
            </Actions>
          </Form>
        </Card>
      )}
    </Stack>
  );
}

const Obstacles = ({ obstacles }: { obstacles: readonly Obstacle[] }) => (
  <Notice tone="warn" title="Сначала закончите начатое">
    <ul>
      {obstacles.map(({ what, todo, href }) => (
        <li key={`${what}${href}`}>
          {what}. {todo}.{' '}
          <a href={href}>
            Открыть<span class="visually-hidden">: {what}</span>
          </a>
        </li>
      ))}
    </ul>
  </Notice>
);
