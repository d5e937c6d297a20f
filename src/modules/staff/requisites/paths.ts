export const REQUISITES = '/work/organisation/requisites';
/** Of the administrator. */
export const REQUISITES_DESK = '/administration/organisations/requisites';
