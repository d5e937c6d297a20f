import { z } from 'zod';
import { type Actor, authorise, personOf } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { NotFound } from '../../platform/errors.ts';
import {
  type AppealId,
  type DocumentId,
  type HouseId,
  isUuid,
  type OrganisationId,
  type PersonId,
} from '../../platform/ids.ts';
import { parseDay } from '../../platform/month.ts';
import { formatDate, formatMonth, formatNumericDate, formatRubles } from '../../ui/index.ts';
import { connectedAccounts } from '../accounts/index.ts';
import { readDocument } from '../billing/index.ts';
import { readOrganisation, readPowers } from '../organisations/index.ts';
import { access } from './access.ts';
import { cleanLine } from './clean-text.ts';
import type { DraftContent } from './draft.ts';
import { chooseRole, POWER_OF_KIND } from './find-addressees.ts';
import { findHousePlace, findRegion } from './find-place.ts';
import { type OwnHome, readOwnHomes } from './own-homes.ts';
import { selectAppeal } from './queries/read-appeals.ts';
import { CONNECT_TOPIC } from './topics.ts';

const line = z.string().max(1000).catch('').transform(cleanLine);
const id = z.string().refine(isUuid).or(z.literal('')).catch('');
const dayOrNothing = z.string().transform(parseDay).catch(null);

/**
 * What a link to a new appeal may say. Everything that belongs to somebody is checked: an account, a bill or an appeal of another
 * person is "not found".
 * - `about=connect`: `number`, `provider` (organisation) or `address` (ФИАС GUID): the account is not found or not connected; `sent` and
 *   `due` (YYYY-MM-DD): a claim for it was sent, and was not answered until the day
 * - `about=house`: `address` (words or ФИАС GUID), `region`: the house is not in the register
 * - `about=charge`: `house`, `document`, `line` (its position): a disputed line of a bill
 * - `about=bill`: `link` (connected account), `period` (YYYY-MM): no bill
 * - `about=reading`: `link`, `meter` (its number), `resource`: the device or its readings are missing
 * - `parent=<house>.<appeal>`: one's own appeal that this one continues
 */
export const aboutQuery = z.object({
  about: z.enum(['connect', 'house', 'charge', 'bill', 'reading']).optional().catch(undefined),
  parent: z.string().max(80).catch(''),
  number: line,
  provider: id,
  address: line,
  region: line,
  house: id,
  document: id,
  line: z.coerce.number().int().min(1).max(9999).optional().catch(undefined),
  link: id,
  period: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
    .or(z.literal(''))
    .catch(''),
  meter: line,
  resource: line,
  sent: dayOrNothing,
  due: dayOrNothing,
});
export type About = z.output<typeof aboutQuery>;
/** The fields that carry it through the first saving of the form. */
export const ABOUT_FIELDS = Object.keys(aboutQuery.shape) as readonly (keyof About)[];

/** What a new draft begins with by the link that led to it. @throws NotFound when it names what is not the person's */
export async function readyText(context: Context, actor: Actor, about: About): Promise<Partial<DraftContent>> {
  authorise(actor, access.writeAppeal);
  const { personId } = personOf(actor);
  if (about.parent) return continuation(context, personId, about.parent);
  const writers = { connect, house: missingHouse, charge, bill: missingBill, reading };
  return about.about ? writers[about.about](context, personId, about) : {};
}

type Writer = (context: Context, personId: PersonId, about: About) => Promise<Partial<DraftContent>>;

const connect: Writer = async ({ db }, _personId, { number, provider, address, sent, due }) => {
  const card = provider ? await readOrganisation(db, provider as OrganisationId) : null;
  const place = isUuid(address) ? await findHousePlace(db, address) : null;
  const powers = card ? await readPowers(db, card.organisation_id) : [];
  return {
    ...place,
    topicCode: CONNECT_TOPIC.code,
    ...(card && addresseeOf(card.organisation_id, chooseRole(powers, { powerCode: '' }, CONNECT_TOPIC.code))),
    text: [
      `Прошу подключить лицевой счёт ${number ? `№ ${number}` : '(номер: впишите из квитанции)'} к моему личному кабинету.`,
      sent && due
        ? `Заявку на это я отправил(а) ${formatDate(sent)} Ответить на неё нужно было до ${formatDate(due)}, а ответа нет. Прошу решить заявку и сообщить мне решение, при отказе с причиной.`
        : 'Личный кабинет этот счёт не находит или не подключает. Прошу разместить в системе сведения о счёте и о плательщике и сообщить мне, когда это будет сделано.',
    ].join('\n\n'),
  };
};

const missingHouse: Writer = async ({ db }, _personId, { address, region }) => {
  const place = isUuid(address) ? await findHousePlace(db, address) : null;
  const known = region ? await findRegion(db, region) : null;
  const words = place?.address ?? (isUuid(address) ? '' : address.slice(0, 500));
  return {
    ...(place ?? { address: words, ...(known && { regionCode: known.code }) }),
    topicCode: '10.1',
    text: [
      `Дома ${words ? `по адресу ${words} ` : ''}нет в системе: подключить лицевой счёт и видеть квитанции нельзя.`,
      'Прошу проверить, почему сведения о доме не размещены, и обязать того, кто за это отвечает, разместить их.',
    ].join('\n\n'),
  };
};

