export { access as appealsAccess } from './access.ts';
export type { AppealKey, Outcome } from './appeal.ts';
export { askFixed } from './ask-fixed.ts';
export { assessAnswer } from './assess-answer.ts';
export { type Assignment, type AssignmentResult, assignAppeals } from './assign-appeals.ts';
export { type AuthorActions, authorActions } from './author-actions.ts';
export { beginDraft } from './begin-draft.ts';
export { addFiles, removeFile } from './change-files.ts';
export type { GivenFile, PartKey } from './change-part.ts';
export { type Draft, type DraftContent, type DraftFile, EMPTY_DRAFT, StaleDraft } from './draft.ts';
export { escalateAppeal } from './escalate-appeal.ts';
export { type Extension, extendTerm, readExtensionLimit } from './extend-term.ts';
export { type OfferedAddressee, offerAddressees } from './find-addressees.ts';
export { type Escalation, type EscalationReason, findEscalation } from './find-escalation.ts';
export { findHousePlace } from './find-place.ts';
export { findSimilar } from './find-similar.ts';
export { countTerritory, InspectorCards, inspectorLead, registerTerritory } from './inspectorate/index.ts';
export { appealJobs, appealSchedule } from './jobs.ts';
export { joinAppeal } from './join-appeal.ts';
export { markExecuted } from './mark-executed.ts';
export { appealFilePath, appealPath, escalationPath } from './paths.ts';
export { appealsPart } from './person-part.ts';
export { countQueue as countDesk } from './queries/desk.ts';
export { countUnreadAppeals, markOwnAppealRead } from './queries/own-appeals.ts';
export { aboutQuery } from './ready-texts.ts';
export { receiveSignature, SIGNATURE_ACCEPT } from './receive-signature.ts';
export { recountDesk } from './recount-desk.ts';
export { type Redirection, redirectAppeal } from './redirect-appeal.ts';
export { type Registration, registerAppeal } from './register-appeal.ts';
export { reopenAppeal } from './reopen-appeal.ts';
export { type InformationRequest, requestInformation } from './request-information.ts';
export { registerOwnAppeals } from './resident/view/index.ts';
export { registerWriting } from './resident/write/index.ts';
export {
  type AnswerDraft,
  type AnswerFile,
  attachToAnswer,
  type DraftKey,
  deleteAnswer,
  detachFromAnswer,
  saveAnswer,
} from './save-answer.ts';
export { changeDraft, deleteDraft, readDraft, saveDraft } from './save-draft.ts';
export { saveTemplate } from './save-template.ts';
export { seenByAuthor, seenByStaff } from './see-appeal.ts';
export { sendAnswer } from './send-answer.ts';
export { type Sent, sendAppeal } from './send-appeal.ts';
export {
  addToRequest,
  answerRequest,
  askSupport,
  assignRequest,
  closeRequest,
  noteOnRequest,
  registerSupport,
  registerSupportDesk,
} from './support/index.ts';
export { tellFixed } from './tell-fixed.ts';
export { type Waiver, type WaiverCause, waiveAnswer, waiversOf } from './waive-answer.ts';
export { watchTerms } from './watch-terms.ts';
export { withdrawAppeal } from './withdraw-appeal.ts';
export { registerAppealsDesk } from './workplace/index.ts';
export { writeNote } from './write-note.ts';
