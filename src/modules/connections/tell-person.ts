import { z } from 'zod';
import type { Context } from '../../platform/context.ts';
import { type Transaction, transaction } from '../../platform/database/database.ts';
import type { AccountId, ClaimId, HouseId, PersonId } from '../../platform/ids.ts';
import { addJob, defineJob } from '../../platform/jobs/jobs.ts';
import { counted, formatDate } from '../../ui/index.ts';
import { readAccounts } from '../accounts/index.ts';
import { readHouses } from '../houses/index.ts';
import { sendNotice, sendTogether } from '../notices/index.ts';
import { readOrganisation } from '../organisations/index.ts';
import { selectLinks, selectOthersOf } from './queries.ts';
import { describeLinks, type LinkView } from './read-links.ts';

/** Three accounts of one home are connected one after another, and are one letter. */
const DELAY_MS = 30_000;
/** Found by the worker later than this, it is no news. */
const NEWS_MS = 3 * 24 * 3_600_000;

type Sender = Pick<Context, 'config' | 'clock'>;

/** What was connected by a claim is told of with the decision. */
async function tellConnected(context: Context, personId: PersonId): Promise<void> {
  const since = context.clock().getTime() - NEWS_MS;
  const own = (await selectLinks(context.db, personId)).filter(
    ({ state, proof, changed_at }) => state === 'connected' && proof !== 'claim' && changed_at.getTime() >= since,
  );
  if (own.length === 0) return;
  const views = await describeLinks(context.db, personId);
  await transaction(context.db, (trx) =>
    sendTogether(context, trx, {
      kind: 'account_connected',
      personId,
      objects: own.map(({ link_id }) => link_id),
      compose: (fresh) =>
        connectedLetter(
          context,
          views.filter(({ linkId }) => fresh.has(linkId)),
        ),
    }),
  );
}

function connectedLetter({ config }: Sender, links: readonly LinkView[]) {
  const what =
    links.length === 1 ? 'Лицевой счёт подключён' : `Подключено: ${counted(links.length, ['счёт', 'счёта', 'счетов'])}`;
  return {
    subject: what,
    content: {
      title: what,
      paragraphs: ['Квитанции, долги и показания теперь видны в вашем личном кабинете.'],
      facts: links.map(({ address, provider, words, number }) => ({
        name: address,
        value: `${words}\n${provider}, лицевой счёт ${number}`,
      })),
      action: { label: 'Мои счета', url: `${config.PUBLIC_URL}/accounts` },
      after: ['Если вы этого не делали, отключите счёт на той же странице и напишите в поддержку.'],
    },
  };
}

export const tellConnectedJob = defineJob({
  name: 'connections.tell_connected',
  payload: z.object({ personId: z.uuid().transform((id) => id as PersonId) }),
  run: (context, { personId }) => tellConnected(context, personId),
});

/** In the transaction that connects. */
export const addTellConnected = (trx: Transaction, personId: PersonId, at: Date): Promise<void> =>
  addJob(
    trx,
    tellConnectedJob,
    { personId },
    { key: `connections.tell_connected:${personId}`, runAt: new Date(at.getTime() + DELAY_MS) },
  );

/** How somebody has shown that an account is theirs, for others who have it. */
export const PROVED_BY = {
  payer: 'записан плательщиком у организации',
  bill_sum: 'назвал(а) сумму последней квитанции',
  code: 'ввёл(а) одноразовый код от организации',
  claim: 'организация подтвердила заявку',
} as const;
export type ProvedBy = keyof typeof PROVED_BY;

