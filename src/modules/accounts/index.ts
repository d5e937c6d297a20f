export { access as accountsAccess } from './access.ts';
export {
  type AccountCard,
  type AccountKind,
  type ConnectedAccount,
  isAnotherPayer,
  isNamedPayer,
  isPayer,
  KIND_NAMES,
  KIND_WORDS,
  normaliseName,
  type Place,
} from './account.ts';
export { type FoundAccount, findAccounts } from './find-account.ts';
export { NoRight } from './no-right.tsx';
export {
  canonicalNumber,
  composeEls,
  composeServiceId,
  hintForNumber,
  kindOfNumber,
  type UnifiedKind,
} from './numbers.ts';
export {
  type Basis,
  countAccounts,
  type NamedByNumber,
  selectOwnAccountsOfEls as ownAccountsOfEls,
  selectProviderAccounts as findOwnAccounts,
  selectUnifiedNumbers as findByUnifiedNumbers,
  selectWholeAccounts as readWholeAccounts,
  type WholeAccount,
} from './queries/bulk.ts';
export {
  lockAccountRows as lockAccountCards,
  selectAccountImages as readAccountImages,
  selectLinked as linkedAccounts,
  selectWithCodes as accountsWithCodes,
} from './queries/images.ts';
export {
  type FormerAccount,
  holdsShare,
  recordShareLook,
  recordShareLooks,
  recordShareUse,
  selectFormer as formerAccounts,
  selectUsable as usableAccounts,
} from './queries/usable.ts';
export {
  connectedAccounts,
  hasConnectedAccounts,
  readAccounts,
  selectAccountsOfPremises as accountsOfPremises,
  selectProviderAccount as findAccount,
  selectUnifiedNumber as findByUnifiedNumber,
} from './queries.ts';
export { closeAccounts, INPUT_ERROR, restoreAccounts } from './restore-accounts.ts';
export {
  type HeldShare,
  type InvitationId,
  rightsInWords,
  SHARE_RIGHT_NAMES,
  SHARE_RIGHTS,
  SHARE_USES,
  type ShareId,
  type ShareRight,
  type ShareUse,
  shareInWords,
  type UsableAccount,
} from './sharing.ts';
export { registerAccountRegister } from './workplace.tsx';
export { type AccountWrite, type WrittenAccount, writeAccounts } from './write-accounts.ts';
