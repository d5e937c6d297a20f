import { v7 } from 'uuid';

/** UUIDs made in the application (version 7: they sort by time). The brand keeps two kinds of ids from being swapped. */
export type Id<Kind extends string> = string & { readonly __id: Kind };

export type PersonId = Id<'person'>;
export type SessionId = Id<'session'>;
export type OrganisationId = Id<'organisation'>;
export type EmployeeId = Id<'employee'>;
export type HouseId = Id<'house'>;
export type PremisesId = Id<'premises'>;
export type RoomId = Id<'room'>;
export type AccountId = Id<'account'>;
export type LinkId = Id<'link'>;
export type ClaimId = Id<'claim'>;
export type DocumentId = Id<'document'>;
export type ReceiptId = Id<'receipt'>;
export type RequisiteId = Id<'requisite'>;
export type OrderId = Id<'order'>;
export type PartId = Id<'part'>;
export type PaymentId = Id<'payment'>;
export type UploadId = Id<'upload'>;
export type MeterId = Id<'meter'>;
export type VersionId = Id<'meter version'>;
export type ReadingId = Id<'reading'>;
export type RequisiteChangeId = Id<'requisite change'>;
export type ApplicationId = Id<'application'>;
export type DelegationId = Id<'delegation'>;
export type InvitationId = Id<'invitation'>;
export type ApiKeyId = Id<'api key'>;
export type FileId = Id<'file'>;
export type AppealId = Id<'appeal'>;
export type AppealPartId = Id<'appeal part'>;
export type AppealEventId = Id<'appeal event'>;
export type AnswerId = Id<'answer'>;
export type DraftId = Id<'draft'>;
export type NoteId = Id<'note'>;
export type TemplateId = Id<'template'>;
export type SupportRequestId = Id<'support request'>;

export const newId = <T extends Id<string>>(): T => v7() as T;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
export const isUuid = (text: string): boolean => UUID.test(text);

/** Clocks of two machines that make ids may disagree by so much. */
const CLOCKS_APART_MS = 24 * 60 * 60 * 1000;

/** A bound below all ids that were made after the given one: rows that something brought are found by their own key. */
export function idsFrom(id: Id<string>): string {
  const moment = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16) - CLOCKS_APART_MS;
  const hex = Math.max(0, moment).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
