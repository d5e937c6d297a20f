import { type Actor, authorise, personOf } from '../../../platform/access.ts';
import { audit } from '../../../platform/audit/audit.ts';
import { type Config, sha256 } from '../../../platform/config.ts';
import type { Context } from '../../../platform/context.ts';
import { type Transaction, transaction } from '../../../platform/database/database.ts';
import { Conflict, Invalid, NotFound, TooMany, untilDayOld } from '../../../platform/errors.ts';
import { once } from '../../../platform/idempotency/idempotency.ts';
import { type LinkId, newId, type PersonId } from '../../../platform/ids.ts';
import { sendMail } from '../../../platform/mail/mail.ts';
import { addDays, addMonths, type Day, dayIn, lastDay, monthOf, startOfDay } from '../../../platform/month.ts';
import { formatDate } from '../../../ui/index.ts';
import { type InvitationId, readAccounts, rightsInWords, type ShareId, type ShareRight } from '../../accounts/index.ts';
import { readHouse } from '../../houses/index.ts';
import { access } from '../access.ts';
import { canonicalCode, deriveCode } from '../connection.ts';
import { countInvitations, holdOwnLink, insertShare, lockLiveShares, selectSharesByCode } from '../queries/shares.ts';
import { lockTries } from '../queries.ts';
import { ownerNameOf } from './owner-name.ts';

/** A week, as for an invitation to work: a forgotten letter opens nothing a month later. */
export const INVITATION_DAYS = 7;
/** Family, a tenant, a neighbour; more is a mistake. */
const MOST_SHARES = 10;
/** Each may be a letter to a stranger: revoking and inviting anew does not make a mailing of it. */
const MOST_A_DAY = 20;
/** Further than so a date says nothing: such a share is «until revoked». */
const LONGEST_MONTHS = 60;
const DAY = 24 * 3_600_000;

export interface InvitationInput {
  /** The accounts that are opened together, by one code. */
  linkIds: readonly LinkId[];
  /** How the owner calls the helper. */
  invitedAs: string;
  /** Where the link goes; null: the code is shown to the owner once. */
  email: string | null;
  /** Beside «see», which is in every share. */
  rights: readonly ShareRight[];
  /** The last day, inclusive, in the house's zone; null: until revoked. */
  until: Day | null;
  /** Of the form: sent again, it is the same invitation with the same code. */
  key: string;
}

export interface Invited {
  /** In the order of the links. */
  shareIds: ShareId[];
  /** Null when it was sent by e-mail. */
  code: string | null;
  expiresAt: Date;
}

/**
 * The owner of connected accounts lets somebody use them. Only the hash of the one-time code is kept.
 * @throws NotFound when any of the links is not the person's own and connected: a helper shares nothing further
 * @throws Invalid, Conflict when too many are invited, TooMany when the day's invitations are used up
 */
export async function inviteHelper(context: Context, actor: Actor, input: InvitationInput): Promise<Invited> {
  authorise(actor, access.share);
  const { personId } = personOf(actor);
  const at = context.clock();
  const { key, ...request } = input;
  return transaction(context.db, async (trx) => {
    const given = { key: `share ${personId} ${key}`, request, at };
    const { invitationId, shareIds, expiresAt } = await once(trx, given, () => invite(context, trx, actor, input));
    const code = codeOf(context.config, invitationId);
    const open = await selectSharesByCode(trx, sha256(canonicalCode(code)), at);
    // Sent again much later, or under another SECRET_KEY.
    if (open.length === 0)
      throw new Conflict(
        'Это приглашение уже принято или отозвано. Откройте страницу заново, чтобы пригласить ещё раз.',
      );
    return { shareIds, code: input.email ? null : code, expiresAt: new Date(expiresAt) };
  });
}

/** Whoever sends the form again sees it again. */
const codeOf = (config: Config, invitationId: InvitationId): string =>
  deriveCode(config, 'codes of shares', invitationId);

