import { isUuid } from '../../../../platform/ids.ts';
import { parseDay } from '../../../../platform/month.ts';
import { formatNumericDate } from '../../../../ui/index.ts';
import { AUTHOR_STATES } from '../../appeal.ts';
import type { OwnFilter, OwnKey } from '../../queries/own-appeals.ts';

export const LIST = '/appeals';

/** What the address of the list says: the five filters and where the page begins. */
export interface ListQuery {
  filter: OwnFilter;
  way: 'older' | 'newer';
  key: OwnKey | null;
  /** Days that cannot be read, as they were typed. */
  wrongDays: { from?: string; until?: string };
}

/** The choice of «Статус обращения:» in its order. */
export const STATE_CHOICES: Readonly<Record<NonNullable<OwnFilter['state']>, string>> = {
  ...AUTHOR_STATES,
  overdue: 'Просрочено',
};

const words = (text: string | undefined): string =>
  String(text ?? '')
    .trim()
    .slice(0, 200);

/** What cannot be read counts as absent: a mistyped day hides nothing, and the page says which. */
export function readListQuery(query: Record<string, string | undefined>): ListQuery {
  const typed = { from: words(query.from), until: words(query.until) };
  const days = [parseDay(typed.from), parseDay(typed.until)];
  const wrongDays = {
    ...(typed.from && !days[0] && { from: typed.from }),
    ...(typed.until && !days[1] && { until: typed.until }),
  };
  const [from, until] = days[0] && days[1] && days[0] > days[1] ? days.reverse() : days;
  const older = readKey(query.after);
  const newer = older ? null : readKey(query.before);
  return {
    filter: {
      number: words(query.number),
      topic: words(query.topic),
      address: words(query.address),
      state: Object.hasOwn(STATE_CHOICES, query.state ?? '') ? (query.state as OwnFilter['state']) : null,
      from: from ?? null,
      until: until ?? null,
    },
    way: newer ? 'newer' : 'older',
    key: older ?? newer,
    wrongDays,
  };
}

/** `<milliseconds>.<id>`; null for anything else. */
function readKey(text: string | undefined): OwnKey | null {
  const [time = '', id = ''] = (text ?? '').split('.');
  return /^[0-9]{1,14}$/.test(time) && isUuid(id)
    ? { sentAt: new Date(Number(time)), appealId: id as OwnKey['appealId'] }
    : null;
}

export const writeKey = ({ sentAt, appealId }: OwnKey): string => `${sentAt.getTime()}.${appealId}`;

export const countConditions = ({ number, topic, address, state, from, until }: OwnFilter): number =>
  [number, topic, address, state, from ?? until].filter(Boolean).length;

/** The address of the list with these filters, and a page of it. */
export function listAddress(filter: OwnFilter, page: { after?: string; before?: string } = {}): string {
  const given = {
    ...filter,
    from: filter.from && formatNumericDate(filter.from),
    until: filter.until && formatNumericDate(filter.until),
    ...page,
  };
  const fields = Object.entries(given).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return fields.length > 0 ? `${LIST}?${new URLSearchParams(fields)}` : LIST;
}
