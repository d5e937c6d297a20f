import type { ColumnType, Generated } from 'kysely';
import type {
  AnswerId,
  AppealEventId,
  AppealId,
  AppealPartId,
  DraftId,
  FileId,
  HouseId,
  NoteId,
  OrganisationId,
  PersonId,
  SupportRequestId,
  TemplateId,
} from '../../platform/ids.ts';
import type { AppealState, Assessment, EventKind, Outcome, PartState } from './appeal.ts';

type Relation = 'escalation' | 'continuation';

/** What a row of a desk is: an appeal to be answered, another body's request, an appeal of the territory to look at, or what one has asked. */
export type DeskKind = 'appeal' | 'request' | 'territory' | 'asked';

export interface TerritoryTable {
  oktmo: string;
  house_id: HouseId;
}

export interface AppealTable {
  house_id: HouseId;
  appeal_id: AppealId;
  number: string;
  state: AppealState;
  author_id: PersonId;
  family_name: string;
  given_name: string;
  middle_name: Generated<string>;
  phone: Generated<string>;
  email: Generated<string>;
  answer_email: string;
  fias_guid: string | null;
  address: string;
  flat: Generated<string>;
  region_code: string;
  oktmo: string;
  municipality: string;
  zone: string;
  topic_code: string;
  topic_name: string;
  own_topic: Generated<string>;
  text: string;
  emergency: Generated<boolean>;
  parent_id: AppealId | null;
  relation: Relation | null;
  joined: Generated<number>;
  extended: Generated<boolean>;
  redirected: Generated<boolean>;
  redirected_outside: Generated<boolean>;
  answer_not_required: Generated<boolean>;
  reopened: Generated<number>;
  assessment: Assessment | null;
  withdrawn_comment: Generated<string>;
  fixed_asked_at: Date | null;
  fixed: boolean | null;
  created_at: Date;
  sent_at: Date;
  executed_at: Date | null;
  changed_at: Date;
}

export interface AppealNumberTable {
  number: string;
  house_id: HouseId;
  appeal_id: AppealId;
}

export interface AppealPartTable {
  house_id: HouseId;
  appeal_id: AppealId;
  part_id: AppealPartId;
  kind: Generated<'appeal' | 'request'>;
  organisation_id: OrganisationId;
  power_code: string;
  state: PartState;
  from_part_id: AppealPartId | null;
  request_text: Generated<string>;
  received_at: Date;
  registered_on: string | null;
  registration_number: string | null;
  performer_id: PersonId | null;
  performer_name: string | null;
  planned_on: string | null;
  due_on: string | null;
  due_at: Date | null;
  term_key: string;
  term_source: string;
  extended_from: string | null;
  extensions: Generated<number>;
  reminded: Generated<number>;
  overdue_at: Date | null;
  closed_at: Date | null;
  look_at: Date | null;
  term_from: Date | null;
}

export interface AppealEventTable {
  house_id: HouseId;
  appeal_id: AppealId;
  event_id: AppealEventId;
  part_id: AppealPartId | null;
  kind: EventKind;
  at: Date;
  organisation_id: OrganisationId | null;
  person_id: PersonId | null;
  person_name: Generated<string>;
  internal: Generated<boolean>;
  details: ColumnType<Record<string, unknown>, string | undefined, string>;
}

export interface AppealAnswerTable {
  house_id: HouseId;
  appeal_id: AppealId;
  answer_id: AnswerId;
  part_id: AppealPartId;
  state: 'draft' | 'sent';
  number: Generated<string>;
  answered_on: string | null;
  outcome: Outcome | null;
  performer_name: Generated<string>;
  performer_post: Generated<string>;
  text: Generated<string>;
  interim: Generated<boolean>;
  written_by: PersonId;
  sent_at: Date | null;
  changed_at: Date;
}

export interface AppealFileTable {
  house_id: HouseId;
  appeal_id: AppealId;
  file_id: FileId;
  answer_id: AnswerId | null;
  event_id: AppealEventId | null;
  name: string;
  description: Generated<string>;
  media_type: string;
  size_bytes: bigint;
  signs_file_id: FileId | null;
  position: number;
}

export interface AppealJoinerTable {
  house_id: HouseId;
  appeal_id: AppealId;
  person_id: PersonId;
  family_name: string;
  given_name: string;
  middle_name: Generated<string>;
  flat: Generated<string>;
  answer_email: string;
  joined_at: Date;
}

export interface AppealLetterTable {
  house_id: HouseId;
  appeal_id: AppealId;
  mail_id: string;
  person_id: PersonId;
  answer_id: AnswerId | null;
}

export interface AppealNoteTable {
  organisation_id: OrganisationId;
  note_id: NoteId;
  house_id: HouseId;
  appeal_id: AppealId;
  person_id: PersonId;
  person_name: string;
  text: string;
  at: Date;
}

export interface AnswerTemplateTable {
  organisation_id: OrganisationId;
  template_id: TemplateId;
  title: string;
  topic_code: Generated<string>;
  text: string;
  outcome: Outcome | null;
  changed_at: Date;
}

