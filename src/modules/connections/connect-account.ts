import { type Actor, authorise, personOf, type SignedIn } from '../../platform/access.ts';
import { audit } from '../../platform/audit/audit.ts';
import type { Context } from '../../platform/context.ts';
import { type Transaction, transaction, violatedConstraint } from '../../platform/database/database.ts';
import { Invalid } from '../../platform/errors.ts';
import { once } from '../../platform/idempotency/idempotency.ts';
import { type ClaimId, type LinkId, newId, type OrganisationId } from '../../platform/ids.ts';
import { addDays, type Day, dayIn } from '../../platform/month.ts';
import { addWorkingDays, getWholeNumber } from '../../platform/rules/rules.ts';
import {
  type AccountCard,
  canonicalNumber,
  findAccounts,
  hintForNumber,
  isPayer,
  KIND_WORDS,
  kindOfNumber,
  readAccounts,
} from '../accounts/index.ts';
import { readHouses } from '../houses/index.ts';
import { readPerson } from '../identity/index.ts';
import { readOrganisations } from '../organisations/index.ts';
import { access } from './access.ts';
import { checkProof } from './check-proof.ts';
import { CLAIM_ZONE } from './claim-term.ts';
import { type Candidate, MOST_MESSAGE, type Outcome, type Proof } from './connection.ts';
import { beginAttempt } from './count-attempts.ts';
import {
  connectPendingLink,
  decideClaimRow,
  forgetAttempt,
  insertClaim,
  insertLink,
  lockAccount,
  lockOpenClaim,
  nameFailure,
  selectLinkOfAccount,
  setMessage,
} from './queries.ts';
import { retireLesserLinks } from './retire-links.ts';
import { addTellConnected, tellClaimed } from './tell-person.ts';

const NOT_FOUND =
  'Такого счёта в кабинете нет. Проверьте номер по квитанции. Если он верный, организация ещё не разместила счёт: позвоните ей и попросите это сделать.';
const WHOSE_NUMBER =
  'Счёт с таким номером не найден. Если это номер лицевого счёта, который дала организация, укажите ниже её название или ИНН. Если это ЕЛС или идентификатор ЖКУ, проверьте номер по квитанции.';
const CLOSED = 'Этот лицевой счёт закрыт. Действующий номер есть в последней квитанции.';

export interface ConnectInput {
  number: string;
  providerId: OrganisationId | null;
  /** Which of the found accounts; all of them when absent. */
  accountId: string | null;
  proof: Proof;
  /** The number was found by the person's own form before: to ask for a claim with it is no try. */
  isFound?: boolean;
  /** Of the form: a claim whose form is sent again is the same claim, whatever was decided meanwhile. */
  key?: string | undefined;
}

/**
 * Finds an account and connects it to the person when the proof holds. Failed tries are counted for the person and for the account.
 * @throws TooMany when the day's tries are used up
 */
export async function connectAccount(context: Context, actor: Actor, input: ConnectInput): Promise<Outcome> {
  authorise(actor, access.connectAccount);
  const person = personOf(actor);
  const connect = () => tryToConnect(context, person, input);
  if (input.isFound && input.proof.kind === 'claim') return connect();
  return asTry(context, person, input.isFound ? CLAIM_NOW : WRITE_NOW, connect);
}

const CLAIM_NOW = ', а заявку организации отправить уже сейчас';
const WRITE_NOW = ', а написать организации уже сейчас';

/**
 * The accounts of a number that the person may prove to be theirs; none when the person is their payer, who proves nothing. Connects nothing,
 * and counts no try.
 * @param input what the person's own form has found before: numbers are not guessed here
 */
export async function findToProve(
  context: Context,
  actor: Actor,
  input: Pick<ConnectInput, 'number' | 'providerId'>,
): Promise<Extract<Outcome, { kind: 'refused' | 'needs_proof' }>> {
  authorise(actor, access.connectAccount);
  const person = personOf(actor);
  const found = await findOpen(context, input);
  if (found.kind === 'refused') return found;
  const isOwn = (await ownOf(context, person, found.cards)).length > 0;
  return { kind: 'needs_proof', candidates: isOwn ? [] : await describeCandidates(context, person, found.cards) };
}

async function asTry(
  context: Context,
  person: SignedIn,
  advice: string,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  const { attemptId, left } = await beginAttempt(context, person, advice);
  const outcome = await work();
  if (outcome.kind !== 'refused' || !outcome.failure) {
    await forgetAttempt(context.db, person.personId, attemptId);
    return outcome;
  }
  await nameFailure(context.db, person.personId, attemptId, outcome.failure);
  return { ...outcome, message: `${outcome.message} Попыток на сегодня осталось: ${left}.` };
}

