import type { FieldError } from '../../../../platform/errors.ts';
import {
  Actions,
  Button,
  ButtonLink,
  ChoiceTree,
  EmptyState,
  ErrorSummary,
  errorOf,
  Field,
  Filter,
  Form,
  PageTitle,
  Stack,
  type TreeGroup,
} from '../../../../ui/index.ts';
import type { Draft } from '../../draft.ts';
import { type TopicGroup, topicWords } from '../../list-topics.ts';
import { topicOf } from '../../topics.ts';
import { draftPath } from './draft-paths.ts';

interface TopicPageProps {
  draft: Draft;
  groups: readonly TopicGroup[];
  search: { number: string; name: string };
  errors: readonly FieldError[];
  token: string;
}

/** «Выбор темы обращения» (S-TOPIC-1…6). */
export function TopicPage({ draft, groups, search, errors, token }: TopicPageProps) {
  const action = draftPath(draft.draftId, 'topic');
  const conditions = Object.values(search).filter(Boolean).length;
  return (
    <Stack>
      <ErrorSummary errors={errors} />
      <PageTitle lead="Откройте группу и выберите тему. Если подходящей нет, выберите «Другая тема» и назовите её сами.">
        Выбор темы обращения
      </PageTitle>
      <Filter action={action} active={conditions} resetHref={action} label="Поиск темы" openLabel="Свернуть поиск">
        <Field kind="text" name="number" label="№" value={search.number} autocomplete="off" short maxLength={10} />
        <Field
          kind="text"
          name="name"
          label="Наименование"
          hint="Или своими словами: нет света, течёт труба"
          value={search.name}
          autocomplete="off"
          maxLength={200}
        />
      </Filter>
      {groups.length === 0 ? (
        <EmptyState title="Такой темы нет" action={{ href: action, label: 'Показать все темы' }}>
          Попробуйте другое слово. Если тема не нашлась, выберите «Другая тема» и назовите её своими словами.
        </EmptyState>
      ) : (
        <Form action={action} csrf={token}>
          <ChoiceTree
            name="topic"
            label={conditions > 0 ? 'Результаты поиска' : '№ и наименование темы'}
            groups={groups.map(treeGroup)}
            value={draft.topicCode}
            open={conditions > 0}
            error={errorOf(errors, 'topic')}
          />
          <Actions>
            <Button>Выбрать</Button>
            <ButtonLink kind="quiet" href={draftPath(draft.draftId)}>
              Отменить
            </ButtonLink>
          </Actions>
        </Form>
      )}
    </Stack>
  );
}

function treeGroup(group: TopicGroup): TreeGroup {
  const row = { value: group.code, label: topicWords(group) };
  if (group.topics.length === 0) return { key: group.code, label: row.label, options: [], option: row };
  return {
    key: group.code,
    label: row.label,
    options: [
      ...group.topics.map((topic) => ({ value: topic.code, label: topicWords(topic), hint: warning(topic.code) })),
      { value: group.code, label: `${group.code}. Без уточнения: вся группа` },
    ],
  };
}

const warning = (code: string): string | undefined =>
  topicOf(code).emergency ? 'Сначала позвоните в аварийно-диспетчерскую службу' : undefined;
