import { EmptyState, Field, Filter, Pager, Table } from '../../../ui/index.ts';
import type { TopicGroup } from '../list-topics.ts';
import type { DeskLine } from '../queries/desk.ts';
import type { TerritoryCounts } from '../queries/territory.ts';
import { ALL, COMPLAINTS, OVERDUE, TerritoryFrame } from './frame.tsx';
import { territoryColumns } from './lines.tsx';
import {
  MARKS,
  STATE_WORDS,
  TERRITORY,
  type TerritoryQuery,
  territoryFields,
  territoryPath,
} from './territory-query.ts';

interface ListPageProps {
  query: TerritoryQuery;
  lines: readonly DeskLine[];
  next: string | undefined;
  counts: TerritoryCounts;
  groups: readonly TopicGroup[];
  addressees: readonly { organisationId: string; shortName: string }[];
  /** Words were typed that every text has. */
  nothingAsked: boolean;
  now: Date;
}

/** Appeals of the territory, whoever has to answer them. */
export function TerritoryPage(props: ListPageProps) {
  const { query, lines, next, counts, now, nothingAsked } = props;
  const fields = territoryFields(query);
  const path = territoryPath(fields);
  const active = [OVERDUE, COMPLAINTS].find((tab) => tab === path) ?? ALL;
  return (
    <TerritoryFrame
      title="Обращения территории"
      lead="Что пишут жители региона организациям и вам. Имя автора и текст открываются с целью: её запишет журнал."
      active={active}
      counts={counts}
    >
      <TerritoryFilters {...props} fields={fields} />
      <Table
        caption="Обращения"
        captionHidden
        rows={lines}
        rowKey={(line) => line.deskId}
        columns={territoryColumns(now)}
        empty={<Nothing filtered={Object.keys(fields).length > 0} nothingAsked={nothingAsked} />}
      />
      <Pager label="Страницы обращений" next={next} />
    </TerritoryFrame>
  );
}

function Nothing({ filtered, nothingAsked }: { filtered: boolean; nothingAsked: boolean }) {
  if (!filtered)
    return (
      <EmptyState title="Обращений на вашей территории пока нет">
        Они появятся, когда жители региона отправят их организациям или вам.
      </EmptyState>
    );
  return (
    <EmptyState
      title={nothingAsked ? 'Напишите, что искать' : 'Ничего не нашлось'}
      action={{ href: TERRITORY, label: 'Показать все' }}
    >
      {nothingAsked ? 'Союзы и предлоги есть в каждом тексте, по ним не ищем.' : 'Под эти условия обращений нет.'}
    </EmptyState>
  );
}

function TerritoryFilters({ query, groups, addressees, fields }: ListPageProps & { fields: Record<string, string> }) {
  const { filter } = query;
  return (
    <Filter action={TERRITORY} active={Object.keys(fields).length} resetHref={TERRITORY}>
      <Field
        kind="text"
        type="search"
        name="q"
        label="Номер, адрес или слова текста"
        value={query.text}
        maxLength={500}
      />
      <Field
        kind="choice"
        as="select"
        name="organisation"
        label="Организация"
        placeholder="Любая"
        value={filter.addresseeId ?? ''}
        options={addressees.map(({ organisationId, shortName }) => ({ value: organisationId, label: shortName }))}
      />
      <Field
        kind="choice"
        as="select"
        name="topic"
        label="Тема"
        placeholder="Любая"
        value={query.topic}
        options={groups.flatMap((group) => [
          { value: group.code, label: `${group.code}. ${group.name}` },
          ...group.topics.map(({ code, name }) => ({ value: code, label: `— ${code} ${name}` })),
        ])}
      />
      <Field
        kind="choice"
        as="select"
        name="state"
        label="Состояние"
        placeholder="Любое"
        value={filter.state ?? ''}
        options={Object.entries(STATE_WORDS).map(([value, label]) => ({ value, label }))}
      />
      {filter.houseId && (
        <Field
          kind="choice"
          as="checkbox"
          name="house"
          label="Дом"
          value={filter.houseId}
          options={[{ value: filter.houseId, label: 'Только этот дом' }]}
        />
      )}
      {Object.entries(MARKS).map(([mark, label]) => (
        <Field
          key={mark}
          kind="choice"
          as="checkbox"
          name={mark}
          label={label}
          value={fields[mark] ?? ''}
          options={[{ value: '1', label }]}
        />
      ))}
    </Filter>
  );
}
