import {
  Actions,
  type AddressResult,
  AddressSearch,
  ButtonLink,
  Card,
  DefinitionList,
  EmptyState,
  PageTitle,
  Stack,
} from '../../ui/index.ts';
import type { FoundOrganisation, HouseContacts } from './find-house.ts';
import { PhoneLink } from './phone-link.tsx';
import { appealAbout } from './why/why.ts';

interface FindPageProps {
  query: string;
  results: readonly AddressResult[] | undefined;
  contacts: HouseContacts | null;
  support: Support;
  /** Whoever acts for an organisation connects no accounts. */
  isStaff: boolean;
}
export interface Support {
  email: string;
  phone: string;
}

/** «Кто обслуживает дом»: an address, then whom to call. */
export function FindPage({ query, results, contacts, support, isStaff }: FindPageProps) {
  return (
    <Stack>
      {contacts ? (
        <PageTitle kicker="Кто обслуживает дом">{contacts.address}</PageTitle>
      ) : (
        <PageTitle lead="Введите улицу и номер дома: покажем управляющую организацию и её телефон.">
          Кто обслуживает дом
        </PageTitle>
      )}
      {contacts && <Contacts {...{ contacts, support, isStaff }} />}
      <Card {...(contacts && { title: 'Другой адрес' })}>
        <AddressSearch action="/find" query={query} results={results} />
      </Card>
    </Stack>
  );
}

function Contacts({
  contacts,
  support,
  isStaff,
}: Pick<FindPageProps, 'support' | 'isStaff'> & { contacts: HouseContacts }) {
  const { manager, inspectorate, isKnown } = contacts;
  if (manager)
    return (
      <Card title="Управляющая организация">
        <OrganisationContacts organisation={manager} />
        <Actions>
          {!isStaff && <ButtonLink href="/accounts/connect">Подключить лицевой счёт</ButtonLink>}
          <ButtonLink kind="secondary" href={`/organisations/${manager.organisationId}`}>
            Все сведения об организации
          </ButtonLink>
        </Actions>
      </Card>
    );
  return (
    <Stack>
      <EmptyState
        title={isKnown ? 'Управляющая организация этого дома не указана' : 'Этого дома в кабинете пока нет'}
        {...(isStaff ? {} : { action: { href: '/pay/any', label: 'Оплатить по номеру счёта' } })}
      >
        Сведения о доме размещает организация, которая им управляет. Если она этого не делает,{' '}
        {isStaff ? 'сообщите' : <a href={appealAbout({ about: 'house', address: contacts.fiasGuid })}>сообщите</a>} в
        жилищную инспекцию.
        {!isStaff && (
          <>
            {' '}
            <a href={`/why/house?address=${contacts.fiasGuid}`}>Почему дома нет</a>
          </>
        )}
      </EmptyState>
      <InspectorateCard inspectorate={inspectorate} support={support} />
    </Stack>
  );
}

/** Whom to tell of a missing house (S-HOME-8): the inspectorate of the region, or our support until it is known here. */
export function InspectorateCard({
  inspectorate,
  support,
}: {
  inspectorate: FoundOrganisation | null;
  support: Support;
}) {
  if (inspectorate)
    return (
      <Card title="Жилищная инспекция">
        <OrganisationContacts organisation={inspectorate} />
      </Card>
    );
  return (
    <Card
      title="Служба поддержки"
      note="Подскажем, куда обратиться по этому адресу"
      aside={<a href="/support?about=house">Написать</a>}
    >
      <DefinitionList
        items={[
          { term: 'Электронная почта', value: <a href={`mailto:${support.email}`}>{support.email}</a> },
          ...(support.phone ? [{ term: 'Телефон', value: <PhoneLink phone={support.phone} /> }] : []),
        ]}
      />
    </Card>
  );
}

export function OrganisationContacts({ organisation }: { organisation: FoundOrganisation }) {
  const { organisationId, shortName, phone, email, dispatcherPhone } = organisation;
  return (
    <DefinitionList
      items={[
        { term: 'Название', value: <a href={`/organisations/${organisationId}`}>{shortName}</a> },
        ...(dispatcherPhone ? [{ term: 'Аварийная служба', value: <PhoneLink phone={dispatcherPhone} /> }] : []),
        { term: 'Телефон', value: phone && <PhoneLink phone={phone} /> },
        { term: 'Электронная почта', value: email && <a href={`mailto:${email}`}>{email}</a> },
      ]}
    />
  );
}
