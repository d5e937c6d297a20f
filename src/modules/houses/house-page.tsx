import { dayIn } from '../../platform/month.ts';
import {
  ButtonLink,
  Card,
  Columns,
  DefinitionList,
  EmptyState,
  formatDate,
  formatNumericDate,
  formatPhone,
  PageTitle,
  Stack,
} from '../../ui/index.ts';
import type { HouseCard } from './house.ts';
import { hasFigures, mainFacts, moreFacts } from './house-facts.tsx';
import type { HouseCounts } from './queries/houses.ts';
import type { HouseWords } from './words.ts';

/** What residents are told of the organisation that manages their house (S-HOUSE-2). */
export interface ManagerNote {
  organisationId: string;
  shortName: string;
  phone: string | null;
  dispatcherPhone: string | null;
  dispatcherHours: string | null;
  receptionHours: string | null;
  /** Payers should look twice at an account that they do not know. */
  requisitesChangedAt: Date | null;
}

interface HousePageProps {
  house: HouseCard;
  words: HouseWords;
  counts: HouseCounts;
  manager: ManagerNote | null;
  /** Short name of the organisation whose figures these are. */
  source: string | null;
}

const phoneLink = (phone: string) => <a href={`tel:${phone.replace(/[^\d+]/g, '')}`}>{formatPhone(phone)}</a>;

/** «по данным ООО «…», 5 ноября 2026 г.» */
export const sourceOf = (source: string | null, house: HouseCard): string =>
  source
    ? `По данным ${source}, ${formatDate(house.updatedAt, house.zone)}`
    : `По состоянию на ${formatDate(house.updatedAt, house.zone)}`;

/** «Информация о доме» (S-HOUSE). */
export function HousePage({ house, words, counts, manager, source }: HousePageProps) {
  const more = moreFacts(house, words, counts);
  return (
    <Stack>
      <PageTitle kicker="Информация о доме" lead={house.address === house.shortAddress ? undefined : house.address}>
        {house.shortAddress}
      </PageTitle>
      <Columns>
        <Stack>
          <Card title="О доме" note={hasFigures(house) && sourceOf(source, house)}>
            {hasFigures(house) ? <DefinitionList items={mainFacts(house, words)} /> : <NoFigures manager={manager} />}
          </Card>
          {more.length > 0 && (
            <Card title="Ещё о доме">
              <DefinitionList items={more} />
            </Card>
          )}
        </Stack>
        <ManagerCard house={house} manager={manager} />
      </Columns>
    </Stack>
  );
}

function NoFigures({ manager }: { manager: ManagerNote | null }) {
  if (!manager)
    return (
      <EmptyState title="Сведений о доме пока нет">
        Их размещает организация, которая управляет домом, но она ещё не указана.
      </EmptyState>
    );
  return (
    <EmptyState
      title="Сведений о доме пока нет"
      action={{ href: `/organisations/${manager.organisationId}`, label: 'Связаться с организацией' }}
    >
      Год постройки, состояние и износ размещает {manager.shortName}. Попросите организацию заполнить карточку дома.
    </EmptyState>
  );
}

function ManagerCard({ house, manager }: Pick<HousePageProps, 'house' | 'manager'>) {
  if (!manager)
    return (
      <Card title="Управляющая организация">
        <p>Кто управляет домом, пока не указано. Это выбирают собственники на общем собрании.</p>
      </Card>
    );
  return (
    <Stack>
      {manager.dispatcherPhone && (
        <Card title="Аварийная служба" tone="tint" note={manager.dispatcherHours}>
          <ButtonLink href={`tel:${manager.dispatcherPhone.replace(/[^\d+]/g, '')}`} icon="phone" wide>
            {formatPhone(manager.dispatcherPhone)}
          </ButtonLink>
        </Card>
      )}
      <Card title="Управляющая организация">
        <DefinitionList
          items={[
            {
              term: 'Название',
              value: <a href={`/organisations/${manager.organisationId}`}>{manager.shortName}</a>,
            },
            { term: 'Телефон', value: manager.phone && phoneLink(manager.phone) },
            { term: 'Часы приёма', value: manager.receptionHours },
            ...(manager.requisitesChangedAt
              ? [
                  {
                    term: 'Банковские реквизиты',
                    value: `изменены ${formatNumericDate(dayIn(house.zone, manager.requisitesChangedAt))}`,
                  },
                ]
              : []),
            ...(house.managedFrom ? [{ term: 'Управляет домом', value: `с ${formatDate(house.managedFrom)}` }] : []),
          ]}
        />
      </Card>
    </Stack>
  );
}
