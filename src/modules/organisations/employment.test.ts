import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { anOgrn, buildOrganisation, buildPerson } from '../../../tests/support/rows.ts';
import { transaction } from '../../platform/database/database.ts';
import { type EmployeeId, newId, type OrganisationId, type PersonId } from '../../platform/ids.ts';
import { day } from '../../platform/month.ts';
import { listCapacities, readActing, syncEmployment } from './employment.ts';
import { selectUnregistered, updateEmployee } from './queries/employment.ts';
import { type Employment, standingOf } from './standing.ts';

const NOTHING: Employment = {
  claimedRole: null,
  givenRole: null,
  givenUntil: null,
  invited: false,
  isDismissed: false,
};

describe('what is known of somebody’s work', () => {
  test.each([
    ['nothing', {}, null],
    ['dismissed, claimed a clerk', { claimedRole: 'clerk', isDismissed: true }, null],
    ['dismissed, invited before', { givenRole: 'clerk', invited: true, isDismissed: true }, null],
    ['given a role, claimed no more', { givenRole: 'accountant' }, null],
    ['claimed a clerk', { claimedRole: 'clerk' }, { role: 'clerk', until: null }],
    ['claimed a clerk, made a viewer', { claimedRole: 'clerk', givenRole: 'viewer' }, { role: 'viewer', until: null }],
    [
      'claimed a clerk, given until a day',
      { claimedRole: 'clerk', givenUntil: '2026-12-01' },
      { role: 'clerk', until: '2026-12-01' },
    ],
    ['invited, never claimed', { givenRole: 'dispatcher', invited: true }, { role: 'dispatcher', until: null }],
    [
      'claimed a head, invited as a viewer',
      { claimedRole: 'head', givenRole: 'viewer', invited: true },
      { role: 'head', until: null },
    ],
    ['claimed a head, dismissed', { claimedRole: 'head', isDismissed: true }, { role: 'head', until: null }],
  ] as [string, Partial<Employment>, ReturnType<typeof standingOf>][])('%s', (_name, known, standing) => {
    expect(standingOf({ ...NOTHING, ...known })).toEqual(standing);
  });
});

describe('sign-ins, one after another', () => {
  let context: TestContext;
  let organisationId: OrganisationId;
  let personId: PersonId;
  let ogrn: string;

  beforeAll(async () => {
    context = await createTestContext();
  });
  beforeEach(async () => {
    ogrn = anOgrn();
    organisationId = await buildOrganisation(context, { ogrn });
    personId = await buildPerson(context);
  });

  const signIn = (...claims: { ogrn: string; role: 'head' | 'clerk' }[]) =>
    transaction(context.db, (trx) => syncEmployment(trx, personId, claims, context.clock()));
  const acting = () => readActing(context.db, organisationId, personId, day('2026-11-10'));
  const change = async (given: Parameters<typeof updateEmployee>[2]) => {
    const { employee_id: employeeId } = await context.db
      .selectFrom('employee')
      .select('employee_id')
      .where('organisation_id', '=', organisationId)
      .where('person_id', '=', personId)
      .executeTakeFirstOrThrow();
    await updateEmployee(context.db, { organisationId, employeeId }, given);
  };
  const invite = (role: 'viewer' | 'accountant') =>
    context.db
      .insertInto('employee')
      .values({
        organisation_id: organisationId,
        employee_id: newId<EmployeeId>(),
        person_id: personId,
        role,
        given_role: role,
        invited: true,
        valid_from: '2026-01-01',
      })
      .execute();

  test('an organisation without a card makes nobody’s employment, and is noted', async () => {
    const unknown = anOgrn();
    await signIn({ ogrn: unknown, role: 'head' });
    expect(await listCapacities(context.db, personId, context.clock())).toEqual([]);
    expect(await selectUnregistered(context.db, personId)).toEqual([{ ogrn: unknown, role: 'head' }]);
    await signIn({ ogrn, role: 'clerk' });
    expect(await selectUnregistered(context.db, personId)).toEqual([]);
  });

  test('a claim that is gone ends what came by it, and nothing that came by an invitation', async () => {
    await signIn({ ogrn, role: 'clerk' });
    expect(await acting()).toMatchObject({ role: 'clerk', houses: null });
    await signIn();
    expect(await acting()).toBeNull();
    await signIn({ ogrn, role: 'clerk' });
    expect(await acting()).toMatchObject({ role: 'clerk' });
  });

  test('an invited employee stays without any claim, and after a claim has come and gone', async () => {
    await invite('accountant');
    await signIn();
    expect(await acting()).toMatchObject({ role: 'accountant' });
    await signIn({ ogrn, role: 'head' });
    expect(await acting()).toMatchObject({ role: 'head' });
    await signIn();
    expect(await acting()).toMatchObject({ role: 'accountant' });
  });

  test('what the head gave stands above a claim of a clerk: role and last day', async () => {
    await signIn({ ogrn, role: 'clerk' });
    await change({ role: 'viewer', given_role: 'viewer', given_until: day('2026-11-10'), valid_to: day('2026-11-10') });
    await signIn({ ogrn, role: 'clerk' });
    expect(await acting()).toMatchObject({ role: 'viewer' });
    expect(await readActing(context.db, organisationId, personId, day('2026-11-11'))).toBeNull();
  });

  test('a dismissed person does not come back by a claim of a clerk, and does by that of a head, which is written down', async () => {
    await signIn({ ogrn, role: 'clerk' });
    await change({ dismissed_at: context.clock(), dismissal: 'Уволена', claimed_role: null });
    expect(await acting()).toBeNull();
    await signIn({ ogrn, role: 'clerk' });
    expect(await acting()).toBeNull();
    await signIn({ ogrn, role: 'head' });
    expect(await acting()).toMatchObject({ role: 'head' });
    const events = await context.db
      .selectFrom('audit_event')
      .select('action')
      .where('person_id', '=', personId)
      .execute();
    expect(events).toEqual([{ action: 'employee.returned' }]);
  });

  test('houses an employee is limited to are read with the role; none is none', async () => {
    await signIn({ ogrn, role: 'clerk' });
    await change({ limited: true });
    expect((await acting())?.houses).toEqual([]);
  });
});
