import { z } from 'zod';
import { type Actor, actingFor, authorise } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { transaction, violatedConstraint } from '../../platform/database/database.ts';
import { Conflict, Invalid, NotFound } from '../../platform/errors.ts';
import { emptyAsAbsent, parse } from '../../platform/http/forms.ts';
import type { TemplateId } from '../../platform/ids.ts';
import { access } from './access.ts';
import { OUTCOMES, type Outcome, TEXT_LIMIT } from './appeal.ts';
import { cleanLine, cleanText } from './clean-text.ts';
import { PLACEHOLDERS, unknownPlaceholders } from './fill-template.ts';
import {
  deleteTemplate,
  insertTemplate,
  MOST_TEMPLATES,
  selectTemplate,
  selectTemplates,
  updateTemplate,
} from './queries/templates.ts';

const form = z.object({
  title: z
    .string({ error: 'Назовите шаблон' })
    .transform(cleanLine)
    .pipe(z.string().min(1, 'Назовите шаблон').max(200, 'Не больше 200 знаков')),
  topicCode: z
    .string()
    .trim()
    .regex(/^$|^(\d{1,2}|Д)(\.\d{1,2})?$/, 'Выберите тему из списка')
    .default(''),
  text: z
    .string({ error: 'Напишите текст ответа' })
    .transform((text) => cleanText(text).trim())
    .pipe(z.string().min(1, 'Напишите текст ответа').max(TEXT_LIMIT, `Не больше ${TEXT_LIMIT} знаков`))
    .superRefine((text, context) => {
      const unknown = unknownPlaceholders(text);
      if (unknown.length === 0) return;
      const known = Object.keys(PLACEHOLDERS).map((name) => `{${name}}`);
      context.addIssue({
        code: 'custom',
        message: `${unknown.join(', ')}: таких вставок нет. Есть ${known.join(', ')}`,
      });
    }),
  outcome: emptyAsAbsent(z.enum(Object.keys(OUTCOMES) as [Outcome], { error: 'Выберите результат' })),
});

/**
 * Writes an answer template of the acting organisation, new or known.
 * @throws Invalid with an error for each field
 */
export async function saveTemplate(
  context: Context,
  actor: Actor,
  templateId: TemplateId | null,
  input: unknown,
): Promise<TemplateId> {
  authorise(actor, access.workDesk);
  const { personId, acting } = actingFor(actor);
  if (templateId && !(await selectTemplate(context.db, acting.organisationId, templateId))) throw new NotFound();
  const { outcome = null, ...rest } = parse(form, input);
  const template = { ...rest, outcome };
  const at = context.clock();
  try {
    return await transaction(context.db, async (trx) => {
      const { organisationId } = acting;
      if (templateId && !(await updateTemplate(trx, organisationId, templateId, template, at))) throw new NotFound();
      if (!templateId && (await selectTemplates(trx, organisationId)).length >= MOST_TEMPLATES)
        throw new Conflict(`Шаблонов уже ${MOST_TEMPLATES}. Удалите ненужные.`);
      const id = templateId ?? (await insertTemplate(trx, organisationId, template, at));
      await audit(trx, {
        actor: personId,
        action: 'appeals.template_saved',
        at,
        organisationId,
        details: { templateId: id, title: template.title },
      });
      return id;
    });
  } catch (error) {
    if (violatedConstraint(error) !== 'answer_template_title_once') throw error;
    throw new Invalid([{ field: 'title', message: 'Шаблон с таким названием уже есть' }]);
  }
}

/** Forgets a template; answers written by it stay as they are. */
export async function removeTemplate(context: Context, actor: Actor, templateId: TemplateId): Promise<void> {
  authorise(actor, access.workDesk);
  const { personId, acting } = actingFor(actor);
  await transaction(context.db, async (trx) => {
    if (!(await deleteTemplate(trx, acting.organisationId, templateId))) throw new NotFound();
    await audit(trx, {
      actor: personId,
      action: 'appeals.template_deleted',
      at: context.clock(),
      organisationId: acting.organisationId,
      details: { templateId },
    });
  });
}
