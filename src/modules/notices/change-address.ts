import { randomBytes, timingSafeEqual } from 'node:crypto';
import { type Actor, authorise, personOf } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import { sha256 } from '../../platform/config.ts';
import type { Context } from '../../platform/context.ts';
import { type Transaction, transaction } from '../../platform/database/database.ts';
import { Conflict, Invalid, NotFound, TooMany, untilDayOld } from '../../platform/errors.ts';
import { isUuid, newId, type PersonId } from '../../platform/ids.ts';
import { forgetRefusal, isOneAddress, sendMail } from '../../platform/mail/mail.ts';
import { access } from './access.ts';
import {
  deleteAddress,
  lockChoices,
  lockProof,
  markProofUsed,
  selectReader,
  upsertAddress,
  upsertProof,
} from './queries.ts';
import { sendNotice } from './send-notice.ts';

const PROOF_HOURS = 24;
const HOUR_MS = 3_600_000;
/** The address may be a stranger's: nobody is written to without end. Counted for a day, over all addresses of a person. */
const LETTERS_A_DAY = 5;

/**
 * Sends a letter to an address that the person wants notices at; it counts when the link in it is used, once, within a day.
 * @throws Invalid for what is no address, TooMany past the letters of a day
 */
export async function askForAddress(context: Context, actor: Actor, typed: string): Promise<void> {
  authorise(actor, access.changeAddress);
  const { personId } = personOf(actor);
  const address = typed.trim();
  if (address.length > 200 || !isOneAddress(address))
    throw new Invalid([{ field: 'address', message: 'Укажите адрес целиком, например anna@primer.ru' }]);
  const at = context.clock();
  const secret = randomBytes(24).toString('base64url');
  await transaction(context.db, async (trx) => {
    await lockChoices(trx, personId);
    const before = await lockProof(trx, personId);
    const isSameDay = before && at.getTime() - before.countedFrom.getTime() < 24 * HOUR_MS;
    const askedTimes = isSameDay ? before.askedTimes + 1 : 1;
    if (askedTimes > LETTERS_A_DAY)
      throw new TooMany(
        `За сутки отправлено ${LETTERS_A_DAY} писем для проверки адреса. Продолжить можно завтра.`,
        untilDayOld(before?.countedFrom ?? at, at),
      );
    await upsertProof(trx, personId, {
      address,
      secretHash: sha256(secret),
      askedAt: at,
      expiresAt: new Date(at.getTime() + PROOF_HOURS * HOUR_MS),
      askedTimes,
      countedFrom: isSameDay ? before.countedFrom : at,
    });
    await sendMail(trx, proofLetter(context, personId, address, secret), at);
  });
}

/** Says nothing of the person: the address may be a stranger's. */
const proofLetter = ({ config }: Context, personId: PersonId, recipient: string, secret: string) => ({
  personId,
  recipient,
  kind: 'address_proof',
  subject: 'Подтвердите адрес почты',
  body: {
    title: 'Подтвердите адрес почты',
    paragraphs: ['Этот адрес указали в личном кабинете «Домовой», чтобы получать на него уведомления.'],
    action: {
      label: 'Подтвердить адрес',
      url: `${config.PUBLIC_URL}/notices/address?token=${personId}.${secret}`,
      isSecret: true,
    },
    after: [
      `Ссылка действует ${PROOF_HOURS} часа и срабатывает один раз.`,
      'Если это были не вы, удалите письмо: больше мы не напишем.',
    ],
  },
});

export const STALE_LINK = 'Ссылка уже сработала или устарела. Запросите письмо ещё раз в настройках уведомлений.';

/**
 * Uses the link of such a letter. Whoever has it can read mail of the address, so signing in is not asked for.
 * @throws NotFound for a link that is not ours, was used or has run out
 */
export async function confirmAddress(context: Context, actor: Actor, token: string): Promise<string> {
  authorise(actor, access.confirmAddress);
  const [personId = '', secret = ''] = token.split('.');
  if (!isUuid(personId) || !/^[\w-]{32}$/.test(secret)) throw new NotFound(STALE_LINK);
  const at = context.clock();
  return transaction(context.db, async (trx) => {
    const owner = personId as PersonId;
    const proof = await lockProof(trx, owner);
    if (!proof || proof.usedAt || proof.expiresAt <= at || !timingSafeEqual(proof.secretHash, sha256(secret)))
      throw new NotFound(STALE_LINK);
    await markProofUsed(trx, owner, at);
    await tellFormerAddress(context, trx, owner, proof.address);
    await upsertAddress(trx, owner, proof.address, at);
    await audit(trx, { actor: owner, action: 'notices.changed_address', at, subject: owner });
    return proof.address;
  });
}

/**
 * To the mailbox that letters leave: whoever took somebody's session over would else turn away the letters that tell of it, and nobody
 * would hear. The new address is not named: the old mailbox may be read by others by now.
 */
async function tellFormerAddress(context: Context, trx: Transaction, personId: PersonId, next: string | null) {
  const reader = await selectReader(trx, personId);
  const to = next ?? reader?.given ?? null;
  if (!reader?.address || reader.address.toLowerCase() === to?.toLowerCase()) return;
  await sendNotice(context, trx, {
    kind: 'personal_data',
    personId,
    object: `address ${newId()}`,
    recipient: reader.address,
    subject: 'Уведомления больше не приходят на этот адрес',
    content: {
      title: 'Уведомления идут на другой адрес',
      paragraphs: [
        'В настройках личного кабинета сменили адрес для писем: на этот уведомления больше не придут.',
        'Если это сделали не вы, завершите в настройках чужие входы, смените пароль в сервисе входа и верните адрес.',
      ],
      action: { label: 'Настройки уведомлений', url: `${context.config.PUBLIC_URL}/settings/notices` },
    },
  });
}

/** Back to the address that the identity provider names. */
export async function dropAddress(context: Context, actor: Actor): Promise<void> {
  authorise(actor, access.changeAddress);
  const { personId } = personOf(actor);
  const at = context.clock();
  await transaction(context.db, async (trx) => {
    await tellFormerAddress(context, trx, personId, null);
    if (await deleteAddress(trx, personId))
      await audit(trx, { actor: personId, action: 'notices.dropped_address', at, subject: personId });
  });
}

/**
 * «Проверить снова»: letters go to the address again, beginning with one that says so.
 * @throws Conflict when the address was not refused
 */
export async function tryAddressAgain(context: Context, actor: Actor): Promise<void> {
  authorise(actor, access.changeAddress);
  const { personId } = personOf(actor);
  const at = context.clock();
  await transaction(context.db, async (trx) => {
    await lockChoices(trx, personId);
    const reader = await selectReader(trx, personId);
    if (!reader?.address || !reader.refusedAt) throw new Conflict('Письма на этот адрес уже отправляются.');
    await forgetRefusal(trx, reader.address);
    await sendMail(
      trx,
      {
        personId,
        recipient: reader.address,
        kind: 'address_proof',
        subject: 'Проверка почты',
        body: {
          title: 'Почта работает',
          paragraphs: ['Вы попросили проверить этот адрес. Раз письмо пришло, уведомления снова приходят.'],
          action: { label: 'Настройки уведомлений', url: `${context.config.PUBLIC_URL}/settings/notices` },
        },
      },
      at,
    );
  });
}
