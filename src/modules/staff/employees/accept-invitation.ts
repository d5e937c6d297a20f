import { type Actor, authorise, personOf, ROLE_NAMES } from '../../../platform/access.ts';
import { isSecret } from '../../../platform/api/token.ts';
import { audit } from '../../../platform/audit/audit.ts';
import type { Context } from '../../../platform/context.ts';
import { type Db, transaction } from '../../../platform/database/database.ts';
import { Conflict, NotFound } from '../../../platform/errors.ts';
import type { OrganisationId, PersonId } from '../../../platform/ids.ts';
import { fullName, listPeople, type Person, readPerson } from '../../identity/index.ts';
import { sendNotice } from '../../notices/index.ts';
import {
  insertEmployee,
  lockEmployments,
  readActing,
  readOrganisation,
  readPowers,
  standingOf,
  updateEmployee,
} from '../../organisations/index.ts';
import { access } from '../access.ts';
import {
  handHousesOver,
  type Invitation,
  lockInvitation,
  selectHouseAddresses,
  selectInvitation,
  updateInvitation,
} from '../queries/invitations.ts';
import { selectHeads } from '../queries/requisites.ts';
import { PATH, todayAt } from '../staff.ts';
import { type InvitationToken, parseInvitationToken } from './invitation-token.ts';

/** Why an invitation cannot be accepted; what to do is said by the page. */
export type Obstacle = 'revoked' | 'used' | 'expired' | 'unanswered' | 'unconfirmed' | 'other person' | 'works already';

export interface Offer {
  invitation: Invitation;
  organisation: { name: string; fullName: string; inn: string; powers: readonly string[] };
  inviter: string;
  /** The first of the houses that are offered, when not all are. */
  houses: string[];
  /** As whom the person has signed in. */
  person: Person;
  obstacle: Obstacle | null;
}

/** «Семёнов Фёдор» is «СЕМЕНОВ  ФЕДОР»: forms and registers write names in their own ways. */
const folded = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[\s\u00a0]+/g, ' ');
const isNamed = (invitation: Invitation, person: Person): boolean =>
  folded(invitation.familyName) === folded(person.familyName) &&
  folded(invitation.givenName) === folded(person.givenName);

const GONE =
  'Эта ссылка не открывает приглашения. Возьмите её из последнего письма целиком или попросите отправить его ещё раз.';

/** @throws NotFound for what is no link of ours, or of a letter before the last */
function read(text: string): InvitationToken {
  const token = parseInvitationToken(text);
  if (!token) throw new NotFound(GONE);
  return token;
}

/** What is offered to whoever has the link and has signed in. @throws NotFound for a wrong link */
export async function readOffer(context: Context, actor: Actor, text: string): Promise<Offer> {
  authorise(actor, access.acceptInvitation);
  const { personId } = personOf(actor);
  const token = read(text);
  const { db } = context;
  const invitation = await selectInvitation(db, token.organisationId, token.invitationId);
  if (!invitation || !isSecret(token.secret, invitation.secretHash)) throw new NotFound(GONE);
  const [card, powers, inviter, person, houses] = await Promise.all([
    readOrganisation(db, token.organisationId),
    readPowers(db, token.organisationId),
    readPerson(db, invitation.invitedBy),
    readPerson(db, personId),
    invitation.limited ? selectHouseAddresses(db, token, 20) : [],
  ]);
  return {
    invitation,
    organisation: { name: card!.short_name, fullName: card!.full_name, inn: card!.inn, powers },
    inviter: inviter ? fullName(inviter) : '',
    houses,
    person: person!,
    obstacle: await obstacleOf(context, db, invitation, person!),
  };
}

