import { type Actor, authorise, personOf } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { transaction } from '../../platform/database/database.ts';
import { Conflict } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { dayIn } from '../../platform/month.ts';
import { getWholeNumber } from '../../platform/rules/rules.ts';
import { formatDate } from '../../ui/index.ts';
import { sendNotice } from '../notices/index.ts';
import { access } from './access.ts';
import type { Capacity } from './identity.ts';
import { type Consent, insertWithdrawal, selectConsents } from './queries/consents.ts';
import { endAllSessions, setActing } from './queries/sessions.ts';

const ZONE = 'Europe/Moscow';

/** The consent that is in force in a capacity, if any. `consents` are newest first. */
export const consentInForce = (consents: readonly Consent[], capacity: Capacity): Consent | null => {
  const last = consents.find(({ kind, organisationId }) => kind === 'consent' && organisationId === capacity);
  return last?.what === 'accepted' ? last : null;
};

/** How long a person may change their mind before what no law keeps is deleted. */
export const daysToChangeMind = (context: Context): Promise<number> =>
  getWholeNumber(context.db, 'people.withdrawn_days', dayIn(ZONE, context.clock()));

/**
 * Takes a consent back. One's own ends the use of the cabinet: every session ends, and after the days of the law what need not be kept is
 * deleted, unless the person comes back. A consent given for an organisation ends acting for it.
 * @throws Conflict when there is no consent in force
 */
export async function withdrawConsent(context: Context, actor: Actor, capacity: Capacity): Promise<void> {
  authorise(actor, access.withdrawConsent);
  const { personId, sessionId } = personOf(actor);
  const at = context.clock();
  const days = await daysToChangeMind(context);
  const eraseAt = capacity === null ? new Date(at.getTime() + days * 24 * 3_600_000) : null;
  await transaction(context.db, async (trx) => {
    if (!consentInForce(await selectConsents(trx, personId), capacity))
      throw new Conflict('Это согласие уже отозвано.', 'consent_withdrawn');
    const withdrawalId = newId() as string;
    await insertWithdrawal(trx, { personId, withdrawalId, kind: 'consent', organisationId: capacity, at, eraseAt });
    await audit(trx, {
      actor: personId,
      action: 'identity.withdrew_consent',
      at,
      organisationId: capacity,
      subject: personId,
    });
    if (!eraseAt) return setActing(trx, personId, sessionId, null);
    await endAllSessions(trx, personId, at);
    await sendNotice(context, trx, {
      kind: 'personal_data',
      personId,
      object: withdrawalId,
      subject: 'Согласие на обработку данных отозвано',
      content: {
        title: 'Вы отозвали согласие',
        paragraphs: [
          'Личный кабинет закрыт для вас на всех устройствах.',
          `${formatDate(eraseAt, ZONE)} мы удалим ваши данные, кроме тех, которые закон обязывает хранить. Если передумаете, войдите до этого дня и примите согласие снова.`,
        ],
        action: { label: 'Войти', url: `${context.config.PUBLIC_URL}/sign-in` },
      },
    });
  });
}
