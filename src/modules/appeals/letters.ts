import type { Context } from '../../platform/context.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { type AnswerId, newId, type OrganisationId } from '../../platform/ids.ts';
import type { LetterLink } from '../../platform/mail/content.ts';
import { mailboxOf, sendMail } from '../../platform/mail/mail.ts';
import { sendNotice } from '../notices/index.ts';
import { readOrganisation } from '../organisations/index.ts';
import type { Appeal, Joiner } from './appeal.ts';
import { appealPath } from './paths.ts';
import { selectJoiners } from './queries/read-appeals.ts';
import { insertLetter } from './queries/write-appeals.ts';

/** A letter about an appeal: its lines are paragraphs; the link to the appeal comes last. */
export interface AppealLetter {
  subject: string;
  lines: readonly string[];
  answerId?: AnswerId;
  links?: readonly LetterLink[];
  /** One more line, for the author alone: what neighbours who joined cannot do. */
  forAuthor?: string;
}

type Sender = Pick<Context, 'config' | 'clock'>;

/** To the address that the author named for the answer. Written with the change: it goes out when the change is committed, and once. */
export async function writeToAuthor(
  context: Sender,
  trx: Transaction,
  appeal: Appeal,
  letter: AppealLetter,
): Promise<void> {
  const lines = [...letter.lines, letter.forAuthor ?? ''].filter(Boolean);
  await write(context, trx, appeal, { ...letter, lines }, reader(appeal));
}

/** To the author and to each neighbour who joined. */
export async function writeToAll(
  context: Sender,
  trx: Transaction,
  appeal: Appeal,
  letter: AppealLetter,
): Promise<void> {
  await writeToAuthor(context, trx, appeal, letter);
  for (const one of await selectJoiners(trx, appeal)) await write(context, trx, appeal, letter, one);
}

const reader = ({ authorId, answerEmail }: Appeal) => ({ personId: authorId, answerEmail });

async function write(
  context: Sender,
  trx: Transaction,
  appeal: Appeal,
  { subject, lines, links, answerId }: AppealLetter,
  { personId, answerEmail }: Pick<Joiner, 'personId' | 'answerEmail'>,
): Promise<void> {
  const url = `${context.config.PUBLIC_URL}${appealPath(appeal)}`;
  const { mailId } = await sendNotice(context, trx, {
    kind: 'appeal',
    personId,
    // Each step of an appeal is made once; that is where a letter is kept to once.
    object: newId(),
    recipient: answerEmail,
    subject,
    content: { title: subject, paragraphs: lines, action: { label: 'Открыть обращение', url }, links },
  });
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
  const action = { label: 'Очередь обращений', url: `${config.PUBLIC_URL}/work/appeals` };
  const body = { title: subject, paragraphs: lines, action };
  const letter = {
    personId: mailboxOf(organisationId),
    recipient: organisation.email,
    kind: 'appeal_desk',
    subject,
    body,
  };
  await sendMail(trx, letter, at);
}