const charge: Writer = async ({ db }, personId, { house, document: documentId, line: position }) => {
  const own = (await connectedAccounts(db, personId)).filter(({ houseId }) => houseId === house);
  const document =
    house && documentId
      ? await readDocument(
          db,
          house as HouseId,
          own.map(({ accountId }) => accountId),
          documentId as DocumentId,
        )
      : null;
  if (!document) throw new NotFound('Такой квитанции в вашем кабинете нет.');
  const home = await homeOf(db, personId, document.houseId, document.accountId);
  const disputed = document.body.lines.find((one) => one.position === position);
  const bill = `В квитанции № ${document.number} за ${formatMonth(document.period)} (лицевой счёт ${document.accountNumber})`;
  const what = disputed
    ? `${bill} начислено по строке «${disputed.service}»: ${formatRubles(BigInt(disputed.payable))}.`
    : `${bill} есть начисление, с которым я не согласен (не согласна): (впишите строку и сумму).`;
  return {
    ...(await placeOf(db, home)),
    topicCode: '3.11',
    ...addresseeOf(document.providerId, powerIn(home, document.providerId)),
    text: [what, 'Прошу проверить это начисление, показать расчёт и исправить его, если оно неверно.'].join('\n\n'),
  };
};

const missingBill: Writer = async ({ db }, personId, { link, period }) => {
  const { home, account } = await accountOf(db, personId, link);
  return {
    ...(await placeOf(db, home)),
    topicCode: '10.2',
    ...addresseeOf(account.providerId, POWER_OF_KIND[account.kind]),
    text: `Квитанции${period ? ` за ${formatMonth(period)}` : ''} по лицевому счёту № ${account.number} в личном кабинете нет. Прошу разместить её и впредь размещать в срок.`,
  };
};

const reading: Writer = async ({ db }, personId, { link, meter, resource }) => {
  const { home, account } = await accountOf(db, personId, link);
  const device = [resource && `(${resource.toLowerCase()})`, meter && `№ ${meter}`].filter(Boolean).join(' ');
  return {
    ...(await placeOf(db, home)),
    topicCode: '5.6',
    ...addresseeOf(account.providerId, POWER_OF_KIND[account.kind]),
    text: [
      `По лицевому счёту № ${account.number} не получается передать показания прибора учёта${device && ` ${device}`}.`,
      'Прошу разместить сведения о приборе, принять показания и учесть их в ближайшей квитанции. Номер прибора, его показания и дата: (впишите).',
    ].join('\n\n'),
  };
};

async function continuation({ db }: Context, personId: PersonId, parent: string): Promise<Partial<DraftContent>> {
  const [houseId = '', appealId = ''] = parent.split('.');
  const appeal =
    isUuid(houseId) && isUuid(appealId)
      ? await selectAppeal(db, { houseId: houseId as HouseId, appealId: appealId as AppealId })
      : null;
  if (appeal?.authorId !== personId) throw new NotFound('Такого обращения среди ваших нет.');
  const { fiasGuid, address, flat, regionCode, oktmo, municipality, topicCode, ownTopic, email, phone, answerEmail } =
    appeal;
  return {
    ...{ fiasGuid, address, flat, regionCode, oktmo, municipality, topicCode, ownTopic, email, phone, answerEmail },
    isTerritory: fiasGuid === null,
    text: `В продолжение обращения № ${appeal.number} от ${formatNumericDate(appeal.sentAt, appeal.zone)}.\n\n`,
    parentHouseId: appeal.houseId,
    parentId: appeal.appealId,
    relation: 'continuation',
  };
}

const addresseeOf = (addresseeId: OrganisationId, addresseePower: string) => ({
  addresseeId,
  addresseePower,
  addresseeChosen: true,
});

/** @throws NotFound when the link is not the person's */
async function accountOf(db: Context['db'], personId: PersonId, linkId: string) {
  for (const home of await readOwnHomes(db, personId)) {
    const account = home.accounts.find((one) => one.linkId === linkId);
    if (account) return { home, account };
  }
  throw new NotFound('Такого лицевого счёта в вашем кабинете нет.');
}

async function homeOf(
  db: Context['db'],
  personId: PersonId,
  houseId: HouseId,
  accountId: string,
): Promise<OwnHome | null> {
  const homes = await readOwnHomes(db, personId);
  return (
    homes.find((home) => home.houseId === houseId && home.accounts.some((one) => one.accountId === accountId)) ?? null
  );
}

const powerIn = (home: OwnHome | null, providerId: OrganisationId): string =>
  POWER_OF_KIND[home?.accounts.find((one) => one.providerId === providerId)?.kind ?? 'uo'];

async function placeOf(db: Context['db'], home: OwnHome | null): Promise<Partial<DraftContent>> {
  if (!home) return {};
  return { ...(await findHousePlace(db, home.fiasGuid)), flat: home.flat };
}
