import { sql } from 'kysely';
import '../tables.ts';
import type { Db } from '../../../platform/database/database.ts';
import type { HouseId, OrganisationId } from '../../../platform/ids.ts';
import type { AccountKind } from '../../accounts/index.ts';

/** Who charges in a house, and for which communal services (НСИ 3). */
export interface HouseProvider {
  providerId: OrganisationId;
  kind: AccountKind;
  services: { code: string; name: string }[];
}

/** The services are those of the latest bills of a few accounts: all accounts of a house that one provider keeps are much alike. */
export async function selectHouseProviders(db: Db, houseId: HouseId): Promise<HouseProvider[]> {
  const { rows } = await sql<HouseProvider>`
    with provider as (
      select distinct provider_id, kind from account where house_id = ${houseId} and closed_on is null)
    select provider.provider_id as "providerId", provider.kind,
      coalesce(jsonb_agg(distinct jsonb_build_object('code', line->>'serviceCode', 'name', line->>'service'))
        filter (where line->>'serviceCode' is not null), '[]') as services
    from provider
    left join lateral (
      select account_id from account own where own.house_id = ${houseId} and own.provider_id = provider.provider_id
        and own.kind = provider.kind and own.closed_on is null
      order by account_id limit 5) sample on true
    left join lateral (
      select body from payment_document document where document.house_id = ${houseId} and document.account_id = sample.account_id
        and document.state = 'exposed' and document.kind = 'current'
      order by period desc, issued_at desc, document_id desc limit 1) latest on true
    left join lateral jsonb_array_elements(latest.body->'lines') as lines (line) on line->>'group' = 'communal'
    group by provider.provider_id, provider.kind
    order by provider.kind, provider.provider_id`.execute(db);
  return rows;
}