export interface DeskAppealTable {
  organisation_id: OrganisationId;
  desk_id: string;
  kind: DeskKind;
  house_id: HouseId;
  appeal_id: AppealId;
  number: string;
  topic_code: string;
  topic_name: string;
  address: string;
  author_name: string;
  addressee_name: string;
  state: PartState | AppealState;
  is_open: boolean;
  emergency: boolean;
  escalated: boolean;
  reopened: Generated<boolean>;
  joined: Generated<number>;
  received_at: Date;
  due_on: string | null;
  /** By when an emergency needs its first measures; null when it is no emergency, or somebody has taken it up. */
  first_due_at: Date | null;
  overdue: Generated<boolean>;
  performer_id: PersonId | null;
  performer_name: string | null;
  closed_at: Date | null;
  assessment: Assessment | null;
  zone: string;
  /** See `spansOf`. */
  spans: readonly number[];
  words: string;
}

export interface DeskStatisticsTable {
  organisation_id: OrganisationId;
  kind: DeskKind;
  month: string;
  topic_code: string;
  house_id: HouseId;
  address: string;
  received: number;
  open: number;
  executed: number;
  overdue: number;
  satisfied: number;
  unsatisfied: number;
  days: number;
  late: Generated<number>;
  partly: Generated<number>;
  spent: Generated<number[]>;
}

export interface DeskAddresseeTable {
  organisation_id: OrganisationId;
  addressee_id: OrganisationId;
  desk_id: string;
  received_at: Date;
}

export interface TerritoryStatisticsTable {
  organisation_id: OrganisationId;
  scope: 'all' | 'addressee';
  addressee_id: OrganisationId;
  month: string;
  topic_code: string;
  received: number;
  open: number;
  executed: number;
  termed: number;
  in_term: number;
  overdue: number;
  unsatisfied: number;
}

export interface AppealDraftTable {
  person_id: PersonId;
  draft_id: DraftId;
  version: Generated<number>;
  fias_guid: string | null;
  address: Generated<string>;
  is_territory: Generated<boolean>;
  flat: Generated<string>;
  region_code: Generated<string>;
  oktmo: Generated<string>;
  municipality: Generated<string>;
  topic_code: Generated<string>;
  own_topic: Generated<string>;
  addressee_id: OrganisationId | null;
  addressee_power: Generated<string>;
  addressee_chosen: Generated<boolean>;
  email: Generated<string>;
  answer_email: Generated<string>;
  phone: Generated<string>;
  text: Generated<string>;
  parent_house_id: HouseId | null;
  parent_id: AppealId | null;
  relation: Relation | null;
  created_at: Date;
  updated_at: Date;
}

export interface AppealDraftFileTable {
  person_id: PersonId;
  draft_id: DraftId;
  file_id: FileId;
  name: string;
  description: Generated<string>;
  media_type: string;
  size_bytes: bigint;
  position: number;
}

export interface OwnAppealTable {
  person_id: PersonId;
  appeal_id: AppealId;
  house_id: HouseId;
  role: 'author' | 'joined';
  number: string;
  topic_code: string;
  topic_name: string;
  address: string;
  state: AppealState;
  due_on: string | null;
  overdue: Generated<boolean>;
  unread: Generated<boolean>;
  zone: string;
  sent_at: Date;
  changed_at: Date;
}

export interface SupportRequestTable {
  request_id: SupportRequestId;
  number: string;
  person_id: PersonId | null;
  name: string;
  email: string;
  kind_code: string;
  subject: string;
  text: string;
  page: Generated<string>;
  state: 'new' | 'in_work' | 'answered' | 'closed';
  performer_id: PersonId | null;
  performer_name: string | null;
  due_on: string | null;
  by_guest: Generated<boolean>;
  /** For whom the person acted when they asked. */
  organisation_id: OrganisationId | null;
  /** The first answer, and the day that it was promised for. */
  answered_at: Date | null;
  promised_on: string | null;
  created_at: Date;
  changed_at: Date;
}

export interface SupportTemplateTable {
  template_id: TemplateId;
  title: string;
  text: string;
  changed_at: Date;
}

export interface SupportMessageTable {
  request_id: SupportRequestId;
  message_id: string;
  from_support: boolean;
  internal: Generated<boolean>;
  person_id: PersonId | null;
  person_name: string;
  text: string;
  at: Date;
}

export interface TerritoryDeskTable {
  region_code: string;
  organisation_id: OrganisationId | null;
  after_house_id: HouseId | null;
  after_appeal_id: AppealId | null;
  is_done: boolean;
}

declare module '../../platform/database/database.ts' {
  interface Tables {
    territory: TerritoryTable;
    territory_desk: TerritoryDeskTable;
    appeal: AppealTable;
    appeal_number: AppealNumberTable;
    appeal_part: AppealPartTable;
    appeal_event: AppealEventTable;
    appeal_answer: AppealAnswerTable;
    appeal_file: AppealFileTable;
    appeal_joiner: AppealJoinerTable;
    appeal_letter: AppealLetterTable;
    appeal_note: AppealNoteTable;
    answer_template: AnswerTemplateTable;
    desk_appeal: DeskAppealTable;
    desk_statistics: DeskStatisticsTable;
    desk_addressee: DeskAddresseeTable;
    territory_statistics: TerritoryStatisticsTable;
    appeal_draft: AppealDraftTable;
    appeal_draft_file: AppealDraftFileTable;
    own_appeal: OwnAppealTable;
    support_request: SupportRequestTable;
    support_message: SupportMessageTable;
    support_template: SupportTemplateTable;
  }
}
