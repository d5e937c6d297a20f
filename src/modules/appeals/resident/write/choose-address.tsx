import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { formToken } from '../../../../pages/page.tsx';
import { personOf } from '../../../../platform/access.ts';
import type { Context } from '../../../../platform/context.ts';
import type { FieldError } from '../../../../platform/errors.ts';
import { type Typed, typed } from '../../../../platform/http/forms.ts';
import { isUuid } from '../../../../platform/ids.ts';
import { searchAddresses } from '../../../addresses/index.ts';
import { placeOfHome } from '../../begin-draft.ts';
import { cleanLine } from '../../clean-text.ts';
import { findHousePlace } from '../../find-place.ts';
import { readOwnHomes } from '../../own-homes.ts';
import { changeDraft } from '../../save-draft.ts';
import { AddressPage } from './address-page.tsx';
import { draftPath } from './draft-paths.ts';
import { WRITE_ACCESS } from './form.tsx';
import { backTo, draftIdOf, draftOf, line, ROWS, showWindow } from './windows.tsx';

const NEAR = 6;
const addressQuery = z.object({ q: line, address: line });

/** The address of an appeal. */
export function registerAddress(app: FastifyInstance, context: Context): void {
  const page = async (
    request: FastifyRequest,
    reply: FastifyReply,
    again: { errors: readonly FieldError[]; typed: Typed } = { errors: [], typed: {} },
  ) => {
    const { q, address } = addressQuery.parse(request.query);
    const [draft, homes, chosen] = await Promise.all([
      draftOf(context, request),
      readOwnHomes(context.db, personOf(request.actor).personId),
      isUuid(address) ? findHousePlace(context.db, address) : null,
    ]);
    const found = q && !chosen ? await searchAddresses(context.db, q, { limit: ROWS }) : null;
    const exact = found?.houses.filter((house) => house.exact) ?? [];
    // Where no house has this number the near ones help a little, a street of them does not.
    const results = exact.length > 0 ? exact : found?.houses.slice(0, NEAR);
    const isNear = Boolean(found?.numbered && exact.length === 0 && found.houses.length > 0);
    const values = { place: again.typed.place ?? (draft.fiasGuid ? '' : draft.address), kind: again.typed.kind ?? '' };
    const token = formToken(request, reply);
    return showWindow(
      request,
      reply,
      'Выбор адреса',
      <AddressPage
        {...{ draft, homes, chosen, results, isNear, token }}
        query={q}
        typed={values}
        errors={again.errors}
      />,
    );
  };
  app.get('/appeals/drafts/:draftId/address', { config: WRITE_ACCESS }, (request, reply) => page(request, reply));

  app.post('/appeals/drafts/:draftId/address', { config: WRITE_ACCESS }, async (request, reply) => {
    const body = typed(request.body);
    const draftId = draftIdOf(request);
    const change = (content: Parameters<typeof changeDraft>[3]) =>
      changeDraft(context, request.actor, draftId, content);
    if (body.home !== undefined) {
      const home = (await readOwnHomes(context.db, personOf(request.actor).personId))[Number(body.home)];
      if (home) await change(() => placeOfHome(context, home));
      return backTo(reply, draftId, 'address');
    }
    const house = body.address && isUuid(body.address) ? await findHousePlace(context.db, body.address) : null;
    if (house) {
      await change(() => ({ ...house, flat: cleanLine(body.flat ?? '').slice(0, 100) }));
      return house.municipality && house.oktmo
        ? backTo(reply, draftId, 'address')
        : reply.redirect(draftPath(draftId, 'municipality'), 303);
    }
    const place = cleanLine(body.place ?? '').slice(0, 500);
    if (!place)
      return page(request, reply.code(422), {
        errors: [{ field: 'place', message: 'Напишите, где это' }],
        typed: body,
      });
    await change((draft) => ({
      ...{ fiasGuid: null, address: place, isTerritory: body.kind !== 'house', municipality: '', oktmo: '' },
      regionCode: draft.regionCode,
    }));
    return reply.redirect(draftPath(draftId, 'municipality'), 303);
  });
}
