import type { FastifyInstance } from 'fastify';
import { sendPage } from '../../../pages/page.tsx';
import { actingFor } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { typed } from '../../../platform/http/forms.ts';
import { isUuid } from '../../../platform/ids.ts';
import { dayIn, parseDay } from '../../../platform/month.ts';
import { EmptyState, formatNumericDate, Pager, Status, Table } from '../../../ui/index.ts';
import type { DeskLine } from '../queries/desk.ts';
import { type AskedKey, type AskedView, selectAsked, type TerritoryCounts } from '../queries/territory.ts';
import { parseMomentKey } from '../workplace/queue-query.ts';
import { TermStatus } from '../workplace/words.tsx';
import { atMost, REQUESTS, TerritoryFrame } from './frame.tsx';
import { crumbs, overseeing, readCounts } from './list.tsx';
import { overseenPath, TERRITORY } from './territory-query.ts';

const PAGE = 50;

/** The inspectorate's own requests to organisations: what waits by term, and what was answered. */
export function registerOwnRequests(app: FastifyInstance, context: Context): void {
  app.get(REQUESTS, overseeing, async (request, reply) => {
    const { organisationId } = actingFor(request.actor).acting;
    const given = typed(request.query);
    const view: AskedView = given.view === 'answered' ? 'answered' : 'open';
    const [lines, counts] = await Promise.all([
      selectAsked(context.db, organisationId, { view, after: readKey(view, given.after), limit: PAGE + 1 }),
      readCounts(context, organisationId),
    ]);
    const shown = lines.slice(0, PAGE);
    const last = shown.at(-1);
    const key = last && (view === 'open' ? last.dueOn : last.closedAt!.getTime());
    const next = `${REQUESTS}?${new URLSearchParams({ view, after: `${key}.${last?.deskId}` })}`;
    return sendPage(
      request,
      reply,
      { title: 'Запросы сведений', active: TERRITORY, breadcrumbs: crumbs('Запросы сведений') },
      <RequestsPage
        {...{ view, counts }}
        lines={shown}
        now={context.clock()}
        next={lines.length > PAGE ? next : undefined}
      />,
    );
  });
}

function readKey(view: AskedView, text: string | undefined): AskedKey {
  if (view === 'answered') {
    const key = parseMomentKey(text);
    return key && { at: key.at.toISOString(), deskId: key.deskId };
  }
  const [due = '', deskId = ''] = (text ?? '').split('.');
  const at = parseDay(due);
  return at && isUuid(deskId) ? { at, deskId } : null;
}

interface RequestsPageProps {
  view: AskedView;
  lines: readonly DeskLine[];
  counts: TerritoryCounts;
  now: Date;
  next: string | undefined;
}

function RequestsPage({ view, lines, counts, now, next }: RequestsPageProps) {
  const isOpen = view === 'open';
  return (
    <TerritoryFrame
      title="Запросы сведений"
      lead={
        counts.asked === 0
          ? 'Все организации ответили на ваши запросы.'
          : `Ждём ответа: ${atMost(counts.asked)}, срок прошёл: ${atMost(counts.askedOverdue)}.`
      }
      active={REQUESTS}
      counts={counts}
    >
      <p>
        {isOpen ? (
          <a href={`${REQUESTS}?view=answered`}>Показать те, на которые ответили</a>
        ) : (
          <a href={REQUESTS}>Показать те, что ждут ответа</a>
        )}
      </p>
      <Table
        caption="Запросы"
        captionHidden
        rows={lines}
        rowKey={(line) => line.deskId}
        empty={
          <EmptyState title={isOpen ? 'Запросов, которые ждут ответа, нет' : 'Ответов на запросы ещё не было'}>
            Запросить сведения можно на странице обращения.
          </EmptyState>
        }
        columns={[
          { key: 'who', title: 'Кому', heading: true, cell: (line) => line.addresseeName },
          {
            key: 'appeal',
            title: 'Обращение',
            prose: true,
            cell: (line) => (
              <span class="desk-line">
                <a href={`${overseenPath(line)}#requests`}>{line.topicName}</a>
                <small class="quiet">
                  № {line.number}, {line.address}
                </small>
              </span>
            ),
          },
          { key: 'at', title: 'Отправлен', cell: (line) => formatNumericDate(line.receivedAt, line.zone) },
          {
            key: 'state',
            title: isOpen ? 'Срок' : 'Ответ',
            cell: (line) =>
              line.isOpen ? (
                <TermStatus dueOn={line.dueOn} today={dayIn(line.zone, now)} />
              ) : (
                <Status tone={line.state === 'executed' ? 'good' : 'neutral'}>
                  {line.state === 'executed' ? `Получен ${formatNumericDate(line.closedAt!, line.zone)}` : 'Снят'}
                </Status>
              ),
          },
        ]}
      />
      <Pager label="Страницы запросов" next={next} />
    </TerritoryFrame>
  );
}
