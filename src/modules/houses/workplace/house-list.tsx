import type { FastifyInstance, FastifyRequest } from 'fastify';
import { OnlyFor, useMay } from '../../../pages/doors.tsx';
import { sendPage } from '../../../pages/page.tsx';
import { actingFor } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { type HouseId, isUuid } from '../../../platform/ids.ts';
import {
  ButtonLink,
  EmptyState,
  Field,
  Filter,
  formatNumber,
  Pager,
  PageTitle,
  Stack,
  Status,
  Table,
} from '../../../ui/index.ts';
import { listHouses } from '../../organisations/index.ts';
import { access } from '../access.ts';

const PAGE = 50;
type Line = Awaited<ReturnType<typeof listHouses>>[number];

function readQuery(request: FastifyRequest) {
  const { search = '', after = '', id = '' } = request.query as Record<string, string | undefined>;
  return {
    search: String(search).trim().slice(0, 100),
    after: after && isUuid(id) ? { address: String(after), houseId: id as HouseId } : null,
  };
}

/** «Дома и помещения»: served from the organisation's roll-up, paged by address. */
export function registerHouseList(app: FastifyInstance, context: Context): void {
  app.get('/work/houses', { config: { access: access.listHouses, sensitive: true } }, async (request, reply) => {
    const { acting } = actingFor(request.actor);
    const { search, after } = readQuery(request);
    const rows = await listHouses(context.db, {
      organisationId: acting.organisationId,
      houses: acting.houses,
      search,
      after,
      limit: PAGE + 1,
    });
    return sendPage(
      request,
      reply,
      { title: 'Дома и помещения', active: '/work/houses' },
      <HouseListPage rows={rows.slice(0, PAGE)} search={search} hasMore={rows.length > PAGE} />,
    );
  });
}

function HouseListPage({ rows, search, hasMore }: { rows: readonly Line[]; search: string; hasMore: boolean }) {
  const last = rows.at(-1);
  const next = new URLSearchParams({ ...(search && { search }), after: last?.address ?? '', id: last?.houseId ?? '' });
  return (
    <Stack>
      <PageTitle
        lead="Дома, которыми вы управляете или где ведёте лицевые счета."
        actions={
          <OnlyFor those={access.loadHouses}>
            <ButtonLink kind="secondary" icon="upload" href="/work/uploads">
              Загрузить файлом
            </ButtonLink>
          </OnlyFor>
        }
      >
        Дома и помещения
      </PageTitle>
      <Filter action="/work/houses" active={search ? 1 : 0} resetHref="/work/houses" label="Поиск по адресу">
        <Field kind="text" type="search" name="search" label="Улица и дом" value={search} />
      </Filter>
      <Table
        caption="Дома организации"
        captionHidden
        rows={rows}
        rowKey={(row) => row.houseId}
        empty={<NoHouses search={search} />}
        columns={[
          {
            key: 'address',
            title: 'Адрес',
            heading: true,
            cell: (row) => <a href={`/work/houses/${row.houseId}`}>{row.address}</a>,
          },
          {
            key: 'manages',
            title: 'Чем занимаетесь',
            cell: (row) =>
              row.manages ? <Status tone="good">Управляете</Status> : <Status tone="neutral">Ведёте счета</Status>,
          },
          { key: 'premises', title: 'Помещений', numeric: true, cell: (row) => formatNumber(row.premises) },
          { key: 'accounts', title: 'Лицевых счетов', numeric: true, cell: (row) => formatNumber(row.accounts) },
        ]}
      />
      <Pager label="Страницы домов" next={hasMore ? `/work/houses?${next}` : undefined} />
    </Stack>
  );
}

function NoHouses({ search }: { search: string }) {
  const mayLoad = useMay(access.loadHouses);
  if (search)
    return (
      <EmptyState title="По этому адресу домов нет" action={{ href: '/work/houses', label: 'Показать все дома' }}>
        Проверьте название улицы и номер дома. Можно указать только улицу.
      </EmptyState>
    );
  return mayLoad ? (
    <EmptyState title="Домов пока нет" action={{ href: '/work/uploads', label: 'Загрузить дома файлом' }}>
      Загрузите шаблон «Дома»: адреса, помещения и подъезды появятся здесь.
    </EmptyState>
  ) : (
    <EmptyState title="Домов пока нет">
      Они появятся, когда специалист загрузит их файлом или руководитель откроет их вам.
    </EmptyState>
  );
}
