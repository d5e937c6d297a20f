import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendPage } from '../../../pages/page.tsx';
import { personOf } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { type AddressResult, AddressSearch, Card } from '../../../ui/index.ts';
import { searchAddresses } from '../../addresses/index.ts';
import { access } from '../access.ts';
import { appealAbout, type WhyCase } from './why.ts';
import { readAccountCase, readClaimCases } from './why-account.ts';
import { readBillCases } from './why-bill.ts';
import { houseCase, readHouseStanding } from './why-house.ts';
import { REASONS, WhyPage } from './why-page.tsx';
import { readReadingCases } from './why-reading.ts';

const [HOUSE, ACCOUNT, BILL, READING] = REASONS;
const NO_ACCOUNTS = {
  title: 'К кабинету не подключён ни один лицевой счёт',
  words: 'С него всё начинается: без счёта кабинет не знает ни квитанций, ни приборов.',
  action: { href: '/accounts/connect', label: 'Подключить лицевой счёт' },
};

interface Asked {
  q: string;
  /** ФИАС GUID of the house. */
  address: string;
  number: string;
}

function askedOf({ query }: FastifyRequest): Asked {
  const { q, address, number } = query as Record<string, string | undefined>;
  const line = (text: string | undefined, most: number) =>
    String(text ?? '')
      .trim()
      .slice(0, most);
  return { q: line(q, 200), address: line(address, 36).toLowerCase(), number: line(number, 60) };
}

/** «Почему я не могу…»: what is really missing, by what is really there. */
export function registerWhy(app: FastifyInstance, context: Context): void {
  const { db } = context;

  app.get(HOUSE.href, { config: { access: access.findHouse } }, async (request, reply) => {
    const asked = askedOf(request);
    const standing = await readHouseStanding(db, asked.address, context.clock());
    const cases = standing ? [houseCase(standing, asked.address)] : [];
    return send(
      request,
      reply,
      HOUSE,
      'Введите адрес: покажем, какого шага не хватает и кто должен его сделать.',
      cases,
      {
        search: await searchOf(context, HOUSE.href, asked),
      },
    );
  });

  app.get(ACCOUNT.href, { config: { access: access.askWhy, sensitive: true } }, async (request, reply) => {
    const asked = askedOf(request);
    const [claims, account] = await Promise.all([
      readClaimCases(db, personOf(request.actor).personId, context.clock()),
      readAccountCase(db, asked, context.clock()),
    ]);
    return send(
      request,
      reply,
      ACCOUNT,
      'Счёт подключается, когда дом внесён, счёт размещён и ясно, что он ваш.',
      [...claims, ...(account ? [account] : [])],
      { search: await searchOf(context, ACCOUNT.href, asked) },
    );
  });

  app.get(BILL.href, { config: { access: access.askWhy, sensitive: true } }, async (request, reply) => {
    const cases = await readBillCases(db, personOf(request.actor).personId, context.clock());
    return send(request, reply, BILL, 'Квитанцию размещает тот, кто начисляет. День называет закон.', cases, {
      empty: NO_ACCOUNTS,
    });
  });

  app.get(READING.href, { config: { access: access.askWhy, sensitive: true } }, async (request, reply) => {
    const cases = await readReadingCases(db, personOf(request.actor).personId, context.clock());
    return send(request, reply, READING, 'Нужен внесённый прибор с действующей поверкой и дни приёма.', cases, {
      empty: NO_ACCOUNTS,
    });
  });
}

interface Rest {
  search?: Search;
  empty?: typeof NO_ACCOUNTS;
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  reason: (typeof REASONS)[number],
  lead: string,
  cases: readonly WhyCase[],
  { search, empty }: Rest,
) {
  return sendPage(
    request,
    reply,
    { title: reason.label, breadcrumbs: [{ href: '/help', label: 'Помощь' }, { label: reason.label }] },
    <WhyPage title={reason.label} lead={lead} cases={cases} empty={empty}>
      {search && <SearchCard search={search} isAnswered={cases.length > 0} />}
    </WhyPage>,
  );
}

interface Search {
  action: string;
  query: string;
  results: readonly AddressResult[] | undefined;
}

async function searchOf({ db }: Context, action: string, { q, address, number }: Asked): Promise<Search> {
  if (!q || address) return { action, query: q, results: undefined };
  const { houses } = await searchAddresses(db, q);
  const results = houses.map((house) => ({
    id: house.guid,
    label: house.full,
    href: `${action}?${new URLSearchParams({ address: house.guid, q, ...(number && { number }) })}`,
  }));
  return { action, query: q, results };
}

/** An address that is in no register is a reason too: the inspectorate is told of it in words. */
function SearchCard({ search: { action, query, results }, isAnswered }: { search: Search; isAnswered: boolean }) {
  return (
    <Card title={isAnswered ? 'Другой адрес' : 'Адрес дома'}>
      <AddressSearch action={action} query={query} results={results} />
      {results?.length === 0 && (
        <p>
          Такого адреса нет в адресном реестре.{' '}
          <a href={appealAbout({ about: 'house', address: query })}>Сообщите об этом в жилищную инспекцию</a>: адрес уже
          вписан.
        </p>
      )}
    </Card>
  );
}
