import type { Context } from '../../platform/context.ts';
import type { Transaction } from '../../platform/database/database.ts';
import type { AnswerId, OrganisationId } from '../../platform/ids.ts';
import { mailboxOf, sendMail } from '../../platform/mail/mail.ts';
import { readOrganisation } from '../organisations/index.ts';
import type { Appeal, Joiner } from './appeal.ts';
import { appealPath } from './paths.ts';
import { selectJoiners } from './queries/read-appeals.ts';
import { insertLetter } from './queries/write-appeals.ts';

/** A letter about an appeal: its lines are parted by an empty one; the link to the appeal comes last. */
export interface AppealLetter {
  subject: string;
  lines: readonly string[];
  answerId?: AnswerId;
  /** One more line, for the author alone: what neighbours who joined cannot do. */
  forAuthor?: string;
}

type Sender = Pick<Context, 'config'>;

/** To the address that the author named for the answer. Written with the change: it goes out when the change is committed, and once. */
export async function writeToAuthor(
  { config }: Sender,
  trx: Transaction,
  appeal: Appeal,
  letter: AppealLetter,
  at: Date,
): Promise<void> {
  const lines = [...letter.lines, letter.forAuthor ?? '', linkTo(config, appeal)].filter(Boolean);
  await write(trx, appeal, { ...letter, lines }, reader(appeal), at);
}

/** To the author and to each neighbour who joined. */
export async function writeToAll(
  context: Sender,
  trx: Transaction,
  appeal: Appeal,
  letter: AppealLetter,
  at: Date,
): Promise<void> {
  await writeToAuthor(context, trx, appeal, letter, at);
  const lines = [...letter.lines, linkTo(context.config, appeal)];
  for (const one of await selectJoiners(trx, appeal)) await write(trx, appeal, { ...letter, lines }, one, at);
}

const reader = ({ authorId, answerEmail }: Appeal) => ({ personId: authorId, answerEmail });
const linkTo = ({ PUBLIC_URL }: Context['config'], appeal: Appeal) =>
  `Обращение в личном кабинете: ${PUBLIC_URL}${appealPath(appeal)}`;

async function write(
  trx: Transaction,
  appeal: Appeal,
  { subject, lines, answerId }: AppealLetter,
  { personId, answerEmail }: Pick<Joiner, 'personId' | 'answerEmail'>,
  at: Date,
): Promise<void> {
  const mailId = await sendMail(trx, { personId, recipient: answerEmail, subject, body: lines.join('\n\n') }, at);
  if (mailId)
    await insertLetter(trx, {
      house_id: appeal.houseId,
      appeal_id: appeal.appealId,
      mail_id: mailId,
      person_id: personId,
      answer_id: answerId ?? null,
    });
}

/** To the organisation's own address, when its card names one. */
export async function writeToOrganisation(
  { config }: Sender,
  trx: Transaction,
  organisationId: OrganisationId,
  { subject, lines }: Pick<AppealLetter, 'subject' | 'lines'>,
  at: Date,
): Promise<void> {
  const organisation = await readOrganisation(trx, organisationId);
  if (!organisation?.email) return;
  const body = [...lines, `Очередь обращений: ${config.PUBLIC_URL}/work/appeals`].join('\n\n');
  await sendMail(trx, { personId: mailboxOf(organisationId), recipient: organisation.email, subject, body }, at);
}
