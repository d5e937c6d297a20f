export { access as organisationAccess } from './access.ts';
export { registerOrganisationAdministration } from './administration.tsx';
export { identifySystem } from './api-keys.ts';
export { registerApiKeys } from './api-keys-workplace.tsx';
export { CardFields } from './card-form.tsx';
export { isBankAccount, isCorrespondentAccount, isInn, isKpp, isOgrn, isSnils } from './checksums.ts';
export { type CapacityOption, listCapacities, readActing, readDelegated, syncEmployment } from './employment.ts';
export { LEGAL_FORMS } from './legal-forms.ts';
export { OKTMO } from './oktmo.ts';
export type { OrganisationCard } from './organisation.ts';
export { type OrganisationForm, organisationForm, requisiteForm, typedOf as typedOfCard } from './organisation-form.ts';
export { RequisitesCard } from './organisation-page.tsx';
export { organisationsPart } from './person-part.ts';
export { registerOrganisationCard } from './public.tsx';
export { restoreCardImage as restoreCard, selectCardImage as readCardImage } from './queries/card-image.ts';
export {
  insertOrganisation,
  selectOrganisation as readOrganisation,
  selectOrganisationByInn as findOrganisationByInn,
  selectOrganisationByOgrn as findOrganisationByOgrn,
  selectOrganisationPage as searchOrganisations,
  selectOrganisations as readOrganisations,
  upsertOrganisation,
} from './queries/cards.ts';
export {
  type Delegation,
  holdGivenWorks,
  insertDelegation,
  revokeDelegationRow,
  SETTLEMENT_CENTRE,
  selectDelegationsGiven as listDelegationsGiven,
  selectDelegationsTaken as listDelegationsTaken,
} from './queries/delegations.ts';
export {
  type EmployeeRow,
  insertEmployee,
  lockEmployee,
  lockEmployments,
  lockHeads,
  selectEmployees as listEmployees,
  selectMoneyKeepers as listMoneyKeepers,
  selectPost as findPost,
  selectUnregistered as listUnregistered,
  updateEmployee,
  updatePost as keepPost,
  worksOn as worksOnDay,
} from './queries/employment.ts';
export {
  type Criteria,
  type FoundByCriteria,
  type NearPlace,
  selectByCriteria as findOrganisationsBy,
} from './queries/find-by-criteria.ts';
export {
  countHouses,
  placeHouse,
  removeHouse,
  selectDeskHouse as findDeskHouse,
  selectFirstSteps as readFirstSteps,
  selectHouseIdsFrom as listHouseIdsFrom,
  selectHouseLine as findHouseLine,
  selectHousePage as listHouses,
  selectOwnHouses as findOwnHouses,
  setHouseCounts,
} from './queries/houses.ts';
export {
  type Body,
  insertPower,
  selectBodies as findBodies,
  selectOrganisationWithPower as findOrganisationWithPower,
  selectPowers as readPowers,
  selectRegionsWithPower as listRegionsWithPower,
} from './queries/powers.ts';
export {
  noteRequisitesChanged,
  selectRequisites as readRequisites,
  selectRequisitesOf as listRequisites,
  upsertRequisite,
} from './queries/requisites.ts';
export { findOrganisationByName } from './queries/search.ts';
export { type Employment, type Standing, standingOf } from './standing.ts';
export type { RequisiteTable } from './tables.ts';
export { registerOwnCard } from './workplace.tsx';
