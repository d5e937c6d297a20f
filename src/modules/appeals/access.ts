import type { Role } from '../../platform/access.ts';

/** Who may do what with appeals. */
export const access = {
  /** An appeal needs an author that the identity provider vouches for (59-ФЗ, ст. 7). */
  writeAppeal: ['confirmed resident'],
  viewOwn: ['resident'],
  workDesk: ['clerk', 'dispatcher', 'inspector'],
  /** Figures alone. */
  viewStatistics: ['clerk', 'dispatcher', 'viewer', 'inspector'],
  oversee: ['inspector'],
  viewTerritoryStatistics: ['inspector', 'inspectorate viewer'],
  askSupport: ['anyone'],
  viewOwnQuestions: ['newcomer', 'guest'],
  answerSupport: ['administrator'],
} as const satisfies Record<string, readonly Role[]>;
