import type { Db } from '../../../platform/database/database.ts';
import { newId, type OrganisationId, type TemplateId } from '../../../platform/ids.ts';
import type { Outcome } from '../appeal.ts';
import '../tables.ts';

export interface AnswerTemplate {
  templateId: TemplateId;
  title: string;
  /** A topic or a group of topics; empty: for all. */
  topicCode: string;
  text: string;
  outcome: Outcome | null;
}

const fields = ['template_id as templateId', 'title', 'topic_code as topicCode', 'text', 'outcome'] as const;

/** An organisation keeps at most so many. */
export const MOST_TEMPLATES = 500;

export const selectTemplates = (db: Db, organisationId: OrganisationId): Promise<AnswerTemplate[]> =>
  db
    .selectFrom('answer_template')
    .select(fields)
    .where('organisation_id', '=', organisationId)
    .orderBy('title')
    .limit(MOST_TEMPLATES)
    .execute();

export const selectTemplate = (
  db: Db,
  organisationId: OrganisationId,
  templateId: TemplateId,
): Promise<AnswerTemplate | undefined> =>
  db
    .selectFrom('answer_template')
    .select(fields)
    .where('organisation_id', '=', organisationId)
    .where('template_id', '=', templateId)
    .executeTakeFirst();

export type TemplateInput = Omit<AnswerTemplate, 'templateId'>;

export async function insertTemplate(
  db: Db,
  organisationId: OrganisationId,
  { title, topicCode, text, outcome }: TemplateInput,
  at: Date,
): Promise<TemplateId> {
  const templateId = newId<TemplateId>();
  await db
    .insertInto('answer_template')
    .values({
      organisation_id: organisationId,
      template_id: templateId,
      title,
      topic_code: topicCode,
      text,
      outcome,
      changed_at: at,
    })
    .execute();
  return templateId;
}

/** @returns false when the organisation has no such template */
export async function updateTemplate(
  db: Db,
  organisationId: OrganisationId,
  templateId: TemplateId,
  { title, topicCode, text, outcome }: TemplateInput,
  at: Date,
): Promise<boolean> {
  const result = await db
    .updateTable('answer_template')
    .set({ title, topic_code: topicCode, text, outcome, changed_at: at })
    .where('organisation_id', '=', organisationId)
    .where('template_id', '=', templateId)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function deleteTemplate(db: Db, organisationId: OrganisationId, templateId: TemplateId): Promise<boolean> {
  const result = await db
    .deleteFrom('answer_template')
    .where('organisation_id', '=', organisationId)
    .where('template_id', '=', templateId)
    .executeTakeFirst();
  return result.numDeletedRows === 1n;
}
