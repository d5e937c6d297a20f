import { isUuid } from '../../../platform/ids.ts';
import type { AppealKey } from '../appeal.ts';
import type { TopicGroup } from '../list-topics.ts';
import type { MomentKey, TerritoryFilter, TerritoryState } from '../queries/territory.ts';
import { parseMomentKey } from '../workplace/queue-query.ts';

export const TERRITORY = '/work/territory';
/** The whole country's calendar. */
export const ZONE = 'Europe/Moscow';
/** НСИ 220: a house is not in the system. */
export const MISSING_HOUSE = '10.1';

export const STATE_WORDS: Readonly<Record<TerritoryState, string>> = {
  open: 'Ждут ответа',
  sent: 'Ещё не зарегистрированы',
  in_work: 'В работе',
  executed: 'Исполнены',
  withdrawn: 'Отозваны',
  outside: 'Перенаправлены вне системы',
};

export const MARKS = {
  overdue: 'Просрочены',
  escalated: 'Жалобы на прежний ответ',
  reopened: 'Автор не согласен с ответом',
  unsatisfied: 'Автор не удовлетворён',
} as const;
type Mark = keyof typeof MARKS;
const MARK_NAMES = Object.keys(MARKS) as Mark[];

type Given = Readonly<Record<string, string | undefined>>;

/** The list as its address says it. */
export interface TerritoryQuery {
  /** Words to search by; may be empty. */
  text: string;
  /** A topic of НСИ 220, or a group of them. */
  topic: string;
  filter: TerritoryFilter;
  after: MomentKey;
}

export function parseTerritory(query: Given, groups: readonly TopicGroup[]): TerritoryQuery {
  const { q = '', organisation = '', topic = '', house = '', state = '', after } = query;
  const topics = topicsOf(topic, groups);
  return {
    text: q.trim().slice(0, 500),
    topic: topics ? topic : '',
    filter: {
      addresseeId: isUuid(organisation) ? (organisation as never) : null,
      topics,
      houseId: isUuid(house) ? (house as never) : null,
      state: Object.hasOwn(STATE_WORDS, state) ? (state as TerritoryState) : null,
      ...(Object.fromEntries(MARK_NAMES.map((mark) => [mark, query[mark] === '1'])) as Record<Mark, boolean>),
    },
    after: parseMomentKey(after),
  };
}

/** A group stands for all its topics. */
function topicsOf(code: string, groups: readonly TopicGroup[]): string[] | null {
  const group = groups.find((one) => one.code === code);
  if (group) return [group.code, ...group.topics.map((topic) => topic.code)];
  return groups.some(({ topics }) => topics.some((topic) => topic.code === code)) ? [code] : null;
}

/** The conditions as fields of an address, without what is not set. */
export function territoryFields({ text, topic, filter }: Omit<TerritoryQuery, 'after'>): Record<string, string> {
  return {
    ...(text && { q: text }),
    ...(filter.addresseeId && { organisation: filter.addresseeId }),
    ...(topic && { topic }),
    ...(filter.houseId && { house: filter.houseId }),
    ...(filter.state && { state: filter.state }),
    ...Object.fromEntries(MARK_NAMES.flatMap((mark) => (filter[mark] ? [[mark, '1']] : []))),
  };
}

export const territoryPath = (fields: Readonly<Record<string, string>>): string => {
  const search = new URLSearchParams(fields).toString();
  return search ? `${TERRITORY}?${search}` : TERRITORY;
};

export const overseenPath = ({ houseId, appealId }: AppealKey, rest = ''): string =>
  `${TERRITORY}/${houseId}/${appealId}${rest && `/${rest}`}`;
