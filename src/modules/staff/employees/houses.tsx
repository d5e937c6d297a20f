import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { formToken, sendPage } from '../../../pages/page.tsx';
import { actingFor } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { Invalid, NotFound } from '../../../platform/errors.ts';
import { idParam, typed } from '../../../platform/http/forms.ts';
import { type EmployeeId, type HouseId, type InvitationId, isUuid } from '../../../platform/ids.ts';
import type { FieldError } from '../../../ui/index.ts';
import { listHouses } from '../../organisations/index.ts';
import { access } from '../access.ts';
import { countHousesOf, type HouseHolder, selectHousesOf, selectInvitation } from '../queries/invitations.ts';
import { PATH, todayAt } from '../staff.ts';
import { changeHouses, type HolderKey } from './change-employee.ts';
import { HousesPage, pickName } from './houses-page.tsx';
import { readEmployees } from './read-employees.ts';

const PAGE = 50;
const ROOT = { href: PATH, label: 'Сотрудники' };

/** Which houses are open to an employee, or will be to whoever accepts an invitation. */
export function registerEmployeeHouses(app: FastifyInstance, context: Context): void {
  const head = { config: { access: access.manageEmployees, sensitive: true } };
  const keys = {
    [`${PATH}/:employeeId/houses`]: (request: FastifyRequest): HolderKey => ({
      employeeId: idParam<EmployeeId>(request.params, 'employeeId'),
    }),
    [`${PATH}/invitations/:invitationId/houses`]: (request: FastifyRequest): HolderKey => ({
      invitationId: idParam<InvitationId>(request.params, 'invitationId'),
    }),
  };
  for (const [path, keyOf] of Object.entries(keys)) {
    app.get(path, head, (request, reply) => show(context, request, reply, keyOf(request), []));
    app.post(path, head, async (request, reply) => {
      const key = keyOf(request);
      const body = typed(request.body);
      const shown = (body.shown ?? '').split(' ').filter(isUuid).slice(0, PAGE) as HouseId[];
      try {
        await changeHouses(context, request.actor, key, {
          shown,
          picked: shown.filter((houseId) => body[pickName(houseId)] === '1'),
        });
      } catch (error) {
        if (!(error instanceof Invalid)) throw error;
        return show(context, request, reply.code(error.status), key, error.fields);
      }
      const query = new URLSearchParams({ saved: '1' });
      for (const name of ['search', 'after', 'id'] as const) if (body[name]) query.set(name, body[name]);
      return reply.redirect(`${pathOf(key)}?${query}`, 303);
    });
  }
}

const pathOf = (key: HolderKey): string =>
  'employeeId' in key ? `${PATH}/${key.employeeId}/houses` : `${PATH}/invitations/${key.invitationId}/houses`;

/** Whose houses they are, by name. @throws NotFound when none are to be chosen */
async function nameOf(context: Context, holder: HouseHolder): Promise<string> {
  if ('invitationId' in holder) {
    const invitation = await selectInvitation(context.db, holder.organisationId, holder.invitationId);
    if (!invitation?.limited || invitation.acceptedAt || invitation.revokedAt) throw new NotFound();
    return `${invitation.familyName} ${invitation.givenName}`;
  }
  const { organisationId, employeeId } = holder;
  const [employee] = await readEmployees(context.db, organisationId, todayAt(context.clock()), employeeId);
  if (!employee?.works || !employee.limited || employee.role === 'head') throw new NotFound();
  return employee.name;
}

async function show(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  key: HolderKey,
  errors: readonly FieldError[],
) {
  const { organisationId } = actingFor(request.actor).acting;
  const holder: HouseHolder = { organisationId, ...key };
  const {
    search: asked = '',
    after = '',
    id = '',
    saved,
    invited,
  } = request.query as Record<string, string | undefined>;
  const search = asked.trim().slice(0, 100);
  const name = await nameOf(context, holder);
  const rows = await listHouses(context.db, {
    ...{ organisationId, houses: null, search, limit: PAGE + 1 },
    after: after && isUuid(id) ? { address: after, houseId: id as HouseId } : null,
  });
  const shown = rows.slice(0, PAGE);
  const [chosen, count] = await Promise.all([
    selectHousesOf(
      context.db,
      holder,
      shown.map(({ houseId }) => houseId),
    ),
    countHousesOf(context.db, holder),
  ]);
  const last = shown.at(-1);
  const next = new URLSearchParams({ ...(search && { search }), after: last?.address ?? '', id: last?.houseId ?? '' });
  return sendPage(
    request,
    reply,
    { title: `Дома: ${name}`, active: PATH, breadcrumbs: [ROOT, { label: name }, { label: 'Дома' }] },
    <HousesPage
      {...{ name, chosen, count, search, after, id, errors }}
      path={pathOf(key)}
      rows={shown}
      next={rows.length > PAGE ? `${pathOf(key)}?${next}` : undefined}
      saved={errors.length === 0 && saved === '1'}
      invited={invited === '1'}
      token={formToken(request, reply)}
    />,
  );
}
