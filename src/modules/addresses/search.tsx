import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { sendPage } from '../../pages/page.tsx';
import type { Context } from '../../platform/context.ts';
import { limitsOf } from '../../platform/http/limits.ts';
import { AddressLine, ButtonLink, Card, DefinitionList, Form, Notice, PageTitle, Stack } from '../../ui/index.ts';
import { access } from './access.ts';
import { type Address, findAddress } from './find-address.ts';
import { hiddenReturn, type ReturnTo, readReturn, returnFields, returnWith } from './return-to.ts';
import { type SearchResult, searchAddresses } from './search-addresses.ts';

const text = z.string().max(300).catch('');
const query = returnFields.extend({ q: text, address: text });
const HINTS = 8;
const RESULTS = 20;

/** The one-line search: hints as JSON for the address line, a page for everyone else. */
export function registerAddressSearch(app: FastifyInstance, context: Context): void {
  const config = { access: access.searchAddresses, rateLimit: limitsOf(context.config).search };
  app.get('/addresses/search', { config }, async (request, reply) => {
    const input = query.parse(request.query);
    reply.header('vary', 'accept');
    if (request.headers.accept?.includes('application/json')) {
      const { houses } = await searchAddresses(context.db, input.q, { limit: HINTS });
      return { results: houses.map(({ guid, full }) => ({ id: guid, label: full })) };
    }
    const back = readReturn(input);
    const chosen = input.address ? await findAddress(context.db, input.address) : null;
    if (chosen && back.path !== '/addresses/search') return reply.redirect(returnWith(back, chosen.guid), 303);
    const found = input.q.trim() && !chosen ? await searchAddresses(context.db, input.q, { limit: RESULTS }) : null;
    return sendPage(
      request,
      reply,
      { title: 'Поиск адреса', elements: ['address-search'] },
      <SearchPage {...{ q: input.q, found, chosen, back }} />,
    );
  });
}

interface SearchPageProps {
  q: string;
  found: SearchResult | null;
  chosen: Address | null;
  back: ReturnTo;
}

function SearchPage({ q, found, chosen, back }: SearchPageProps) {
  const steps = (place?: { guid: string; level: number }) =>
    `/addresses/choose?${new URLSearchParams({ ...hiddenReturn(back), ...(place && { place: place.guid }) })}`;
  const anyExact = found?.houses.some(({ exact }) => exact) ?? false;
  const results = found && [
    ...found.houses.map(({ guid, full, exact }) => ({
      id: guid,
      label: full,
      href: returnWith(back, guid),
      ...(exact || !anyExact ? {} : { hint: 'Похожий адрес' }),
    })),
    ...(found.houses.length === 0
      ? found.places.map((place) => ({ id: place.guid, label: place.full, hint: 'Выбрать дом', href: steps(place) }))
      : []),
  ];
  return (
    <Stack>
      <PageTitle lead="Напишите улицу и номер дома одной строкой или выберите адрес по шагам.">Поиск адреса</PageTitle>
      {chosen && <ChosenAddress address={chosen} />}
      {found?.numbered && !anyExact && found.houses.length > 0 && (
        <Notice title="Дома с таким номером в адресном реестре нет" announce>
          Ниже похожие адреса. Проверьте номер дома или выберите адрес по шагам.
        </Notice>
      )}
      <search>
        <Form action="/addresses/search" method="get" hidden={hiddenReturn(back)}>
          <AddressLine query={q} results={results ?? undefined} />
        </Form>
      </search>
      <p>
        <ButtonLink kind="secondary" href={steps()}>
          Выбрать адрес по шагам
        </ButtonLink>
      </p>
    </Stack>
  );
}

export function ChosenAddress({ address }: { address: Address }) {
  const rows = [
    { term: 'Индекс', value: address.postalIndex },
    { term: 'Муниципальное образование', value: address.municipality?.name ?? null },
    { term: 'ОКТМО', value: address.oktmo },
    { term: 'Кадастровый номер', value: address.cadastralNumber },
    { term: 'Код ФИАС', value: address.guid },
  ];
  return (
    <Card title={address.full} note="По данным государственного адресного реестра">
      {address.goneOn && (
        <Notice tone="warn" title="Этого адреса больше нет в адресном реестре">
          Дом мог получить новый адрес. Уточните его в своей управляющей организации.
        </Notice>
      )}
      <DefinitionList items={rows.flatMap(({ term, value }) => (value ? [{ term, value }] : []))} />
    </Card>
  );
}
