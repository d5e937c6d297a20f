import type { FastifyInstance, FastifyRequest } from 'fastify';
import { sendPage } from '../../../pages/page.tsx';
import { actingFor, may } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { csvText } from '../../../platform/csv.ts';
import { typed } from '../../../platform/http/forms.ts';
import { limitsOf } from '../../../platform/http/limits.ts';
import { isUuid, type OrganisationId } from '../../../platform/ids.ts';
import { addMonths, dayIn, monthOf, parseMonth } from '../../../platform/month.ts';
import { formatMonth } from '../../../ui/index.ts';
import { readOrganisations } from '../../organisations/index.ts';
import { access } from '../access.ts';
import { listTopics } from '../list-topics.ts';
import {
  selectAddressees,
  selectTerritoryFigures,
  type TerritoryFigures,
  type TerritoryPeriod,
} from '../queries/territory.ts';
import { STATISTICS } from './frame.tsx';
import { crumbs, readCounts } from './list.tsx';
import { type Side, StatisticsPage, shareInTerm } from './statistics-page.tsx';
import { TERRITORY, ZONE } from './territory-query.ts';

const MONTHS = 12;
const MOST_MONTHS = 60;

/** How organisations of the territory answer: by organisation, topic and month, from a roll-up. */
export function registerTerritoryStatistics(app: FastifyInstance, context: Context): void {
  const viewing = { config: { access: access.viewTerritoryStatistics, sensitive: true } };

  app.get(STATISTICS, viewing, async (request, reply) => {
    const { organisationId } = actingFor(request.actor).acting;
    const [found, counts] = await Promise.all([readStatistics(context, request), readCounts(context, organisationId)]);
    return sendPage(
      request,
      reply,
      {
        title: 'Статистика обращений',
        active: TERRITORY,
        breadcrumbs: may(request.actor, access.oversee)
          ? crumbs('Статистика')
          : [{ href: '/work', label: 'Рабочий стол' }, { label: 'Статистика' }],
      },
      <StatisticsPage {...found} counts={counts} />,
    );
  });

  const making = { config: { ...viewing.config, rateLimit: limitsOf(context.config).heavy } };
  app.get(`${STATISTICS}.csv`, making, async (request, reply) => {
    const { sides, period } = await readStatistics(context, request);
    const by = typed(request.query).by ?? '';
    const side = sides.find(({ key }) => key === by) ?? sides[0]!;
    const rows = side.rows.map((row) => [row.name, ...figuresOf(row)]);
    return reply
      .header('content-disposition', `attachment; filename="appeals-${side.key}-${period.from}-${period.to}.csv"`)
      .header('x-content-type-options', 'nosniff')
      .type('text/csv; charset=utf-8')
      .send(csvText([[side.heading, ...FIGURES], ...rows]));
  });
}

const FIGURES = ['Поступило', 'Ждут ответа', 'Исполнено', 'В срок, %', 'С опозданием', 'Не удовлетворены'] as const;

const figuresOf = (row: TerritoryFigures): string[] => [
  String(row.received),
  String(row.open),
  String(row.executed),
  row.termed === 0 ? '' : String(shareInTerm(row)),
  String(row.overdue),
  String(row.unsatisfied),
];

async function readStatistics(context: Context, request: FastifyRequest) {
  const { organisationId } = actingFor(request.actor).acting;
  const { db } = context;
  const period = readPeriod(typed(request.query), context.clock());
  const figures = (by: 'month' | 'topic' | 'addressee') => selectTerritoryFigures(db, organisationId, by, period);
  const [byAddressee, byTopic, byMonth, topics, known] = await Promise.all([
    figures('addressee'),
    figures('topic'),
    figures('month'),
    listTopics(db),
    selectAddressees(db, organisationId),
  ]);
  const cards = await readOrganisations(db, [
    ...new Set([...known, ...byAddressee.map(({ key }) => key as OrganisationId)]),
  ]);
  const names = new Map<string, string>(cards.map((card) => [card.organisationId, card.shortName]));
  const topicNames = new Map(
    topics.flatMap((group) => [group, ...group.topics]).map(({ code, name }) => [code, `${code} ${name}`]),
  );
  const name = (by: ReadonlyMap<string, string>) => (row: TerritoryFigures & { key: string }) => ({
    ...row,
    name: by.get(row.key) ?? row.key,
  });
  const sides: Side[] = [
    { key: 'organisation', title: 'По организациям', heading: 'Организация', rows: byAddressee.map(name(names)) },
    { key: 'topic', title: 'По темам', heading: 'Тема', rows: byTopic.map(name(topicNames)) },
    {
      key: 'month',
      title: 'По месяцам',
      heading: 'Месяц поступления',
      rows: byMonth.map((row) => ({ ...row, name: formatMonth(row.key) })),
    },
  ];
  const addressees = known
    .map((value) => ({ value: value as string, label: names.get(value) ?? value }))
    .sort((a, b) => a.label.localeCompare(b.label, 'ru'));
  return { sides, period, addressees };
}

/** A year back unless said otherwise; at most five years. */
function readPeriod(query: Readonly<Record<string, string | undefined>>, at: Date): TerritoryPeriod {
  const now = monthOf(dayIn(ZONE, at));
  const to = parseMonth(query.to ?? '') ?? now;
  const wanted = parseMonth(query.from ?? '') ?? addMonths(to, 1 - MONTHS);
  const earliest = addMonths(to, 1 - MOST_MONTHS);
  const from = wanted > to ? to : wanted < earliest ? earliest : wanted;
  const { organisation = '' } = query;
  return { from, to, addresseeId: isUuid(organisation) ? (organisation as OrganisationId) : null };
}
