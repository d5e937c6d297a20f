import type { Actor } from '../../../platform/access.ts';
import { ROLE_NAMES } from '../../../platform/access.ts';
import { hashOfSecret, newSecret } from '../../../platform/api/token.ts';
import { audit } from '../../../platform/audit/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { type Transaction, transaction } from '../../../platform/database/database.ts';
import { Conflict, Invalid, NotFound } from '../../../platform/errors.ts';
import { type InvitationId, newId, type OrganisationId } from '../../../platform/ids.ts';
import { mailboxOf, sendMail } from '../../../platform/mail/mail.ts';
import { formatDate } from '../../../ui/index.ts';
import { fullName, readPerson } from '../../identity/index.ts';
import { readOrganisation, readPowers } from '../../organisations/index.ts';
import {
  type Invitation,
  insertInvitation,
  lockInvitation,
  selectOpenInvitations,
  updateInvitation,
} from '../queries/invitations.ts';
import { todayAt, ZONE } from '../staff.ts';
import { authorityOf, checkWork } from './authority.ts';
import type { InvitationForm } from './employee-form.ts';
import { formatInvitationToken } from './invitation-token.ts';

/** A week: whoever is ill or away on Friday reads it on Monday, and a forgotten letter opens nothing a month later. */
export const INVITATION_DAYS = 7;
const DAY = 24 * 3_600_000;
/** Of one organisation at a time: more is a mistake, or somebody sends letters by us. */
const MOST_OPEN = 50;
/** One invitation, resent: the address is wrong, or the letters are unwanted. */
const MOST_LETTERS = 5;

/**
 * Offers somebody work for the organisation, by a letter with a link that works once.
 * @param organisationId which one the administrator invites a head to; null: the head's own
 * @throws Invalid; Conflict when the same address is invited already, or too many are
 */
export async function inviteEmployee(
  context: Context,
  actor: Actor,
  form: InvitationForm,
  organisationId: OrganisationId | null = null,
): Promise<InvitationId> {
  const by = authorityOf(actor, organisationId);
  const at = context.clock();
  const invitationId = newId<InvitationId>();
  const secret = newSecret();
  await transaction(context.db, async (trx) => {
    if (!(await readOrganisation(trx, by.organisationId))) throw new NotFound();
    checkWork(form, {
      powers: await readPowers(trx, by.organisationId),
      today: todayAt(at),
      isAdministrator: by.isAdministrator,
    });
    const open = await selectOpenInvitations(trx, by.organisationId);
    if (open.length >= MOST_OPEN)
      throw new Conflict(`Уже ${MOST_OPEN} приглашений ждут ответа. Отзовите те, которые не нужны.`);
    if (open.some(({ email }) => email.toLowerCase() === form.email.toLowerCase()))
      throw new Invalid([
        { field: 'email', message: 'На этот адрес приглашение уже отправлено: отправьте его ещё раз или отзовите' },
      ]);
    const expiresAt = new Date(at.getTime() + INVITATION_DAYS * DAY);
    await insertInvitation(trx, {
      organisation_id: by.organisationId,
      invitation_id: invitationId,
      secret_hash: hashOfSecret(secret),
      email: form.email,
      family_name: form.familyName,
      given_name: form.givenName,
      role: form.role,
      given_until: form.until,
      limited: form.houses === 'some',
      invited_by: by.personId,
      invited_at: at,
      sent_at: at,
      expires_at: expiresAt,
      revoked_at: null,
      accepted_at: null,
      accepted_by: null,
    });
    await sendInvitation(
      context,
      trx,
      { ...form, organisationId: by.organisationId, invitationId, expiresAt, invitedBy: by.personId },
      secret,
    );
    // No name and no address: the journal is kept for ever, and whoever is invited may never come.
    const details = { invitationId, role: form.role, until: form.until, houses: form.houses };
    await audit(trx, { actor: by.personId, action: 'invitation.sent', at, organisationId: by.organisationId, details });
  });
  return invitationId;
}

type Sent = Pick<
  Invitation,
  'organisationId' | 'invitationId' | 'email' | 'givenName' | 'role' | 'until' | 'expiresAt' | 'invitedBy'
>;

