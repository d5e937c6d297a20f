import { sql } from 'kysely';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import { type Image, parseImage } from '../../../platform/database/image.ts';
import type { OrganisationId } from '../../../platform/ids.ts';
import '../tables.ts';

/** The card of an organisation by columns. @param hold until the end of the transaction */
export async function selectCardImage(db: Db, organisationId: OrganisationId, hold: boolean): Promise<Image> {
  const { rows } = await sql<{ image: string }>`
    select (to_jsonb(o) - '{organisation_id,updated_at}'::text[])::text as image from organisation o
    where organisation_id = ${organisationId} ${hold ? sql`for no key update` : sql``}`.execute(db);
  return parseImage(rows[0]!.image);
}

/** Gives a card back what stood in some of its columns. */
export async function restoreCardImage(
  trx: Transaction,
  organisationId: OrganisationId,
  fields: Image,
  at: Date,
): Promise<void> {
  const columns = Object.keys(fields);
  if (columns.length === 0) return;
  await sql`
    update organisation o set ${sql.join(columns.map((name) => sql`${sql.ref(name)} = n.${sql.ref(name)}`))},
      updated_at = ${at}::timestamptz
    from json_populate_record(null::organisation, ${JSON.stringify(fields)}::json) n
    where o.organisation_id = ${organisationId}`.execute(trx);
}