async function obstacleOf(context: Context, db: Db, invitation: Invitation, person: Person): Promise<Obstacle | null> {
  const at = context.clock();
  if (invitation.revokedAt) return 'revoked';
  if (invitation.acceptedAt) return 'used';
  if (invitation.expiresAt <= at) return 'expired';
  if (!(await isAnsweredFor(context, db, invitation))) return 'unanswered';
  if (!person.confirmed) return 'unconfirmed';
  if (!isNamed(invitation, person)) return 'other person';
  const works = await readActing(db, invitation.organisationId, person.personId, todayAt(at));
  return works ? 'works already' : null;
}

/**
 * Whoever invited heads the organisation still, or administers the installation: a head who expects to be dismissed must not leave a way
 * back for themselves or for a friend.
 */
async function isAnsweredFor({ config, clock }: Context, db: Db, { organisationId, invitedBy }: Invitation) {
  if ((await selectHeads(db, organisationId, todayAt(clock()))).includes(invitedBy)) return true;
  const administrators = await listPeople(db, config.OIDC_ISSUER, config.ADMINISTRATORS);
  return administrators.some(({ personId }) => personId === invitedBy);
}

/**
 * The person begins to work for the organisation. The link is used up; who was dismissed before works again.
 * @throws Conflict when something stands in the way
 */
export async function acceptInvitation(context: Context, actor: Actor, text: string): Promise<OrganisationId> {
  authorise(actor, access.acceptInvitation);
  const { personId } = personOf(actor);
  const token = read(text);
  const at = context.clock();
  await transaction(context.db, async (trx) => {
    const invitation = await lockInvitation(trx, token.organisationId, token.invitationId);
    if (!invitation || !isSecret(token.secret, invitation.secretHash)) throw new NotFound(GONE);
    const person = (await readPerson(trx, personId))!;
    if (await obstacleOf(context, trx, invitation, person))
      throw new Conflict('Это приглашение уже нельзя принять. Откройте ссылку ещё раз: там сказано почему.');
    const { organisationId } = invitation;
    const [known] = await lockEmployments(trx, personId, organisationId);
    const given = { givenRole: invitation.role, givenUntil: invitation.until, invited: true };
    const standing = standingOf({ ...given, claimedRole: known?.claimedRole ?? null, isDismissed: false })!;
    const employment = { role: standing.role, limited: invitation.limited };
    const employeeId = known
      ? known.employeeId
      : await insertEmployee(trx, {
          ...{ organisationId, personId, claimedRole: null, ...given, ...employment },
          ...{ from: todayAt(at), to: standing.until },
        });
    if (known)
      await updateEmployee(trx, known, {
        ...{ ...employment, valid_to: standing.until },
        ...{ given_role: given.givenRole, given_until: given.givenUntil, invited: true },
        ...{ dismissed_at: null, dismissed_by: null, dismissal: null },
      });
    await handHousesOver(trx, invitation, employeeId);
    await updateInvitation(trx, invitation, { accepted_at: at, accepted_by: personId });
    const details = { invitationId: invitation.invitationId, role: standing.role };
    await audit(trx, {
      actor: personId,
      action: 'invitation.accepted',
      at,
      organisationId,
      subject: personId,
      details,
    });
    await tellInviter(context, trx, invitation, person);
  });
  return token.organisationId;
}

async function tellInviter(
  context: Context,
  trx: Parameters<typeof sendNotice>[1],
  invitation: Invitation,
  person: Person,
): Promise<PersonId> {
  const card = await readOrganisation(trx, invitation.organisationId);
  await sendNotice(context, trx, {
    kind: 'organisation',
    personId: invitation.invitedBy,
    object: `accepted ${invitation.invitationId}`,
    subject: 'Приглашение принято',
    content: {
      title: 'Приглашение принято',
      paragraphs: [
        `${fullName(person)} теперь работает в организации ${card!.short_name}: ${ROLE_NAMES[invitation.role]}.`,
      ],
      action: { label: 'Сотрудники', url: `${context.config.PUBLIC_URL}${PATH}` },
    },
  });
  return invitation.invitedBy;
}
