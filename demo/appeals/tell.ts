import { assessAnswer, writeNote } from '../../src/modules/appeals/index.ts';
import type { Day } from '../../src/platform/month.ts';
import type { DemoOrganisationKey } from '../organisations.ts';
import { dayAfter } from './desk-life.ts';
import type { Life } from './lives.ts';
import { contextAt, type Past } from './past.ts';
import { type Author, addressee, asEmployee } from './people.ts';
import { answer, type Letter, type Reply, send, take } from './steps.ts';

/** An appeal that goes the usual way, as far as its moments say. */
export interface Story {
  author: Author;
  to: DemoOrganisationKey;
  /** Who works on it. */
  clerk: string;
  letter: Omit<Letter, 'addressee'>;
  sentAt: Date;
  takenAt?: Date;
  plannedOn?: Day;
  /** The term passes before the answer, or without one. */
  isLate?: true;
  note?: { at: Date; text: string };
  answeredAt?: Date;
  reply?: Reply;
  assessment?: { at: Date; value: 'full' | 'partial' | 'none'; comment?: string };
}

export async function* tell(past: Past, story: Story): Life {
  const { author, takenAt, plannedOn, note, answeredAt, reply, assessment } = story;
  const clerk = asEmployee(story.clerk);
  const part = await send(past, author, story.sentAt, { ...story.letter, addressee: addressee(story.to) });
  const { houseId, appealId } = part;
  if (takenAt) await take(past, clerk, takenAt, part, clerk.personId, plannedOn);
  if (note) await writeNote(contextAt(past, note.at), clerk, { houseId, appealId, text: note.text });
  if (story.isLate) yield dayAfter(part.dueOn!);
  if (answeredAt && reply) await answer(past, clerk, answeredAt, part, reply);
  if (!assessment) return;
  const { at, value, comment = '' } = assessment;
  await assessAnswer(contextAt(past, at), author.actor, { houseId, appealId, assessment: value, comment });
}
