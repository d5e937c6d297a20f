import { isUuid, type PersonId } from '../../../platform/ids.ts';
import { parseDay } from '../../../platform/month.ts';
import { type DeskLine, NO_FILTER, type QueueFilter, type QueueKey, type QueueView } from '../queries/desk.ts';

export const DESK = '/work/appeals';

/** The queue as its address says it: a view, conditions, and the row after which the page begins. */
export interface QueueQuery {
  view: QueueView;
  filter: QueueFilter;
}

const VIEWS: readonly QueueView[] = ['open', 'mine', 'overdue', 'unassigned', 'requests', 'answered'];
const MARKS = ['emergency', 'escalated', 'joint', 'reopened'] as const;

export function parseQueue(query: Readonly<Record<string, string | undefined>>): QueueQuery {
  const { view, topic = '', performer = '', house = '' } = query;
  return {
    view: VIEWS.find((one) => one === view) ?? 'open',
    filter: {
      ...NO_FILTER,
      topicGroup: /^(\d{1,2}|Д)$/.test(topic) ? topic : null,
      address: house.trim().slice(0, 200),
      performerId: isUuid(performer) ? (performer as PersonId) : null,
      ...Object.fromEntries(MARKS.map((mark) => [mark, query[mark] === '1'])),
    },
  };
}

/** The same as the part of an address after «?», without what is at its default. */
export function formatQueue({ view, filter }: QueueQuery): string {
  const fields = new URLSearchParams();
  if (view !== 'open') fields.set('view', view);
  if (filter.topicGroup) fields.set('topic', filter.topicGroup);
  if (filter.address) fields.set('house', filter.address);
  if (filter.performerId) fields.set('performer', filter.performerId);
  for (const mark of MARKS) if (filter[mark]) fields.set(mark, '1');
  return fields.toString();
}

export const queuePath = (queue: QueueQuery, more: Readonly<Record<string, string>> = {}): string => {
  const fields = new URLSearchParams(formatQueue(queue));
  for (const [name, value] of Object.entries(more)) fields.set(name, value);
  return fields.size > 0 ? `${DESK}?${fields}` : DESK;
};

/** The queue that a page was opened from, in one field of its address. */
export const parseFrom = (from: string | undefined): QueueQuery =>
  parseQueue(Object.fromEntries(new URLSearchParams((from ?? '').slice(0, 1000))));

export const countConditions = ({ filter }: QueueQuery): number =>
  [filter.topicGroup, filter.address, filter.performerId, ...MARKS.map((mark) => filter[mark])].filter(Boolean).length;

const NO_TERM = '-';

/** «2026-11-20.<id>»: the row after which the next page begins; of an emergency that waits for its first measures the moment in milliseconds. */
export const formatKey = ({ firstDueAt, dueOn, deskId }: QueueKey): string =>
  firstDueAt ? formatMomentKey(firstDueAt, deskId) : `${dueOn ?? NO_TERM}.${deskId}`;

export function parseKey(text: string | undefined): QueueKey | null {
  const urgent = parseMomentKey(text);
  if (urgent) return { firstDueAt: urgent.at, dueOn: null, deskId: urgent.deskId };
  const [due = '', deskId = ''] = (text ?? '').split('.');
  if (!isUuid(deskId)) return null;
  if (due === NO_TERM) return { firstDueAt: null, dueOn: null, deskId };
  const dueOn = parseDay(due);
  return dueOn ? { firstDueAt: null, dueOn, deskId } : null;
}

/** The same for lists by moment: «1764000000000.<id>», milliseconds. */
export const formatMomentKey = (at: Date, deskId: string): string => `${at.getTime()}.${deskId}`;

export function parseMomentKey(text: string | undefined): { at: Date; deskId: string } | null {
  const [time = '', deskId = ''] = (text ?? '').split('.');
  return /^\d{12,14}$/.test(time) && isUuid(deskId) ? { at: new Date(Number(time)), deskId } : null;
}

type Place = Pick<DeskLine, 'houseId' | 'appealId' | 'deskId'>;

/** The page of one appeal, which keeps the queue that it was opened from. */
export function appealHref({ houseId, appealId, deskId }: Place, queue: QueueQuery, rest = ''): string {
  const fields = new URLSearchParams({ part: deskId });
  const from = formatQueue(queue);
  if (from) fields.set('from', from);
  return `${DESK}/${houseId}/${appealId}${rest && `/${rest}`}?${fields}`;
}

/** Where the actions of one appeal are. */
export const pathOf = ({ houseId, appealId }: Pick<Place, 'houseId' | 'appealId'>, rest = ''): string =>
  `${DESK}/${houseId}/${appealId}${rest && `/${rest}`}`;
