import { sql } from 'kysely';
import type { Db } from '../../../platform/database/database.ts';
import type { HouseId, PremisesId, RoomId } from '../../../platform/ids.ts';
import type { EntranceInput, LiftInput, PremisesInput, RoomInput } from './parts.ts';
import '../tables.ts';

/** All parts of a house as uploads describe them: for telling what a new description would change. */
export interface WholeHouse {
  premises: (Required<PremisesInput> & { premisesId: PremisesId; described: boolean })[];
  rooms: (Required<RoomInput> & { roomId: RoomId })[];
  entrances: Required<EntranceInput>[];
  lifts: Required<LiftInput>[];
}

export async function selectWholeHouse(db: Db, houseId: HouseId): Promise<WholeHouse> {
  const { rows } = await sql<WholeHouse>`
    select
      coalesce((select json_agg(json_build_object('premisesId', premises_id, 'category', category, 'number', number,
        'entranceNumber', entrance_number, 'characteristicCode', characteristic_code, 'totalArea', total_area::text,
        'livingArea', living_area::text, 'cadastralNumber', cadastral_number, 'commonProperty', common_property,
        'confirmed', confirmed, 'closedOn', closed_on, 'described', described))
        from premises where house_id = ${houseId}), '[]') as premises,
      coalesce((select json_agg(json_build_object('roomId', room_id, 'premisesId', premises_id, 'number', number, 'area', area::text,
        'cadastralNumber', cadastral_number, 'confirmed', confirmed)) from room where house_id = ${houseId}), '[]') as rooms,
      coalesce((select json_agg(json_build_object('number', number, 'storeys', storeys, 'yearBuilt', year_built,
        'closedOn', closed_on)) from entrance where house_id = ${houseId}), '[]') as entrances,
      coalesce((select json_agg(json_build_object('entranceNumber', entrance_number, 'factoryNumber', factory_number,
        'kindCode', kind_code, 'serviceLimit', service_limit, 'details', details)) from lift where house_id = ${houseId}), '[]')
        as lifts`.execute(db);
  return rows[0]!;
}
