import { authorise, type System } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { Invalid } from '../../platform/errors.ts';
import type { Month } from '../../platform/month.ts';
import { access } from './access.ts';
import { lookAtMeters } from './look-at-meters.ts';
import type { DeliveryState } from './meter.ts';
import { type Delivered, type FeedKey, selectFeed } from './queries/feed.ts';
import { formatReadingKey, readReadingKey } from './reading-key.ts';

export type { Delivered } from './queries/feed.ts';

/**
 * Readings delivered to the system's organisation, in one state, the oldest change first. A page begins where the one before ended, by
 * key: what others write meanwhile moves no line to another page. A change that is committed late may lie behind a page that was read
 * already; it is there when the list is read from its beginning again, for its state is still the same.
 * @throws Invalid when `after` is no end of a page
 */
export async function listDeliveries(
  context: Context,
  system: System,
  wish: { state: DeliveryState; period: Month | null; after: string | null; limit: number },
): Promise<{ deliveries: Delivered[]; next: string | null }> {
  authorise(system, access.exchangeReadings);
  const after = wish.after === null ? null : readFeedKey(wish.after);
  const { organisationId } = system;
  const rows = await selectFeed(context.db, { ...wish, organisationId, after, limit: wish.limit + 1 });
  const deliveries = rows.slice(0, wish.limit);
  await lookAtMeters(context.db, system, {
    action: 'meters.readings_read_by_system',
    at: context.clock(),
    what: 'Показания дома, которые забирает программа организации, без имён',
    houseIds: deliveries.map(({ houseId }) => houseId),
    details: { keyId: system.keyId, readings: deliveries.length },
  });
  const last = deliveries.at(-1);
  return { deliveries, next: rows.length > wish.limit && last ? formatFeedKey(last) : null };
}

const formatFeedKey = ({ changedAt, houseId, readingId }: FeedKey): string =>
  `${changedAt.getTime()}.${formatReadingKey(houseId, readingId)}`;

/** Times that a Date and PostgreSQL both hold. */
const MOST_MILLISECONDS = 4e12;

function readFeedKey(text: string): FeedKey {
  const [, time = '', rest = ''] = /^(\d{1,13})\.(.+)$/.exec(text) ?? [];
  const key = readReadingKey(rest);
  if (!key || Number(time) > MOST_MILLISECONDS)
    throw new Invalid([{ field: 'after', message: 'Передайте значение next прошлой страницы как есть' }]);
  return { changedAt: new Date(Number(time)), ...key };
}
