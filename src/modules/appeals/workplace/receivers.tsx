import type { Typed } from '../../../platform/http/forms.ts';
import { Button, Card, EmptyState, errorOf, Field, type FieldError, formatDate, Table } from '../../../ui/index.ts';
import type { AppealAtDesk } from '../open-at-desk.ts';
import { formatQueue, pathOf, type QueueQuery } from './queue-query.ts';
import { type Candidate, formatChosen, type Receiver, type RedirectionView } from './redirection.ts';

interface ChooseProps {
  at: AppealAtDesk;
  queue: QueueQuery;
  redirection: RedirectionView;
  query: Typed;
  errors: readonly FieldError[];
}

/** Whom the appeal goes to. Each choice is a link: the address of the page holds all of them. */
export function ChooseReceivers({ at, queue, redirection, query, errors }: ChooseProps) {
  const { chosen, candidates, isSearch, powers, forwardBy } = redirection;
  const path = pathOf(at.whole.appeal, 'redirect');
  const hrefWith = (to: readonly Receiver[]) => {
    const fields = new URLSearchParams({ part: at.part.partId, from: formatQueue(queue), to: formatChosen(to) });
    for (const name of ['q', 'power']) if (query[name]) fields.set(name, query[name]);
    return `${path}?${fields}`;
  };
  const error = errorOf(errors, 'to');
  return (
    <>
      <Card title="Кому" id="field-to">
        {error && <p class="field__error">{error}</p>}
        {forwardBy && (
          <p>
            Передать по компетенции можно до {formatDate(forwardBy.day)} включительно.{' '}
            <small class="quiet">{forwardBy.source}</small>
          </p>
        )}
        {chosen.length === 0 ? (
          <p class="quiet">Пока никого. Выберите ниже.</p>
        ) : (
          <ul>
            {chosen.map((one) => (
              <li key={one.organisationId}>
                {one.name} ({one.power}){' '}
                <a href={hrefWith(chosen.filter(({ organisationId }) => organisationId !== one.organisationId))}>
                  Убрать<span class="visually-hidden"> {one.name}</span>
                </a>
              </li>
            ))}
          </ul>
        )}
      </Card>
      <Card title={isSearch ? 'Найденные организации' : 'Подходят по адресу и теме'}>
        <search class="search-line">
          <form action={path} method="get">
            <input type="hidden" name="part" value={at.part.partId} />
            <input type="hidden" name="from" value={formatQueue(queue)} />
            <input type="hidden" name="to" value={formatChosen(chosen)} />
            <Field kind="text" type="search" name="q" label="Название или ИНН" value={query.q ?? ''} maxLength={100} />
            <Field
              kind="choice"
              as="select"
              name="power"
              label="Полномочие"
              placeholder="Любое"
              options={powers.map(({ code, name }) => ({ value: code, label: name }))}
              value={query.power ?? ''}
            />
            <Button kind="secondary" icon="search">
              Найти
            </Button>
          </form>
        </search>
        <Table
          caption="Организации"
          captionHidden
          rows={candidates}
          rowKey={({ organisationId }) => organisationId}
          empty={
            <EmptyState title={isSearch ? 'Никого не нашлось' : 'По адресу и теме никто не подходит'}>
              Найдите организацию по названию, ИНН или полномочию. Если её нет в кабинете, напишите её название ниже.
            </EmptyState>
          }
          columns={[
            {
              key: 'name',
              title: 'Организация',
              heading: true,
              cell: (one) => (
                <span class="desk-line">
                  <span>{one.name}</span>
                  <small class="quiet">{one.about}</small>
                </span>
              ),
            },
            {
              key: 'choose',
              title: 'Выбрать',
              cell: (one) => (
                <span class="desk-line">
                  {one.powers.map(({ code, name }) => (
                    <Choose
                      key={code}
                      href={hrefWith([...chosen, { organisationId: one.organisationId, powerCode: code }])}
                      power={name}
                      {...{ one }}
                    />
                  ))}
                </span>
              ),
            },
          ]}
        />
      </Card>
    </>
  );
}

const Choose = ({ href, power, one }: { href: string; power: string; one: Candidate }) => (
  <a class="choose-receiver" href={href}>
    Выбрать<span class="visually-hidden"> {one.name}</span> как: {power}
  </a>
);
