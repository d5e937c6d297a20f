/** Of the applicant. */
export const APPLICATIONS = '/organisations/applications';
/** Of the administrator. */
export const APPLICATIONS_DESK = '/administration/organisations/applications';
