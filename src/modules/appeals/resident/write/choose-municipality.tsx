import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { formToken } from '../../../../pages/page.tsx';
import type { Context } from '../../../../platform/context.ts';
import type { FieldError } from '../../../../platform/errors.ts';
import { typed } from '../../../../platform/http/forms.ts';
import { findMunicipality, listMunicipalities } from '../../../addresses/index.ts';
import { listRegions } from '../../../classifiers/index.ts';
import { cleanLine } from '../../clean-text.ts';
import { findRegion } from '../../find-place.ts';
import { changeDraft } from '../../save-draft.ts';
import { draftPath } from './draft-paths.ts';
import { WRITE_ACCESS } from './form.tsx';
import { MunicipalityPage } from './municipality-page.tsx';
import { backTo, draftIdOf, draftOf, line, pageKey, ROWS, readPair, showWindow } from './windows.tsx';

const municipalityQuery = z.object({ region: line, q: line, after: pageKey });

/** «Муниципальное образование» by hand. */
export function registerMunicipality(app: FastifyInstance, context: Context): void {
  const page = async (request: FastifyRequest, reply: FastifyReply, errors: readonly FieldError[] = []) => {
    const query = municipalityQuery.parse(request.query);
    const [draft, regions] = await Promise.all([draftOf(context, request), listRegions(context.db)]);
    const wanted = query.region || draft.regionCode;
    const region = regions.some(({ code }) => code === wanted) ? wanted : '';
    const after = readPair(query.after);
    const list = (search: string, limit: number, from: typeof after = null) =>
      listMunicipalities(context.db, {
        regionCode: region,
        search,
        after: from && { name: from[0], oktmo: from[1] },
        limit,
      });
    const rows = region ? await list(query.q, ROWS + 1, after) : [];
    const isUnknown = region !== '' && rows.length === 0 && (await list('', 1)).length === 0;
    const shown = rows.slice(0, ROWS);
    const last = rows.length > ROWS ? shown.at(-1)! : null;
    const at = (more: Record<string, string>) =>
      `${draftPath(draft.draftId, 'municipality')}?${new URLSearchParams({ region, q: query.q, ...more })}`;
    return showWindow(
      request,
      reply,
      'Муниципальное образование',
      <MunicipalityPage
        {...{ draft, regions, region, isUnknown, errors }}
        query={query.q}
        rows={shown}
        first={after ? at({}) : undefined}
        next={last ? at({ after: JSON.stringify([last.key, last.oktmo]) }) : undefined}
        token={formToken(request, reply)}
      />,
    );
  };
  app.get('/appeals/drafts/:draftId/municipality', { config: WRITE_ACCESS }, (request, reply) => page(request, reply));

  app.post('/appeals/drafts/:draftId/municipality', { config: WRITE_ACCESS }, async (request, reply) => {
    const { region: code = '', oktmo = '', name: typedName = '' } = typed(request.body);
    const region = await findRegion(context.db, code);
    if (!region) return page(request, reply.code(422), [{ field: 'region', message: 'Выберите субъект РФ' }]);
    const found = oktmo ? await findMunicipality(context.db, code, oktmo) : null;
    const name = found?.name ?? cleanLine(typedName).slice(0, 200);
    if (!name) return page(request, reply.code(422), [{ field: 'name', message: 'Впишите муниципальное образование' }]);
    // Where the region's register is not loaded its own code stands for all of it.
    const place = { municipality: name, oktmo: found?.oktmo ?? region.oktmo ?? `${code}000000` };
    await changeDraft(context, request.actor, draftIdOf(request), (draft) => ({
      ...place,
      // A house tells its region itself.
      regionCode: draft.fiasGuid ? draft.regionCode : code,
    }));
    return backTo(reply, draftIdOf(request), 'municipality');
  });
}
