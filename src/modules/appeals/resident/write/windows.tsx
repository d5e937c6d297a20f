import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ComponentChildren } from 'preact';
import { z } from 'zod';
import { sendPage } from '../../../../pages/page.tsx';
import { personOf } from '../../../../platform/access.ts';
import type { Context } from '../../../../platform/context.ts';
import { idParam } from '../../../../platform/http/forms.ts';
import type { DraftId } from '../../../../platform/ids.ts';
import { cleanLine } from '../../clean-text.ts';
import type { Draft } from '../../draft.ts';
import { readDraft } from '../../save-draft.ts';
import { draftPath, type Window } from './draft-paths.ts';
import { CRUMBS } from './form.tsx';

/** What the windows of the form have in common. */

export const ROWS = 20;
/** One line of a query; what is wrong is left out. */
export const line = z.string().max(300).catch('').transform(cleanLine);
export const pageKey = z.string().max(600).catch('');

export const draftIdOf = (request: FastifyRequest): DraftId => idParam<DraftId>(request.params, 'draftId');

/** The person's draft that a window is of. @throws NotFound */
export const draftOf = async (context: Context, request: FastifyRequest): Promise<Draft> =>
  (await readDraft(context, personOf(request.actor).personId, draftIdOf(request))).draft;

/** Back to the form, at the field that was chosen. */
export const backTo = (reply: FastifyReply, draftId: DraftId, field: Window): FastifyReply =>
  reply.redirect(`${draftPath(draftId)}#field-${field}`, 303);

export function showWindow(
  request: FastifyRequest,
  reply: FastifyReply,
  title: string,
  body: ComponentChildren,
): FastifyReply {
  const crumbs = [...CRUMBS, { href: draftPath(draftIdOf(request)), label: 'Добавление обращения' }, { label: title }];
  return sendPage(request, reply, { title, active: '/appeals', breadcrumbs: crumbs }, body);
}

/** The key of the last row shown, as it stands in the address of a page. */
export function readPair(text: string): [string, string] | null {
  try {
    const pair: unknown = JSON.parse(text);
    return Array.isArray(pair) && pair.length === 2 && pair.every((one) => typeof one === 'string')
      ? (pair as [string, string])
      : null;
  } catch {
    return null;
  }
}
