import { type Actor, authorise, personOf } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { transaction } from '../../../platform/database/database.ts';
import { NotFound } from '../../../platform/errors.ts';
import { access } from '../access.ts';
import { selectChoices, upsertChoice } from '../queries/reminders.ts';
import { REMINDER_KINDS, type ReminderKind, readUnsubscribeToken, WANTED_BY_DEFAULT } from './reminder.ts';

/** Which letters a person wants, with the defaults where nothing was chosen. */
export async function readReminders(context: Context, actor: Actor): Promise<ReadonlyMap<ReminderKind, boolean>> {
  authorise(actor, access.chooseReminders);
  const chosen = await selectChoices(context.db, personOf(actor).personId);
  return new Map(REMINDER_KINDS.map((kind) => [kind, chosen.get(kind) ?? WANTED_BY_DEFAULT[kind]]));
}

/** Every kind is said at once: those named are wanted, the others not. */
export async function chooseReminders(
  context: Context,
  actor: Actor,
  wanted: ReadonlySet<ReminderKind>,
): Promise<void> {
  authorise(actor, access.chooseReminders);
  const { personId } = personOf(actor);
  await transaction(context.db, async (trx) => {
    for (const kind of REMINDER_KINDS) await upsertChoice(trx, personId, kind, wanted.has(kind), context.clock());
  });
}

/**
 * Ends letters of the kind that a token names, without signing in.
 * @throws NotFound for a token that we did not sign
 */
export async function endReminders(context: Context, actor: Actor, token: string): Promise<ReminderKind> {
  authorise(actor, access.endReminders);
  const read = readUnsubscribeToken(context.config, token);
  if (!read) throw new NotFound('Ссылка из письма неполная. Откройте письмо и нажмите на неё ещё раз.');
  await upsertChoice(context.db, read.personId, read.kind, false, context.clock());
  return read.kind;
}
