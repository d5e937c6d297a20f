import { type Actor, personOf } from '../../../../platform/access.ts';
import type { Attachment } from '../../../../platform/attachments/index.ts';
import type { Context } from '../../../../platform/context.ts';
import type { DraftId } from '../../../../platform/ids.ts';
import { dayIn } from '../../../../platform/month.ts';
import { listItems } from '../../../classifiers/index.ts';
import { type Person, readPerson } from '../../../identity/index.ts';
import { readOrganisation } from '../../../organisations/index.ts';
import type { Draft, DraftFile } from '../../draft.ts';
import { findDispatcher, offerAddressees } from '../../find-addressees.ts';
import { findRegion } from '../../find-place.ts';
import { findSimilar } from '../../find-similar.ts';
import { findTopic, type ListedTopic } from '../../list-topics.ts';
import { loadTerms } from '../../load-terms.ts';
import { type OwnHome, readOwnHomes } from '../../own-homes.ts';
import type { SimilarAppeal } from '../../queries/similar-appeals.ts';
import { readDraft } from '../../save-draft.ts';
import { type Regime, regimeOf, type Term } from '../../term.ts';
import { topicOf } from '../../topics.ts';

export interface KeptFile extends DraftFile {
  attachment: Attachment | null;
}

/** All that the form shows beside what is typed. */
export interface FormView {
  draft: Draft;
  files: readonly KeptFile[];
  person: Person;
  homes: readonly OwnHome[];
  topic: ListedTopic | null;
  addressee: { name: string; role: string; why: string | null; regime: Regime; term: Term } | null;
  /** Life or property is in danger: whom to ring first. */
  emergency: { dispatcher: { name: string; phone: string } | null } | null;
  similar: readonly SimilarAppeal[];
  zone: string;
}

/** The form of a saved draft. @throws NotFound when it is not the person's */
export async function readForm(context: Context, actor: Actor, draftId: DraftId): Promise<FormView> {
  const { draft, files } = await readDraft(context, personOf(actor).personId, draftId);
  return describeDraft(context, actor, draft, files);
}

/** The form of a draft, saved or not. */
export async function describeDraft(
  context: Context,
  actor: Actor,
  draft: Draft,
  files: readonly KeptFile[] = [],
): Promise<FormView> {
  const { db } = context;
  const { personId } = personOf(actor);
  const isEmergency = draft.topicCode !== '' && topicOf(draft.topicCode).emergency;
  const zone = (draft.regionCode ? await findRegion(db, draft.regionCode) : null)?.zone ?? 'Europe/Moscow';
  const [person, homes, topic, addressee, dispatcher, similar] = await Promise.all([
    readPerson(db, personId),
    readOwnHomes(db, personId),
    draft.topicCode ? findTopic(db, draft.topicCode) : null,
    describeAddressee(context, draft, zone),
    isEmergency ? findDispatcher(db, draft.fiasGuid) : null,
    findSimilar(context, personId, draft),
  ]);
  return {
    ...{ draft, files, homes, topic, addressee, similar, zone, person: person! },
    emergency: isEmergency ? { dispatcher } : null,
  };
}

async function describeAddressee({ db, clock }: Context, draft: Draft, zone: string): Promise<FormView['addressee']> {
  if (!draft.addresseeId) return null;
  const [card, offered, powers] = await Promise.all([
    readOrganisation(db, draft.addresseeId),
    draft.regionCode ? offerAddressees(db, draft, draft.topicCode) : [],
    listItems(db, 20),
  ]);
  if (!card) return null;
  const at = clock();
  const place = { regionCode: draft.regionCode, oktmo: draft.oktmo, organisationId: draft.addresseeId };
  const { matter, emergency } = topicOf(draft.topicCode || '4');
  const { termOf } = await loadTerms(db, [place], at);
  const question = { matter, emergency, receivedAt: at, registeredOn: null, zone, place };
  return {
    name: card.short_name,
    role: powers.find(({ code, actual }) => actual && code === draft.addresseePower)?.name ?? '',
    why: offered.find(({ organisationId }) => organisationId === draft.addresseeId)?.why ?? null,
    regime: regimeOf(draft.addresseePower),
    term: termOf({ ...question, powerCode: draft.addresseePower }),
  };
}

export const draftDay = (draft: Draft, zone: string): string => dayIn(zone, draft.createdAt);
