import type { Transaction } from '../../platform/database/database.ts';
import { newId, type OrganisationId } from '../../platform/ids.ts';
import { addJob } from '../../platform/jobs/jobs.ts';
import { mailboxOf, sendMail } from '../../platform/mail/mail.ts';
import { readOrganisation } from '../organisations/index.ts';
import type { Appeal } from './appeal.ts';
import { tellNeighbours } from './tell-neighbours.ts';
import { type AppealLetter, type Sender, writeLetter } from './write-letter.ts';

/** To the address that the author named for the answer. Written with the change: it goes out when the change is committed, and once. */
export async function writeToAuthor(
  context: Sender,
  trx: Transaction,
  appeal: Appeal,
  letter: AppealLetter,
): Promise<void> {
  const lines = [...letter.lines, letter.forAuthor ?? ''].filter(Boolean);
  // Each step of an appeal is made once; that is where a letter is kept to once.
  await writeLetter(context, trx, appeal, { ...letter, lines, letterId: newId() }, reader(appeal));
}

/** To the author, and by a job of the same transaction to each neighbour who joined. */
export async function writeToAll(
  context: Sender,
  trx: Transaction,
  appeal: Appeal,
  letter: AppealLetter,
): Promise<void> {
  await writeToAuthor(context, trx, appeal, letter);
  const { forAuthor: _, ...common } = letter;
  const { houseId, appealId } = appeal;
  if (appeal.joined > 0) await addJob(trx, tellNeighbours, { houseId, appealId, letterId: newId(), ...common });
}

const reader = ({ authorId, answerEmail }: Appeal) => ({ personId: authorId, answerEmail });

/**
 * To the organisation's own address, when its card names one.
 * @param path of the page at its desk that the letter is about; without one the letter leads to the queue
 */
export async function writeToOrganisation(
  { config }: Sender,
  trx: Transaction,
  organisationId: OrganisationId,
  { subject, lines, path }: Pick<AppealLetter, 'subject' | 'lines'> & { path?: string },
  at: Date,
): Promise<void> {
  const organisation = await readOrganisation(trx, organisationId);
  if (!organisation?.email) return;
  const action = path
    ? { label: 'Открыть обращение', url: `${config.PUBLIC_URL}${path}` }
    : { label: 'Очередь обращений', url: `${config.PUBLIC_URL}/work/appeals` };
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
