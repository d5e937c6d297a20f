import { type Actor, actingFor, authorise, type Desk, isOpenTo } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { type Transaction, transaction } from '../../platform/database/database.ts';
import { Conflict, Invalid, NotFound } from '../../platform/errors.ts';
import { once } from '../../platform/idempotency/idempotency.ts';
import type { HouseId, PersonId, PremisesId } from '../../platform/ids.ts';
import { type Day, dayIn } from '../../platform/month.ts';
import { access } from './access.ts';
import type { HouseCard } from './house.ts';
import { selectHouse } from './queries/houses.ts';
import {
  insertOwnership,
  lockOwnership,
  type OwnershipInput,
  selectOwnerships,
  setOwnershipEnd,
} from './queries/ownership.ts';
import { lockPremises } from './queries/premises.ts';
import { addShares, formatShare, isAboveWhole, leftOf } from './share.ts';

/** The house, when the organisation manages it. Another's house is not found. @throws NotFound */
export async function managedHouse(trx: Transaction, houseId: HouseId, desk: Desk): Promise<HouseCard> {
  const house = isOpenTo(desk, houseId) ? await selectHouse(trx, houseId) : null;
  if (house?.managerId !== desk.organisationId) throw new NotFound();
  return house;
}

/**
 * Adds a right inside a caller's transaction (imports too). The premises' row is the lock: two rights added at once cannot pass the
 * whole together.
 * @throws Invalid when the current shares would be above the whole; NotFound when the house has no such premises
 */
export async function addOwnership(trx: Transaction, right: OwnershipInput, by: PersonId, at: Date): Promise<string> {
  if (!(await lockPremises(trx, right.houseId, right.premisesId))) throw new NotFound();
  const current = (await selectOwnerships(trx, right.houseId, right.premisesId)).filter((one) => one.endedOn === null);
  if (isAboveWhole(addShares([...current, right]))) {
    const left = leftOf(current);
    const message =
      left.numerator === 0n
        ? 'Право на всё помещение уже записано. Сначала прекратите прежнее право'
        : `Вместе с записанными долями получается больше целого. Свободно ${formatShare(left)}`;
    throw new Invalid([{ field: 'share', message }]);
  }
  return insertOwnership(trx, right, by, at);
}

/**
 * An employee of the managing organisation records a right that Росреестр has registered.
 * @param key of the form: sending it twice records one right
 */
export async function recordOwnership(
  context: Context,
  actor: Actor,
  input: OwnershipInput,
  key?: string,
): Promise<string> {
  authorise(actor, access.recordOwnership);
  const { personId, acting } = actingFor(actor);
  const at = context.clock();
  return transaction(context.db, async (trx) => {
    const house = await managedHouse(trx, input.houseId, acting);
    if (input.registeredOn && input.registeredOn > dayIn(house.zone, at))
      throw new Invalid([{ field: 'registeredOn', message: 'День регистрации ещё не наступил. Проверьте дату' }]);
    const record = async () => {
      const ownershipId = await addOwnership(trx, input, personId, at);
      await audit(trx, {
        actor: personId,
        action: 'ownership.recorded',
        at,
        organisationId: acting.organisationId,
        houseId: input.houseId,
        details: { premisesId: input.premisesId, ownershipId, share: formatShare(input) },
      });
      return { ownershipId };
    };
    const call = { key: `ownership:${personId}:${key}`, request: input, at };
    return (key ? await once(trx, call, record) : await record()).ownershipId;
  });
}

/** Ends a current right: sold, inherited, recorded by mistake. The row stays. */
export async function endOwnership(
  context: Context,
  actor: Actor,
  input: { houseId: HouseId; premisesId: PremisesId; ownershipId: string; endedOn: Day },
): Promise<void> {
  authorise(actor, access.endOwnership);
  const { personId, acting } = actingFor(actor);
  const at = context.clock();
  await transaction(context.db, async (trx) => {
    const house = await managedHouse(trx, input.houseId, acting);
    const right = await lockOwnership(trx, input.houseId, input.premisesId, input.ownershipId);
    if (!right) throw new NotFound();
    if (right.endedOn !== null) throw new Conflict('Это право уже прекращено. Обновите страницу.', 'ownership_ended');
    const wrong =
      input.endedOn > dayIn(house.zone, at)
        ? 'Этот день ещё не наступил. Запишите прекращение, когда право прекратится'
        : right.registeredOn && input.endedOn < right.registeredOn
          ? 'Право не может прекратиться раньше, чем его зарегистрировали'
          : null;
    if (wrong) throw new Invalid([{ field: 'endedOn', message: wrong }]);
    await setOwnershipEnd(trx, input.houseId, input.ownershipId, input.endedOn, at);
    await audit(trx, {
      actor: personId,
      action: 'ownership.ended',
      at,
      organisationId: acting.organisationId,
      houseId: input.houseId,
      details: { premisesId: input.premisesId, ownershipId: input.ownershipId, endedOn: input.endedOn },
    });
  });
}
