import type { Acting, SignedIn, System } from '../../platform/access.ts';
import { auditLook } from '../../platform/audit/audit.ts';
import type { Db } from '../../platform/database/database.ts';
import type { HouseId, OrganisationId } from '../../platform/ids.ts';
import type { Meter } from './meter.ts';

interface HousesLook {
  action: string;
  at: Date;
  what: string;
  houseIds: Iterable<HouseId>;
  details?: Record<string, unknown>;
}

type Clerk = SignedIn & { acting: Acting };

/** One device of a home and its readings, on a page that names nobody. The house's own device is nobody's. */
export async function lookAtMeter(db: Db, clerk: Clerk, meter: Meter, at: Date): Promise<void> {
  if (meter.kind === 'house') return;
  const { houseId, meterId, premisesId, serial } = meter;
  const { organisationId } = clerk.acting;
  const own = meter.accounts.filter(({ providerId }) => providerId === organisationId);
  await auditLook(db, clerk, {
    action: 'meters.viewed',
    at,
    what: `Прибор учёта № ${serial} и его показания`,
    thingId: meterId,
    homes: [
      {
        houseId,
        about: premisesId ? [premisesId] : own.map(({ accountId }) => accountId),
        accountId: own[0]?.accountId ?? null,
      },
    ],
    masked: true,
    details: { meterId },
  });
}

/** A list of devices tells how the people of a house live: whoever looks leaves a line for those whose accounts it holds. No names in it. */
export async function lookAtMeters(db: Db, viewer: Clerk | System, { houseIds, ...look }: HousesLook): Promise<void> {
  const providerId: OrganisationId = viewer.kind === 'system' ? viewer.organisationId : viewer.acting.organisationId;
  const houses = [...new Set(houseIds)];
  const [first] = houses;
  if (!first) return;
  await auditLook(db, viewer, {
    ...look,
    thingId: houses.length === 1 ? first : providerId,
    homes: houses.map((houseId) => ({ houseId, providerId })),
    masked: true,
  });
}
