import type { Db } from '../../../platform/database/database.ts';
import { newId, type OrganisationId, type PersonId } from '../../../platform/ids.ts';
import type { QuestionReason } from '../payment.ts';
import type { PaymentQuestionTable } from '../tables.ts';
import type { PaymentRow } from './orders.ts';
import '../tables.ts';

export type QuestionRow = Omit<PaymentQuestionTable, 'details'> & { details: string };

/** Asks once: while the same question about the payment is open, nothing is added. */
export async function insertQuestion(
  db: Db,
  payment: PaymentRow,
  question: { reason: QuestionReason; details: string; at: Date },
): Promise<void> {
  await db
    .insertInto('payment_question')
    .values({
      organisation_id: payment.shop_owner_id,
      question_id: newId(),
      person_id: payment.person_id,
      payment_id: payment.payment_id,
      shop_id: payment.shop_id,
      external_id: payment.external_id,
      amount: payment.amount,
      reason: question.reason,
      details: question.details,
      asked_at: question.at,
      answered_at: null,
      answered_by: null,
      answer: null,
      note: null,
    })
    .onConflict((conflict) =>
      conflict.columns(['organisation_id', 'payment_id', 'reason']).where('answered_at', 'is', null).doNothing(),
    )
    .execute();
}

/** Open ones first in the order they were asked, then the newest answered. */
export async function selectQuestions(db: Db, organisationId: OrganisationId, open: boolean): Promise<QuestionRow[]> {
  return db
    .selectFrom('payment_question')
    .selectAll()
    .where('organisation_id', '=', organisationId)
    .where('answered_at', open ? 'is' : 'is not', null)
    .orderBy('asked_at', open ? 'asc' : 'desc')
    .orderBy('question_id')
    .limit(100)
    .execute();
}

export async function selectQuestion(
  db: Db,
  organisationId: OrganisationId,
  questionId: string,
): Promise<QuestionRow | undefined> {
  return db
    .selectFrom('payment_question')
    .selectAll()
    .where('organisation_id', '=', organisationId)
    .where('question_id', '=', questionId)
    .executeTakeFirst();
}

/** @returns false when it has been answered meanwhile */
export async function answerQuestionRow(
  db: Db,
  question: { organisationId: OrganisationId; questionId: string },
  answer: { by: PersonId; answer: string; note: string; at: Date },
): Promise<boolean> {
  const changed = await db
    .updateTable('payment_question')
    .set({ answered_at: answer.at, answered_by: answer.by, answer: answer.answer, note: answer.note })
    .where('organisation_id', '=', question.organisationId)
    .where('question_id', '=', question.questionId)
    .where('answered_at', 'is', null)
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}