/** Whoever has the account already learns that another has connected it, and how; not who: the account tells them that if they are near. */
export async function tellOthers(
  context: Sender,
  trx: Transaction,
  newcomer: { personId: PersonId; houseId: HouseId; accountId: AccountId; proof: ProvedBy; at: Date },
): Promise<void> {
  const others = await selectOthersOf(trx, newcomer);
  if (others.length === 0) return;
  const [house] = await readHouses(trx, [newcomer.houseId]);
  const [card] = await readAccounts(trx, newcomer.houseId, [newcomer.accountId]);
  const issuer = card && (await readOrganisation(trx, card.providerId))?.short_name;
  for (const { personId, linkId } of others)
    await sendNotice(context, trx, {
      kind: 'access_changed',
      personId,
      object: `${linkId}:${newcomer.personId}:${newcomer.at.toISOString()}`,
      subject: 'Ваш лицевой счёт подключил ещё один человек',
      content: {
        title: 'Счёт подключил ещё один человек',
        paragraphs: [
          'К счёту, который есть в вашем кабинете, подключился ещё один человек. Он видит те же квитанции, может платить и передавать показания.',
        ],
        facts: [
          { name: 'Дом', value: house?.shortAddress ?? '' },
          ...(issuer ? [{ name: 'Организация', value: issuer }] : []),
          { name: 'Чем подтверждено', value: PROVED_BY[newcomer.proof] },
        ],
        action: { label: 'Кому открыт счёт', url: `${context.config.PUBLIC_URL}/accounts/${linkId}/share` },
        after: [
          'Это может быть ваш родственник или новый владелец. Если вы не знаете, кто это, позвоните в организацию или напишите в поддержку кабинета, и не показывайте квитанции посторонним: суммы последней из них хватает, чтобы подключить счёт.',
        ],
      },
    });
}

/** The claim has gone to the organisation. */
export const tellClaimed = (
  context: Sender,
  trx: Transaction,
  claim: { personId: PersonId; claimId: ClaimId; provider: string; number: string; dueOn: string },
) =>
  sendNotice(context, trx, {
    kind: 'account_connected',
    personId: claim.personId,
    object: claim.claimId,
    subject: 'Заявка на подключение лицевого счёта отправлена',
    content: {
      title: 'Заявка отправлена',
      paragraphs: [`${claim.provider} получила вашу заявку на подключение лицевого счёта.`],
      facts: [
        { name: 'Лицевой счёт', value: claim.number },
        { name: 'Ответ не позже', value: formatDate(claim.dueOn) },
      ],
      action: { label: 'Посмотреть заявку', url: `${context.config.PUBLIC_URL}/accounts` },
      after: ['Ответ придёт в личный кабинет и на эту почту.'],
    },
  });

/** @param reason of a refusal, in the organisation's words */
export const tellDecided = (
  context: Sender,
  trx: Transaction,
  claim: { personId: PersonId; claimId: ClaimId; provider: string; approved: boolean; reason: string | null },
) =>
  sendNotice(context, trx, {
    kind: 'claim_decided',
    personId: claim.personId,
    object: claim.claimId,
    ...(claim.approved ? approvedLetter(context, claim) : refusedLetter(context, claim)),
  });

const approvedLetter = ({ config }: Sender, { provider }: { provider: string }) => ({
  subject: 'Лицевой счёт подключён',
  content: {
    title: 'Лицевой счёт подключён',
    paragraphs: [`${provider} подключила лицевой счёт к вашему кабинету. Квитанции и долги уже видны.`],
    action: { label: 'Мои счета', url: `${config.PUBLIC_URL}/accounts` },
  },
});

const refusedLetter = ({ config }: Sender, { provider, reason }: { provider: string; reason: string | null }) => ({
  subject: 'В подключении лицевого счёта отказано',
  content: {
    title: 'В подключении счёта отказано',
    paragraphs: [`${provider} не подключила лицевой счёт к вашему кабинету.`],
    facts: [{ name: 'Причина', value: reason ?? '' }],
    action: { label: 'Исправить и подключить ещё раз', url: `${config.PUBLIC_URL}/accounts` },
    after: ['Если вы не согласны с причиной, позвоните в организацию: её телефон есть на странице счёта.'],
  },
});
