/** The door of billing: the money of accounts. Whoever changes it passes a transaction of one house. */
export type { Verdict } from './assess-documents.ts';
export { type DueDay, type DueDays, type DuePlace, loadDueDays } from './due-day.ts';
export { type ExplainedPenalty, explainPenalty } from './explain-penalty.ts';
export { type Exposed, exposeDocuments } from './expose-documents.ts';
export { withdrawBill } from './give-back.ts';
export { checkBalances } from './jobs.ts';
/** The pure money of one account, for the generator of demonstration data: it writes by COPY what these make. */
export { addNewBills, billingJobs } from './new-bills/jobs.ts';
export { type OwnDue, ownDues } from './own-due.ts';
export {
  type ChargeLine,
  CURRENT_FORM,
  contentHash,
  DocumentBody,
  type DocumentBodyInput,
  type DocumentState,
  GROUPS,
  type Group,
  type NewDocument,
} from './payment-document.ts';
export { type Penalty, type PenaltyRules, penaltyOf } from './penalty.ts';
export { billingPart } from './person-part.ts';
export { type DocumentPlan, planDocuments } from './plan-documents.ts';
export { type PaidPart, type PostedReceipt, postReceipt, reverseReceipt } from './post-receipt.ts';
export {
  applyAdvance,
  bill,
  type Due,
  dueTotal,
  emptyPurse,
  owed,
  type Purse,
  payVoluntary,
  receive,
  settledTotal,
} from './purse.ts';
export { type MonthCharge, selectMonthCharges as readMonthCharges } from './queries/charges.ts';
export { type HouseProvider, selectHouseProviders as readHouseProviders } from './queries/house-providers.ts';
export { findImbalances, findUnevenDues, type Imbalance } from './queries/imbalances.ts';
export { type LastCharges, selectLastCharges as readLastCharges } from './queries/last-charges.ts';
export {
  type Document,
  type DocumentHead,
  type DocumentKey,
  type ListedEntry,
  type ListedReceipt,
  type ReceiptKey,
  selectDocument as readDocument,
  selectDocumentHeads as listDocuments,
  selectLastTotal as lastDocumentTotal,
  selectLedger as listLedger,
  selectReceipts as listReceipts,
} from './queries/reading.ts';
export { selectUids as readUids } from './queries/uids.ts';
export {
  type LaterDocument,
  type PaidDocument,
  type PaidLater,
  selectPaidLater as paidLater,
  selectUndone as readUndone,
  type UndoneDocument,
  type UploadedDocument,
} from './queries/undo.ts';
export { selectUsedAccounts as accountsWithMoney } from './queries/used-accounts.ts';
export { selectSeeing as peopleSeeing, selectSeen as whoHasSeen } from './queries/views.ts';
export { type AccountOwed, type LatestDocument, readAccountsOwed } from './read-accounts-owed.ts';
export { registerBills } from './resident.tsx';
export { lookAtUploaded, type UploadedDocuments, undoUploaded } from './undo/undo-documents.ts';
export { withdrawDocument } from './withdraw-document.ts';
export { registerAccountMoney } from './workplace.tsx';
