import { type Actor, actingFor, authorise } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { DomovoyError, type FieldError, Invalid } from '../../platform/errors.ts';
import type { OrganisationId, PersonId } from '../../platform/ids.ts';
import { type Day, dayIn } from '../../platform/month.ts';
import { fullName, readPerson } from '../identity/index.ts';
import { readActing } from '../organisations/index.ts';
import { access } from './access.ts';
import { changePart, happened, type PartKey, requireOpen } from './change-part.ts';
import { updatePart } from './queries/write-appeals.ts';
import { ensureRegistered } from './register-appeal.ts';

export interface Assignment {
  items: readonly PartKey[];
  /** Works for the acting organisation today. */
  performerId: PersonId;
  plannedOn?: Day;
}

/** In the order of the items. A refused item changes nothing; the others are done. */
export type AssignmentResult = PartKey & ({ done: true } | { done: false; sentence: string });

const MOST = 200;
/** Organisations are of the country's calendar. */
const ZONE = 'Europe/Moscow';

/** Gives appeals to a performer, each in a transaction of its own; what is not registered yet is registered. */
export async function assignAppeals(context: Context, actor: Actor, input: Assignment): Promise<AssignmentResult[]> {
  authorise(actor, access.workDesk);
  const { organisationId } = actingFor(actor).acting;
  const performer = await checkPerformer(context, organisationId, input);
  const results: AssignmentResult[] = [];
  for (const { houseId, appealId, partId } of input.items) {
    const key = { houseId, appealId, partId };
    try {
      await assignOne(context, actor, key, performer);
      results.push({ ...key, done: true });
    } catch (error) {
      if (!(error instanceof DomovoyError)) throw error;
      results.push({ ...key, done: false, sentence: error.sentence });
    }
  }
  return results;
}

interface Performer {
  personId: PersonId;
  name: string;
  plannedOn: Day | null;
}

async function checkPerformer(
  context: Context,
  organisationId: OrganisationId,
  { items, performerId, plannedOn }: Assignment,
): Promise<Performer> {
  const today = dayIn(ZONE, context.clock());
  const [works, person] = [
    await readActing(context.db, organisationId, performerId, today),
    await readPerson(context.db, performerId),
  ];
  const fields: FieldError[] = [];
  if (items.length === 0) fields.push({ field: 'items', message: 'Отметьте обращения' });
  if (items.length > MOST) fields.push({ field: 'items', message: `Отметьте не больше ${MOST} обращений за раз` });
  if (!works || !person) fields.push({ field: 'performerId', message: 'Выберите исполнителя из своей организации' });
  if (plannedOn && plannedOn < today) fields.push({ field: 'plannedOn', message: 'Плановый день уже прошёл' });
  if (fields.length > 0) throw new Invalid(fields);
  return { personId: performerId, name: fullName(person!), plannedOn: plannedOn ?? null };
}

const assignOne = (context: Context, actor: Actor, key: PartKey, { personId, name, plannedOn }: Performer) =>
  changePart(context, actor, key, {
    name: 'assign',
    async run(opened) {
      requireOpen(opened, 'requests too');
      const hand = await ensureRegistered(opened);
      const { trx, appeal, part } = hand;
      const planned = plannedOn ?? part.plannedOn;
      if (part.performerId === personId && part.plannedOn === planned) return {};
      await updatePart(
        trx,
        { houseId: appeal.houseId, partId: part.partId },
        { performer_id: personId, performer_name: name, planned_on: planned },
      );
      await happened(hand, { kind: 'assigned', internal: true, details: { performer: name, plannedOn: planned } });
      return {};
    },
  });
