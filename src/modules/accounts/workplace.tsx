import type { FastifyInstance } from 'fastify';
import { OnlyFor } from '../../pages/doors.tsx';
import { sendPage } from '../../pages/page.tsx';
import { actingFor } from '../../platform/access.ts';
import { auditLook } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { NotFound } from '../../platform/errors.ts';
import { idParam } from '../../platform/http/forms.ts';
import type { HouseId } from '../../platform/ids.ts';
import {
  ButtonLink,
  EmptyState,
  Field,
  Filter,
  formatNumber,
  maskedName,
  Pager,
  PageTitle,
  Stack,
  Table,
} from '../../ui/index.ts';
import { findDeskHouse } from '../organisations/index.ts';
import { access } from './access.ts';
import { KIND_NAMES } from './account.ts';
import { selectAccountPage } from './queries.ts';

const PAGE = 50;

/** The provider's own accounts in a house: its clerk sees no account of another provider. */
export function registerAccountRegister(app: FastifyInstance, context: Context): void {
  app.get(
    '/work/houses/:houseId/accounts',
    { config: { access: access.viewRegister, sensitive: true } },
    async (request, reply) => {
      const actor = actingFor(request.actor);
      const houseId = idParam<HouseId>(request.params, 'houseId');
      if (!(await findDeskHouse(context.db, actor.acting, houseId))) throw new NotFound();
      const { search = '', after = '' } = request.query as { search?: string; after?: string };
      const rows = await selectAccountPage(context.db, {
        houseId,
        desk: actor.acting,
        search: search.trim().slice(0, 100),
        after,
        limit: PAGE + 1,
      });
      const shown = rows.slice(0, PAGE);
      if (shown.length > 0)
        await auditLook(context.db, actor, {
          action: 'accounts.viewed_register',
          at: context.clock(),
          what: 'Список лицевых счетов дома',
          thingId: houseId,
          homes: [{ houseId, providerId: actor.acting.organisationId }],
          masked: true,
          details: { shown: shown.length },
        });
      const path = `/work/houses/${houseId}/accounts`;
      return sendPage(
        request,
        reply,
        {
          title: 'Лицевые счета дома',
          active: '/work/houses',
          breadcrumbs: [
            { href: '/work/houses', label: 'Дома и помещения' },
            { href: `/work/houses/${houseId}`, label: 'Дом' },
            { label: 'Лицевые счета' },
          ],
        },
        <Stack>
          <PageTitle lead="Счета, которые ведёт ваша организация. Новые счета и изменения загружаются файлом.">
            Лицевые счета дома
          </PageTitle>
          <Filter action={path} active={search ? 1 : 0} resetHref={path}>
            <Field kind="text" name="search" label="Номер счёта, ЕЛС или фамилия" value={search} />
          </Filter>
          <Table
            caption="Лицевые счета"
            captionHidden
            rows={shown}
            rowKey={(row) => row.accountId}
            empty={
              <EmptyState
                title={search ? 'По этому запросу счетов нет' : 'В этом доме у вашей организации нет лицевых счетов'}
                action={{ href: '/work/uploads/new?kind=accounts', label: 'Загрузить лицевые счета' }}
              >
                {search ? 'Проверьте номер или фамилию.' : 'Загрузите их файлом по шаблону «Лицевые счета».'}
              </EmptyState>
            }
            columns={[
              {
                key: 'number',
                title: 'Лицевой счёт',
                heading: true,
                cell: (row) => <a href={`/work/houses/${houseId}/accounts/${row.accountId}`}>{row.number}</a>,
              },
              { key: 'kind', title: 'Тип', cell: (row) => KIND_NAMES[row.kind] },
              { key: 'service', title: 'Идентификатор ЖКУ', cell: (row) => row.serviceId },
              {
                key: 'payer',
                title: 'Плательщик',
                cell: (row) =>
                  row.payer === 'organisation'
                    ? 'организация'
                    : row.familyName
                      ? maskedName({ last: row.familyName, first: row.givenName ?? '', middle: row.middleName ?? '' })
                      : 'не указан',
              },
              {
                key: 'area',
                title: 'Площадь, м²',
                numeric: true,
                cell: (row) => (row.totalArea ? formatNumber(row.totalArea) : '—'),
              },
              { key: 'state', title: 'Состояние', cell: (row) => (row.closedOn ? 'закрыт' : 'открыт') },
            ]}
          />
          {rows.length > PAGE && (
            <Pager
              label="Страницы"
              next={`${path}?search=${encodeURIComponent(search)}&after=${encodeURIComponent(shown.at(-1)!.number)}`}
            />
          )}
          {rows.length > 0 && (
            <OnlyFor those={access.giveCodes}>
              <ButtonLink kind="secondary" href={`/work/houses/${houseId}/letters`}>
                Письма с кодами подключения
              </ButtonLink>
            </OnlyFor>
          )}
          <ButtonLink kind="quiet" href={`/work/houses/${houseId}`}>
            К дому
          </ButtonLink>
        </Stack>,
      );
    },
  );
}