async function invite(
  context: Context,
  trx: Transaction,
  actor: Actor,
  input: InvitationInput,
): Promise<{ invitationId: InvitationId; shareIds: ShareId[]; expiresAt: string }> {
  const { personId } = personOf(actor);
  const at = context.clock();
  const invitationId = newId<InvitationId>();
  const code = codeOf(context.config, invitationId);
  const expiresAt = new Date(at.getTime() + INVITATION_DAYS * DAY);
  const rights: ShareRight[] = [...new Set<ShareRight>(['see', ...input.rights])];
  await lockTries(trx, personId);
  const links: OwnLink[] = [];
  for (const linkId of [...new Set(input.linkIds)].sort()) links.push(await holdLink(trx, personId, linkId, input, at));
  const { count, first } = await countInvitations(trx, personId, new Date(at.getTime() - DAY));
  if (count >= MOST_A_DAY)
    throw new TooMany(
      `За сутки можно пригласить не больше ${MOST_A_DAY} раз. Продолжить можно завтра.`,
      untilDayOld(first ?? at, at),
    );
  const shareIds = new Map<LinkId, ShareId>();
  for (const { link, endsAt } of links) {
    const shareId = newId<ShareId>();
    const { house_id: houseId, account_id: accountId, link_id: linkId } = link;
    await insertShare(trx, {
      ...{ ownerId: personId, shareId, invitationId, linkId, houseId, accountId, rights, at, expiresAt, endsAt },
      ...{ invitedAs: input.invitedAs, email: input.email, until: input.until },
      codeHash: sha256(canonicalCode(code)),
    });
    await audit(trx, {
      ...{ actor: personId, action: 'shares.invited', at, subject: personId, houseId, accountId },
      details: { shareId, rights, until: input.until },
    });
    shareIds.set(linkId, shareId);
  }
  if (input.email)
    await sendInvitation(context, trx, actor, { ...input, email: input.email, rights, code, expiresAt, links });
  const inOrder = input.linkIds.map((linkId) => shareIds.get(linkId)!);
  return { invitationId, shareIds: inOrder, expiresAt: expiresAt.toISOString() };
}

interface OwnLink {
  link: NonNullable<Awaited<ReturnType<typeof holdOwnLink>>>;
  endsAt: Date | null;
}

async function holdLink(
  trx: Transaction,
  personId: PersonId,
  linkId: LinkId,
  { until, email }: InvitationInput,
  at: Date,
): Promise<OwnLink> {
  const link = await holdOwnLink(trx, personId, linkId);
  if (!link) throw new NotFound('Открыть доступ можно только к своему подключённому счёту.');
  const zone = (await readHouse(trx, link.house_id))?.zone ?? 'Europe/Moscow';
  checkUntil(until, dayIn(zone, at));
  const open = await lockLiveShares(trx, personId, linkId);
  if (open.length >= MOST_SHARES)
    throw new Conflict(
      `Доступ к счёту ${await numberOf(trx, link)} уже открыт или предложен ${MOST_SHARES} людям. Закройте лишний.`,
    );
  if (email && open.some((one) => one.state === 'invited' && same(one.email, email)))
    throw new Invalid([
      {
        field: 'email',
        message: `На этот адрес уже отправлено приглашение к счёту ${await numberOf(trx, link)}: отзовите его на странице этого счёта`,
      },
    ]);
  return { link, endsAt: until && startOfDay(zone, addDays(until, 1)) };
}

async function numberOf(trx: Transaction, { house_id, account_id }: OwnLink['link']): Promise<string> {
  const [card] = await readAccounts(trx, house_id, [account_id]);
  return card?.number ?? '';
}

const same = (a: string | null, b: string | null): boolean => a?.toLowerCase() === b?.toLowerCase();

function checkUntil(until: Day | null, today: Day): void {
  if (until === null) return;
  if (until < today)
    throw new Invalid([{ field: 'until', message: 'Этот день уже прошёл: укажите сегодня или позже' }]);
  if (until > lastDay(addMonths(monthOf(today), LONGEST_MONTHS)))
    throw new Invalid([{ field: 'until', message: 'Укажите день не дальше пяти лет или оставьте поле пустым' }]);
}

async function sendInvitation(
  context: Context,
  trx: Transaction,
  actor: Actor,
  {
    email,
    rights,
    until,
    code,
    expiresAt,
    links,
  }: InvitationInput & { email: string; code: string; expiresAt: Date; links: readonly OwnLink[] },
): Promise<void> {
  const { personId } = personOf(actor);
  const owner = await ownerNameOf(trx, personId);
  await sendMail(
    trx,
    {
      personId,
      recipient: email,
      kind: 'access_changed',
      subject: 'Вам открывают доступ к лицевому счёту',
      body: {
        title: `${owner} открывает вам доступ к ${links.length > 1 ? 'своим лицевым счетам' : 'своему лицевому счёту'}`,
        paragraphs: [
          'Это приглашение в личный кабинет «Домовой». Чтобы его принять, войдите в кабинет: пароль владельца счёта не нужен.',
        ],
        facts: [
          ...(links.length > 1 ? [{ name: 'Сколько счетов', value: String(links.length) }] : []),
          { name: 'Что можно будет', value: rightsInWords(rights) },
          ...(until ? [{ name: 'Доступ до', value: `${formatDate(until)} включительно` }] : []),
          { name: 'Приглашение действует', value: `до ${formatDate(expiresAt, 'Europe/Moscow')}, один раз` },
        ],
        action: {
          label: 'Посмотреть приглашение',
          url: `${context.config.PUBLIC_URL}/accounts/shared/${code}`,
          isSecret: true,
        },
        after: [
          'Владелец будет видеть, что и когда вы делали с его счётом. Отказаться можно в любой момент.',
          'Если вы не ждали этого письма, ничего не делайте.',
        ],
      },
    },
    context.clock(),
  );
}
