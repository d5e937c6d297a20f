import { authorise, type System } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { type Transaction, transaction } from '../../platform/database/database.ts';
import type { MeterId, ReadingId } from '../../platform/ids.ts';
import type { Month } from '../../platform/month.ts';
import { type HouseCard, readHouses } from '../houses/index.ts';
import { access } from './access.ts';
import { DELIVERY_TRANSITIONS, type DeliveryState } from './meter.ts';
import { dropForsaken, selectDeliveredMeters, takeBack } from './queries/decisions.ts';
import { lockDeliveries, moveDeliveries, selectSuperseded } from './queries/feed.ts';
import { lockMeters } from './queries/meters.ts';
import type { ReadingKey } from './reading-key.ts';
import { recountMonths } from './recount-months.ts';
import { addDeclined } from './reminders/tell-declined.ts';
import { addSummary } from './summarise-house.ts';

export type Move = ReadingKey & { to: 'fetched' | 'accepted' | 'declined'; reason: string | null };

/** What became of a move: `same` when the delivery stood so already. `now` is its state after the call; null when there is none. */
export type Moved =
  | { result: 'done' | 'same'; now: DeliveryState }
  | { result: 'wrong'; now: DeliveryState | null; field: 'id'; message: string };

const NOT_FOUND: Moved = {
  result: 'wrong',
  now: null,
  field: 'id',
  message: 'Такого показания у вашей организации нет',
};
const wrong = (now: DeliveryState, message: string): Moved => ({ result: 'wrong', now, field: 'id', message });

/**
 * Moves deliveries to the system's organisation, each on its own: fetched, accepted or declined. A house is one transaction, houses go
 * in the order of their ids. Repeated, a call changes nothing more.
 * @returns an answer for each move, in their order
 */
export async function moveMany(context: Context, system: System, moves: readonly Move[]): Promise<Moved[]> {
  authorise(system, access.exchangeReadings);
  const at = context.clock();
  const results: Moved[] = moves.map(() => NOT_FOUND);
  const byHouse = Map.groupBy(
    moves.map((move, index) => ({ move, index })),
    ({ move }) => move.houseId,
  );
  const houses = await readHouses(context.db, [...byHouse.keys()]);
  for (const house of houses.sort((a, b) => (a.houseId < b.houseId ? -1 : 1))) {
    const own = byHouse.get(house.houseId)!;
    const moved = await transaction(context.db, (trx) =>
      moveInHouse(
        trx,
        system,
        house,
        own.map(({ move }) => move),
        at,
      ),
    );
    for (const [place, { index }] of own.entries()) results[index] = moved[place]!;
  }
  return results;
}

async function moveInHouse(
  trx: Transaction,
  system: System,
  house: HouseCard,
  moves: readonly Move[],
  at: Date,
): Promise<Moved[]> {
  const { organisationId, madeBy, keyId } = system;
  const { houseId } = house;
  const ids = moves.map(({ readingId }) => readingId);
  // Devices are held first, as recordReadings holds them: a correction comes before or after, not between.
  await lockMeters(trx, houseId, await selectDeliveredMeters(trx, houseId, organisationId, ids));
  const known = new Map((await lockDeliveries(trx, houseId, organisationId, ids)).map((one) => [one.readingId, one]));
  const results: Moved[] = [];
  const done = new Map<ReadingId, Move>();
  const changed: Changed[] = [];
  for (const move of moves) {
    const delivery = known.get(move.readingId);
    let moved: Moved = delivery ? judge(move, delivery) : NOT_FOUND;
    const before = done.get(move.readingId);
    if (before) moved = wrong(before.to, 'Это показание уже есть выше');
    // One by one, and seldom: of two declined values of a month only one can count again.
    else if (delivery?.state === 'declined' && moved.result === 'done') {
      if ((await selectSuperseded(trx, houseId, [move.readingId])).size > 0) moved = wrong(delivery.state, SUPERSEDED);
      else changed.push(...[await takeBack(trx, houseId, move.readingId)].filter((back) => back !== null));
    }
    if (moved.result === 'done') done.set(move.readingId, move);
    results.push(moved);
  }
  if (done.size === 0) return results;
  await moveDeliveries(trx, houseId, organisationId, [...done.values()], madeBy, at);
  const of = (to: Move['to']) => [...done.values()].filter((move) => move.to === to).map(({ readingId }) => readingId);
  changed.push(...(await dropForsaken(trx, houseId, of('declined'))));
  await recount(trx, house, changed, at);
  if (of('declined').length > 0) await addDeclined(trx, houseId, organisationId, at);
  await addSummary(trx, houseId, at);
  const counted = { fetched: of('fetched').length, accepted: of('accepted').length, declined: of('declined').length };
  const details = { ...counted, keyId };
  await audit(trx, { actor: madeBy, action: 'meters.readings_moved', at, organisationId, houseId, details });
  return results;
}

const SUPERSEDED = 'За этот месяц уже есть новое показание: примите его';

function judge({ to, reason }: Move, { state, reason: known }: { state: DeliveryState; reason: string | null }): Moved {
  if (state === to && (to !== 'declined' || known === reason)) return { result: 'same', now: state };
  // Whoever has decided has fetched.
  if (to === 'fetched' && (state === 'accepted' || state === 'declined')) return { result: 'same', now: state };
  if (state === 'replaced') return wrong(state, 'Показание заменено новым: заберите новое');
  if (state === 'declined' && to === 'declined') return wrong(state, 'Показание уже отклонено с другой причиной');
  if (!DELIVERY_TRANSITIONS[state].includes(to)) return wrong(state, 'Показание уже решено иначе');
  return { result: 'done', now: to };
}

interface Changed {
  meterId: MeterId;
  period: Month;
}

/** What was declined by all counts no more, what is accepted after that counts again: its months are counted anew. */
async function recount(trx: Transaction, house: HouseCard, changed: readonly Changed[], at: Date): Promise<void> {
  const first = new Map<MeterId, Month>();
  for (const { meterId, period } of changed) {
    const known = first.get(meterId);
    if (!known || period < known) first.set(meterId, period);
  }
  const meters = await lockMeters(trx, house.houseId, [...first.keys()]);
  for (const meter of meters) await recountMonths(trx, house, meter, first.get(meter.meterId)!, at);
}
