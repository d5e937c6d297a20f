import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { formToken } from '../../../../pages/page.tsx';
import type { Context } from '../../../../platform/context.ts';
import type { FieldError } from '../../../../platform/errors.ts';
import { typed } from '../../../../platform/http/forms.ts';
import { isUuid, type OrganisationId } from '../../../../platform/ids.ts';
import { listItems } from '../../../classifiers/index.ts';
import { readOrganisation, readPowers } from '../../../organisations/index.ts';
import type { Draft } from '../../draft.ts';
import { offerAddressees, searchAddressees } from '../../find-addressees.ts';
import { chooseAddressee } from '../../save-draft.ts';
import { MANAGERS } from '../../topics.ts';
import { AddresseePage } from './addressee-page.tsx';
import { draftPath } from './draft-paths.ts';
import { WRITE_ACCESS } from './form.tsx';
import { backTo, draftOf, line, pageKey, ROWS, readPair, showWindow } from './windows.tsx';

const searchQuery = z.object({
  name: line,
  inn: line.transform((text) => text.replace(/\D/g, '')),
  ogrn: line.transform((text) => text.replace(/\D/g, '')),
  power: line,
  form: line,
  everywhere: z
    .string()
    .optional()
    .catch(undefined)
    .transform((value) => value === 'yes'),
  after: pageKey,
});

/** «Выберите организацию-ответчика». */
export function registerAddressee(app: FastifyInstance, context: Context): void {
  const page = async (request: FastifyRequest, reply: FastifyReply, errors: readonly FieldError[] = []) => {
    const { after: afterKey, ...search } = searchQuery.parse(request.query);
    const asked = typed(request.query);
    const isSearch = asked.name !== undefined || Object.values(search).some(Boolean);
    const [draft, powers] = await Promise.all([draftOf(context, request), listItems(context.db, 20)]);
    const after = readPair(afterKey);
    const rows = isSearch
      ? await searchAddressees(
          context.db,
          { name: search.name, inn: search.inn, ogrn: search.ogrn, powerCode: search.power, legalForm: search.form },
          { ...draft, everywhere: search.everywhere || !draft.regionCode },
          {
            after:
              after && isUuid(after[1]) ? { shortName: after[0], organisationId: after[1] as OrganisationId } : null,
            limit: ROWS + 1,
          },
        )
      : null;
    const found = rows?.slice(0, ROWS) ?? null;
    const last = rows && rows.length > ROWS ? found!.at(-1)! : null;
    const { everywhere, ...criteria } = search;
    const at = (more: Record<string, string>) =>
      `${draftPath(draft.draftId, 'addressee')}?${new URLSearchParams({ ...criteria, ...(everywhere && { everywhere: 'yes' }), ...more })}`;
    return showWindow(
      request,
      reply,
      'Выберите организацию-ответчика',
      <AddresseePage
        {...{ draft, search, found, errors }}
        isSearching={asked.search === '1'}
        offered={isSearch ? [] : await offerAddressees(context.db, draft, draft.topicCode)}
        next={last ? at({ after: JSON.stringify([last.shortName, last.organisationId]) }) : undefined}
        first={after ? at({}) : undefined}
        powers={powers.filter(({ actual }) => actual).sort((a, b) => a.name.localeCompare(b.name, 'ru'))}
        token={formToken(request, reply)}
      />,
    );
  };
  app.get('/appeals/drafts/:draftId/addressee', { config: WRITE_ACCESS }, (request, reply) => page(request, reply));

  app.post('/appeals/drafts/:draftId/addressee', { config: WRITE_ACCESS }, async (request, reply) => {
    const [organisationId = '', powerCode = ''] = (typed(request.body).addressee ?? '').split('.');
    const draft = await draftOf(context, request);
    const isOne =
      isUuid(organisationId) && (await mayAnswer(context, draft, organisationId as OrganisationId, powerCode));
    if (!isOne)
      return page(request, reply.code(422), [{ field: 'addressee', message: 'Выберите организацию из списка' }]);
    await chooseAddressee(context, request.actor, draft.draftId, {
      organisationId: organisationId as OrganisationId,
      powerCode,
    });
    return backTo(reply, draft.draftId, 'addressee');
  });
}

/** The organisation has the role, or is offered in it for this place; one without any role is addressed as a manager. */
async function mayAnswer({ db }: Context, draft: Draft, organisationId: OrganisationId, powerCode: string) {
  if (!(await readOrganisation(db, organisationId))) return false;
  const powers = await readPowers(db, organisationId);
  if (powers.includes(powerCode) || (powers.length === 0 && powerCode === MANAGERS[0])) return true;
  const offered = await offerAddressees(db, draft, draft.topicCode);
  return offered.some((one) => one.organisationId === organisationId && one.powerCode === powerCode);
}