async function tryToConnect(context: Context, person: SignedIn, input: ConnectInput): Promise<Outcome> {
  const found = await findOpen(context, input);
  if (found.kind === 'refused') return found;
  const chosen = found.cards.filter((card) => !input.accountId || card.accountId === input.accountId);
  const own = await ownOf(context, person, chosen);
  if (own.length > 0) return connectAll(context, person, own);
  if (input.proof.kind === 'payer' || chosen.length !== 1)
    return { kind: 'needs_proof', candidates: await describeCandidates(context, person, found.cards) };
  return connectWithProof(context, person, chosen[0]!, input.proof, input.key);
}

const ownOf = async (context: Context, person: SignedIn, cards: readonly AccountCard[]): Promise<AccountCard[]> => {
  const profile = (await readPerson(context.db, person.personId))!;
  return cards.filter((card) => isPayer(profile, card));
};

/** The accounts of a number that are not closed. */
async function findOpen(
  context: Context,
  input: Pick<ConnectInput, 'number' | 'providerId'>,
): Promise<{ kind: 'found'; cards: AccountCard[] } | Extract<Outcome, { kind: 'refused' }>> {
  const cards = await readCards(context, await findAccounts(context.db, input));
  if (cards.length === 0)
    return {
      kind: 'refused',
      field: 'number',
      message: hintForNumber(input.number) ?? (isOwnNumber(input) ? WHOSE_NUMBER : NOT_FOUND),
      failure: 'not_found',
    };
  const open = cards.filter((card) => card.closedOn === null);
  if (open.length === 0) return { kind: 'refused', field: 'number', message: CLOSED, failure: null };
  return { kind: 'found', cards: open };
}

/** A number of an organisation's own says nothing without the organisation. */
const isOwnNumber = ({ number, providerId }: Pick<ConnectInput, 'number' | 'providerId'>): boolean =>
  providerId === null && kindOfNumber(canonicalNumber(number)) === null;

async function readCards(context: Context, found: Awaited<ReturnType<typeof findAccounts>>): Promise<AccountCard[]> {
  const house = found[0]?.houseId;
  return house
    ? readAccounts(
        context.db,
        house,
        found.map((one) => one.accountId),
      )
    : [];
}

/** The accounts whose payer is the confirmed person: connected at once, without a question. */
async function connectAll(context: Context, person: SignedIn, cards: readonly AccountCard[]): Promise<Outcome> {
  let count = 0;
  for (const card of cards) count += (await link(context, person, card, 'payer')) ? 1 : 0;
  return { kind: 'connected', count };
}

async function connectWithProof(
  context: Context,
  person: SignedIn,
  card: AccountCard,
  proof: Exclude<Proof, { kind: 'payer' }>,
  key: string | undefined,
): Promise<Outcome> {
  if (proof.kind === 'claim') return claim(context, person, card, { message: proof.message, formKey: key ?? newId() });
  const failure = await checkProof(context, person, card, proof);
  if (failure) return { kind: 'refused', ...failure };
  await link(context, person, card, proof.kind);
  return { kind: 'connected', count: 1 };
}

/**
 * True when the link is new; a repeat changes nothing. The account is held: an upload that names another payer at this moment comes before,
 * and the proof of being the payer is gone, or after, and finds the link.
 */
function link(
  context: Context,
  person: SignedIn,
  card: AccountCard,
  proof: 'payer' | 'bill_sum' | 'code',
): Promise<boolean> {
  const at = context.clock();
  return transaction(context.db, async (trx) => {
    await lockAccount(trx, card.houseId, card.accountId);
    if (proof === 'payer') {
      const [now] = await readAccounts(trx, card.houseId, [card.accountId]);
      if (!now || !isPayer((await readPerson(trx, person.personId))!, now)) return false;
    }
    const known = await selectLinkOfAccount(trx, person.personId, card.houseId, card.accountId);
    if (known?.state === 'connected') return false;
    if (known) {
      await withdrawClaim(trx, person, card, known.claimId, at);
      await connectPendingLink(trx, person.personId, known.linkId, proof, at);
    } else
      await insertLink(trx, {
        ...keysOf(person, card),
        linkId: newId<LinkId>(),
        state: 'connected',
        title: '',
        proof,
        claimId: null,
        at,
      });
    await retireLesserLinks(context, trx, { personId: person.personId, ...card }, at);
    await auditLink(trx, person, card, `accounts.connected_by_${proof}`, at);
    await addTellConnected(trx, person.personId, at);
    return true;
  }).catch((error) => {
    if (violatedConstraint(error) === 'account_link_once') return false;
    throw error;
  });
}

/** Nothing is left to decide: the organisation must not refuse what is connected. */
async function withdrawClaim(trx: Transaction, person: SignedIn, card: AccountCard, claimId: ClaimId | null, at: Date) {
  if (!claimId) return;
  const decision = { state: 'withdrawn' as const, by: person.personId, reason: null, at };
  await decideClaimRow(trx, { organisationId: card.providerId, claimId, ...decision });
}

