import type { AccountId, HouseId, OrganisationId, PersonId, PremisesId } from '../ids.ts';

interface Looked {
  look_id: string;
  day: string;
  viewer_id: PersonId;
  viewer_name: string;
  viewer_role: string;
  organisation_id: OrganisationId | null;
  thing_id: string;
  what: string;
  masked: boolean;
  purpose: string;
  first_at: Date;
  last_at: Date;
  times: number;
}

export interface PersonLookTable extends Looked {
  person_id: PersonId;
}

export interface HomeLookTable extends Looked {
  house_id: HouseId;
  about_id: HouseId | AccountId | PremisesId;
  provider_id: OrganisationId | null;
}

declare module '../database/database.ts' {
  interface Tables {
    person_look: PersonLookTable;
    home_look: HomeLookTable;
  }
}
