import type { Selectable } from 'kysely';
import type { ComponentChildren } from 'preact';
import { dayIn } from '../../platform/month.ts';
import {
  ButtonLink,
  Card,
  Columns,
  Copy,
  DefinitionList,
  formatDate,
  formatNumericDate,
  formatPhone,
  Notice,
  PageTitle,
  Stack,
} from '../../ui/index.ts';
import type { OrganisationTable, RequisiteTable } from './tables.ts';

/** Organisations are of the country's calendar. */
const ZONE = 'Europe/Moscow';

export const telephone = (phone: string | null): ComponentChildren =>
  phone && <a href={`tel:${phone.replace(/[^\d+]/g, '')}`}>{formatPhone(phone)}</a>;

interface OrganisationPageProps {
  card: Selectable<OrganisationTable>;
  /** Names of its powers: «Управляющая организация». */
  powers: readonly string[];
  requisites: readonly Selectable<RequisiteTable>[];
  /** Settlement centres that do its bills now. */
  centres: readonly { organisationId: string; name: string }[];
}

/** The card of an organisation (S-ORG): whom to call first, then everything that the state's card shows. */
export function OrganisationPage({ card, powers, requisites, centres }: OrganisationPageProps) {
  return (
    <Stack>
      <PageTitle kicker={powers.join(', ') || 'Организация'}>{card.short_name}</PageTitle>
      <Columns>
        <Stack>
          {centres.length > 0 && (
            <Notice title="Начисления ведёт расчётный центр">
              {centres.map(({ organisationId, name }, index) => (
                <>
                  {index > 0 && ', '}
                  <a href={`/organisations/${organisationId}`}>{name}</a>
                </>
              ))}
              . Деньги поступают на счета самой организации, если в квитанции не сказано иное.
            </Notice>
          )}
          <ContactsCard card={card} />
          <NamesCard card={card} />
        </Stack>
        <Stack>
          {card.dispatcher_phone && (
            <Card title="Аварийная служба" tone="tint" note={card.dispatcher_hours}>
              <ButtonLink href={`tel:${card.dispatcher_phone.replace(/[^\d+]/g, '')}`} icon="phone" wide>
                {formatPhone(card.dispatcher_phone)}
              </ButtonLink>
            </Card>
          )}
          {requisites.length > 0 && <RequisitesCard requisites={requisites} changedAt={card.requisites_changed_at} />}
        </Stack>
      </Columns>
    </Stack>
  );
}

/** A card may hold what an import brought: only web addresses become links. */
const siteLink = (site: string | null): ComponentChildren =>
  site && /^https?:\/\//i.test(site) ? (
    <a href={site} rel="noopener noreferrer">
      {site.replace(/^https?:\/\/|\/$/gi, '')}
    </a>
  ) : (
    site
  );

function ContactsCard({ card }: Pick<OrganisationPageProps, 'card'>) {
  return (
    <Card title="Контакты">
      <DefinitionList
        items={[
          { term: 'Телефон', value: telephone(card.phone) },
          { term: 'Электронная почта', value: card.email && <a href={`mailto:${card.email}`}>{card.email}</a> },
          { term: 'Часы приёма', value: card.reception_hours },
          { term: 'Фактический адрес', value: card.actual_address },
          { term: 'Почтовый адрес', value: card.postal_address },
          { term: 'Сайт', value: siteLink(card.site) },
          { term: 'Факс', value: card.fax && formatPhone(card.fax) },
        ]}
      />
    </Card>
  );
}

function NamesCard({ card }: Pick<OrganisationPageProps, 'card'>) {
  const isPerson = card.kind === 'entrepreneur';
  return (
    <Card title="Сведения об организации" note={`Обновлены ${formatDate(card.updated_at, ZONE)}`}>
      <DefinitionList
        items={[
          { term: 'Полное наименование', value: card.full_name },
          { term: 'Краткое наименование', value: card.short_name },
          { term: isPerson ? 'ОГРНИП' : 'ОГРН', value: <Copy text={card.ogrn} what="ОГРН" shown={card.ogrn} /> },
          { term: 'ИНН', value: <Copy text={card.inn} what="ИНН" shown={card.inn} /> },
          ...(isPerson ? [] : [{ term: 'КПП', value: card.kpp }]),
          { term: 'Дата регистрации', value: card.registered_on && formatDate(card.registered_on) },
          { term: 'Юридический адрес', value: card.legal_address },
        ]}
      />
    </Card>
  );
}

export function RequisitesCard({
  requisites,
  changedAt,
}: Pick<OrganisationPageProps, 'requisites'> & { changedAt: Date | null }) {
  return (
    <Card
      title="Банковские реквизиты"
      {...(changedAt && { note: `Банковские реквизиты изменены ${formatNumericDate(dayIn(ZONE, changedAt))}` })}
    >
      {requisites.map((one) => (
        <DefinitionList
          key={one.requisite_id}
          items={[
            {
              term: 'Расчётный счёт',
              value: <Copy text={one.bank_account} what="номер счёта" />,
            },
            { term: 'БИК', value: one.bik },
            { term: 'Банк', value: one.bank_name },
            ...(one.correspondent_account
              ? [{ term: 'Корреспондентский счёт', value: one.correspondent_account }]
              : []),
          ]}
        />
      ))}
    </Card>
  );
}