const keysOf = (person: SignedIn, card: AccountCard) => ({
  personId: person.personId,
  houseId: card.houseId,
  accountId: card.accountId,
  providerId: card.providerId,
});

const auditLink = (trx: Transaction, person: SignedIn, card: AccountCard, action: string, at: Date) =>
  audit(trx, {
    actor: person.personId,
    action,
    at,
    subject: person.personId,
    houseId: card.houseId,
    accountId: card.accountId,
  });

/** Sends the request to the organisation's queue; it has a term in working days. */
async function claim(
  context: Context,
  person: SignedIn,
  card: AccountCard,
  { message, formKey }: { message: string; formKey: string },
): Promise<Outcome> {
  const at = context.clock();
  const today = dayIn(CLAIM_ZONE, at);
  const days = await getWholeNumber(context.db, 'claims.answer_days', today, {
    organisationId: card.providerId,
    houseId: card.houseId,
  });
  const dueOn = days > 0 ? await addWorkingDays(context.db, today, days) : addDays(today, 0);
  const [provider] = await readOrganisations(context.db, [card.providerId]);
  const name = provider?.shortName ?? 'организация';
  const pending: Outcome = { kind: 'pending', dueOn, provider: name };
  const make = async (trx: Transaction): Promise<Outcome> => {
    const known = await selectLinkOfAccount(trx, person.personId, card.houseId, card.accountId);
    if (known?.claimId) {
      const dueOn = await addToClaim(trx, card.providerId, known.claimId, message);
      return dueOn ? { ...pending, dueOn } : pending;
    }
    if (known) return pending;
    const [linkId, claimId] = [newId<LinkId>(), newId<ClaimId>()];
    await insertLink(trx, {
      ...keysOf(person, card),
      linkId,
      state: 'pending',
      title: '',
      proof: 'claim',
      claimId,
      at,
    });
    await insertClaim(trx, {
      ...keysOf(person, card),
      organisationId: card.providerId,
      claimId,
      linkId,
      claimantName: person.name,
      message,
      dueOn,
      at,
    });
    await auditLink(trx, person, card, 'accounts.claimed', at);
    await tellClaimed(context, trx, {
      personId: person.personId,
      claimId,
      provider: name,
      number: card.number,
      dueOn,
    });
    return pending;
  };
  const key = `claim ${person.personId} ${card.accountId} ${formKey}`;
  const outcome = await transaction(context.db, (trx) =>
    once(trx, { key, request: { message }, at }, () => make(trx)),
  ).catch((error) => {
    // Asked from two windows at once: one of them has it.
    if (violatedConstraint(error) === 'account_link_once') return pending;
    throw error;
  });
  const link = await selectLinkOfAccount(context.db, person.personId, card.houseId, card.accountId);
  return link?.state === 'pending' ? outcome : { kind: 'answered' };
}

/**
 * Whoever asks again has something to add: the organisation reads all of it, by the first term.
 * @returns that day; null when the claim is open no more
 * @throws Invalid when there is no room for the words
 */
async function addToClaim(
  trx: Transaction,
  organisationId: OrganisationId,
  claimId: ClaimId,
  message: string,
): Promise<Day | null> {
  const claim = await lockOpenClaim(trx, organisationId, claimId);
  if (!claim) return null;
  const said = claim.message === '' ? [] : claim.message.split('\n');
  const added = message.split('\n').filter((line) => line.trim() !== '' && !said.includes(line));
  const whole = [...said, ...added].join('\n');
  if (whole.length > MOST_MESSAGE)
    throw new Invalid([
      {
        field: 'message',
        message: `Ваша заявка уже ждёт ответа. Дописать к ней можно не больше ${Math.max(0, MOST_MESSAGE - claim.message.length - 1)} знаков.`,
      },
    ]);
  if (added.length > 0) await setMessage(trx, { organisationId, claimId, message: whole });
  return claim.dueOn as Day;
}

async function describeCandidates(
  context: Context,
  person: SignedIn,
  cards: readonly AccountCard[],
): Promise<Candidate[]> {
  const houseId = cards[0]!.houseId;
  const [houses, providers] = await Promise.all([
    readHouses(context.db, [houseId]),
    readOrganisations(
      context.db,
      cards.map((card) => card.providerId),
    ),
  ]);
  return Promise.all(
    cards.map(async (card) => ({
      houseId: card.houseId,
      accountId: card.accountId,
      providerId: card.providerId,
      provider: providers.find((one) => one.organisationId === card.providerId)?.shortName ?? '',
      words: KIND_WORDS[card.kind],
      address: houses[0]?.shortAddress ?? '',
      state:
        (await selectLinkOfAccount(context.db, person.personId, card.houseId, card.accountId))?.state ??
        ('free' as const),
    })),
  );
}