async function sendInvitation(context: Context, trx: Transaction, invitation: Sent, secret: string): Promise<void> {
  const { organisationId, invitationId, email, givenName, role, until, expiresAt, invitedBy } = invitation;
  const [organisation, inviter] = [await readOrganisation(trx, organisationId), await readPerson(trx, invitedBy)];
  const url = `${context.config.PUBLIC_URL}/invitations/${formatInvitationToken({ organisationId, invitationId, secret })}`;
  await sendMail(
    trx,
    {
      personId: mailboxOf(organisationId),
      recipient: email,
      kind: 'organisation',
      subject: 'Приглашение на работу в личном кабинете',
      body: {
        title: `${organisation!.short_name} приглашает вас`,
        paragraphs: [
          `Здравствуйте, ${givenName}! Вам предлагают работать в личном кабинете «Домовой» от имени организации.`,
          'Чтобы принять приглашение, войдите подтверждённой учётной записью на своё имя. Ссылка сработает один раз.',
        ],
        facts: [
          { name: 'Организация', value: `${organisation!.short_name}, ИНН ${organisation!.inn}` },
          { name: 'Роль', value: ROLE_NAMES[role] },
          ...(until ? [{ name: 'Последний день работы', value: formatDate(until) }] : []),
          ...(inviter ? [{ name: 'Кто пригласил', value: fullName(inviter) }] : []),
          { name: 'Ссылка действует', value: `до ${formatDate(expiresAt, ZONE)} включительно` },
        ],
        action: { label: 'Посмотреть приглашение', url, isSecret: true },
        after: ['Если вы не ждали этого письма, ничего не делайте: без вашего согласия ничего не произойдёт.'],
      },
    },
    context.clock(),
  );
}

/** @throws NotFound for what is accepted, revoked or another's */
async function lockOpen(
  trx: Transaction,
  organisationId: OrganisationId,
  invitationId: InvitationId,
): Promise<Invitation> {
  const invitation = await lockInvitation(trx, organisationId, invitationId);
  if (!invitation || invitation.acceptedAt || invitation.revokedAt)
    throw new NotFound('Такого приглашения нет: его уже приняли или отозвали.');
  return invitation;
}

/** Sends a new link, on the word of whoever sends it now; the one before works no more. */
export async function resendInvitation(
  context: Context,
  actor: Actor,
  invitationId: InvitationId,
  organisationId: OrganisationId | null = null,
): Promise<void> {
  const by = authorityOf(actor, organisationId);
  const at = context.clock();
  const secret = newSecret();
  await transaction(context.db, async (trx) => {
    const invitation = await lockOpen(trx, by.organisationId, invitationId);
    if (invitation.sentTimes >= MOST_LETTERS)
      throw new Conflict(
        `Письмо отправлено уже ${MOST_LETTERS} раз. Проверьте адрес: отзовите это приглашение и отправьте новое.`,
      );
    const expiresAt = new Date(at.getTime() + INVITATION_DAYS * DAY);
    const invitedBy = by.personId;
    const change = { secret_hash: hashOfSecret(secret), sent_at: at, expires_at: expiresAt, invited_by: invitedBy };
    await updateInvitation(trx, invitation, { ...change, sent_times: invitation.sentTimes + 1 });
    await sendInvitation(context, trx, { ...invitation, expiresAt, invitedBy }, secret);
    const details = { invitationId, times: invitation.sentTimes + 1 };
    await audit(trx, {
      actor: by.personId,
      action: 'invitation.resent',
      at,
      organisationId: by.organisationId,
      details,
    });
  });
}

/** From now on the link opens nothing. */
export async function revokeInvitation(
  context: Context,
  actor: Actor,
  invitationId: InvitationId,
  organisationId: OrganisationId | null = null,
): Promise<void> {
  const by = authorityOf(actor, organisationId);
  const at = context.clock();
  await transaction(context.db, async (trx) => {
    const invitation = await lockOpen(trx, by.organisationId, invitationId);
    await updateInvitation(trx, invitation, { revoked_at: at });
    const details = { invitationId, role: invitation.role };
    await audit(trx, {
      actor: by.personId,
      action: 'invitation.revoked',
      at,
      organisationId: by.organisationId,
      details,
    });
  });
}
