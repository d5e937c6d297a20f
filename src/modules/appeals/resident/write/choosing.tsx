import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ComponentChildren } from 'preact';
import { z } from 'zod';
import { formToken, sendPage } from '../../../../pages/page.tsx';
import { personOf } from '../../../../platform/access.ts';
import type { Context } from '../../../../platform/context.ts';
import type { FieldError } from '../../../../platform/errors.ts';
import { idParam, type Typed, typed } from '../../../../platform/http/forms.ts';
import { type DraftId, isUuid, type OrganisationId } from '../../../../platform/ids.ts';
import { findMunicipality, listMunicipalities, searchAddresses } from '../../../addresses/index.ts';
import { listItems, listRegions } from '../../../classifiers/index.ts';
import { readOrganisation, readPowers } from '../../../organisations/index.ts';
import { placeOfHome } from '../../begin-draft.ts';
import { cleanLine } from '../../clean-text.ts';
import type { Draft } from '../../draft.ts';
import { offerAddressees, searchAddressees } from '../../find-addressees.ts';
import { findHousePlace, findRegion } from '../../find-place.ts';
import { findTopic, listTopics, searchTopics } from '../../list-topics.ts';
import { readOwnHomes } from '../../own-homes.ts';
import { changeDraft, chooseAddressee, readDraft } from '../../save-draft.ts';
import { MANAGERS } from '../../topics.ts';
import { AddressPage } from './address-page.tsx';
import { AddresseePage } from './addressee-page.tsx';
import { draftPath, type Window } from './draft-paths.ts';
import { CRUMBS, WRITE_ACCESS } from './form.tsx';
import { MunicipalityPage } from './municipality-page.tsx';
import { TopicPage } from './topic-page.tsx';

const ROWS = 20;
const NEAR = 6;
const line = z.string().max(300).catch('').transform(cleanLine);
const key = z.string().max(600).catch('');

/** The windows of the form as pages: address, municipality, topic, addressee. Each shows and takes one choice. */
export function registerChoosing(app: FastifyInstance, context: Context): void {
  registerTopic(app, context);
  registerAddress(app, context);
  registerMunicipality(app, context);
  registerAddressee(app, context);
}

const idOf = (request: FastifyRequest) => idParam<DraftId>(request.params, 'draftId');
const draftOf = async (context: Context, request: FastifyRequest): Promise<Draft> =>
  (await readDraft(context, personOf(request.actor).personId, idOf(request))).draft;
const backTo = (reply: FastifyReply, draftId: DraftId, field: Window): FastifyReply =>
  reply.redirect(`${draftPath(draftId)}#field-${field}`, 303);

function show(request: FastifyRequest, reply: FastifyReply, title: string, body: ComponentChildren): FastifyReply {
  const crumbs = [...CRUMBS, { href: draftPath(idOf(request)), label: 'Добавление обращения' }, { label: title }];
  return sendPage(request, reply, { title, active: '/appeals', breadcrumbs: crumbs }, body);
}

const topicQuery = z.object({ number: line, name: line });

function registerTopic(app: FastifyInstance, context: Context): void {
  const page = async (request: FastifyRequest, reply: FastifyReply, errors: readonly FieldError[] = []) => {
    const search = topicQuery.parse(request.query);
    const [draft, groups] = await Promise.all([draftOf(context, request), listTopics(context.db)]);
    const token = formToken(request, reply);
    return show(
      request,
      reply,
      'Выбор темы обращения',
      <TopicPage {...{ draft, search, errors, token }} groups={searchTopics(groups, search)} />,
    );
  };
  app.get('/appeals/drafts/:draftId/topic', { config: WRITE_ACCESS }, (request, reply) => page(request, reply));
  app.post('/appeals/drafts/:draftId/topic', { config: WRITE_ACCESS }, async (request, reply) => {
    const topic = await findTopic(context.db, typed(request.body).topic ?? '');
    if (!topic) return page(request, reply.code(422), [{ field: 'topic', message: 'Выберите тему из списка' }]);
    await changeDraft(context, request.actor, idOf(request), () => ({ topicCode: topic.code }));
    return backTo(reply, idOf(request), 'topic');
  });
}

const addressQuery = z.object({ q: line, address: line });

function registerAddress(app: FastifyInstance, context: Context): void {
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
    const isNear = found !== null && found.numbered && exact.length === 0 && found.houses.length > 0;
    const values = { place: again.typed.place ?? (draft.fiasGuid ? '' : draft.address), kind: again.typed.kind ?? '' };
    const token = formToken(request, reply);
    return show(
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
    const draftId = idOf(request);
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

const municipalityQuery = z.object({ region: line, q: line, after: key });

function registerMunicipality(app: FastifyInstance, context: Context): void {
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
    return show(
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
    await changeDraft(context, request.actor, idOf(request), (draft) => ({
      ...place,
      // A house tells its region itself.
      regionCode: draft.fiasGuid ? draft.regionCode : code,
    }));
    return backTo(reply, idOf(request), 'municipality');
  });
}

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
  after: key,
});

function registerAddressee(app: FastifyInstance, context: Context): void {
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
    return show(
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

/** The key of the last row shown, as it stands in the address of a page. */
function readPair(text: string): [string, string] | null {
  try {
    const pair: unknown = JSON.parse(text);
    return Array.isArray(pair) && pair.length === 2 && pair.every((one) => typeof one === 'string')
      ? (pair as [string, string])
      : null;
  } catch {
    return null;
  }
}
