import type { Actor } from '../../platform/access.ts';
import type { Context } from '../../platform/context.ts';
import { type FieldError, Invalid } from '../../platform/errors.ts';
import { formatDate } from '../../ui/index.ts';
import { readOrganisation } from '../organisations/index.ts';
import { type Answer, OUTCOMES, type PartState } from './appeal.ts';
import { changePart, closePart, happened, isOfAuthor, type PartInHand, requireOpen } from './change-part.ts';
import { writeToAll, writeToOrganisation } from './letters.ts';
import { appealFilePath, territoryAppealPath } from './paths.ts';
import { selectAnswers, selectFiles, selectParts } from './queries/read-appeals.ts';
import { updateAnswer, updateAppeal } from './queries/write-appeals.ts';
import { ensureRegistered } from './register-appeal.ts';
import { askerOf } from './request-information.ts';
import { type DraftKey, requireDraft } from './save-answer.ts';

const LONGEST_NUMBER = 35;

/**
 * Sends a draft: to the author's cabinet and e-mail and to those who joined; the answer to a request goes to the inspectorate alone.
 * @throws Conflict when the part is closed meanwhile (answered by a colleague, withdrawn); Invalid when the draft lacks something
 */
export async function sendAnswer(
  context: Context,
  actor: Actor,
  input: DraftKey & { key: string },
): Promise<{ number: string; state: PartState }> {
  const { houseId, appealId, partId, answerId, key } = input;
  return changePart(context, actor, input, {
    name: 'send-answer',
    isNews: isOfAuthor,
    form: { key, request: { houseId, appealId, partId, answerId } },
    async run(opened) {
      requireOpen(opened, 'requests too');
      const draft = await requireDraft(opened, answerId);
      refuseIncomplete(draft, opened.part.kind);
      const hand = await ensureRegistered(opened);
      const number = draft.number || (await makeNumber(hand));
      const { trx, at, today, by } = hand;
      await updateAnswer(
        trx,
        { houseId, answerId },
        {
          state: 'sent',
          number,
          answered_on: today,
          outcome: draft.outcome ?? 'explained',
          performer_name: by.name,
          sent_at: at,
          changed_at: at,
        },
      );
      const answer: Answer = { ...draft, number, outcome: draft.outcome ?? 'explained', performerName: by.name };
      await (hand.part.kind === 'request' ? answerRequest(hand, answer) : answerAuthor(hand, answer));
      return { number, state: draft.interim ? 'in_work' : 'executed' };
    },
  });
}

/** A request asks for information: it has no outcome. */
function refuseIncomplete({ outcome, text }: Answer, kind: 'appeal' | 'request'): void {
  const fields: FieldError[] = [];
  if (!outcome && kind === 'appeal') fields.push({ field: 'outcome', message: 'Выберите, чем закончилось обращение' });
  if (!text.trim()) fields.push({ field: 'text', message: 'Напишите текст ответа' });
  if (fields.length > 0) throw new Invalid(fields);
}

async function makeNumber({ trx, appeal }: PartInHand): Promise<string> {
  const sent = (await selectAnswers(trx, appeal)).filter(({ state }) => state === 'sent').length;
  return `Исх-${appeal.number}${sent > 0 ? `/${sent + 1}` : ''}`.slice(0, LONGEST_NUMBER);
}

async function answerAuthor(hand: PartInHand, answer: Answer): Promise<void> {
  const { answerId, number, outcome, interim } = answer;
  await happened(hand, { kind: 'answered', details: { answerId, number, outcome, interim } });
  if (!interim) {
    await closePart(hand, 'executed');
    // What the author said of the answer before does not speak of this one.
    const { houseId, appealId } = hand.appeal;
    await updateAppeal(hand.trx, { houseId, appealId }, { assessment: null, fixed: null, fixed_asked_at: null });
  }
  await writeAnswerLetter(hand, answer);
}

async function writeAnswerLetter(hand: PartInHand, answer: Answer): Promise<void> {
  const { context, trx, today, appeal, organisationId } = hand;
  const organisation = await readOrganisation(trx, organisationId);
  const files = (await selectFiles(trx, appeal)).filter(({ answerId }) => answerId === answer.answerId);
  const { PUBLIC_URL } = context.config;
  const links = files.map(({ fileId, name }) => ({
    label: `Файл «${name}»`,
    url: `${PUBLIC_URL}${appealFilePath(appeal, fileId)}`,
  }));
  const post = [answer.performerPost, answer.performerName].filter(Boolean).join(', ');
  await writeToAll(context, trx, appeal, {
    subject: `${answer.interim ? 'Промежуточный ответ' : 'Ответ'} на обращение № ${appeal.number}`,
    answerId: answer.answerId,
    links,
    lines: [
      `${organisation?.short_name ?? ''}: ответ № ${answer.number} от ${formatDate(today)} Итог: ${OUTCOMES[answer.outcome!].toLowerCase()}.`,
      answer.text,
      post,
      links.length > 0 ? 'К ответу приложены файлы: чтобы их открыть, нужно войти в кабинет.' : '',
      answer.interim ? 'Это не последний ответ: обращение остаётся в работе.' : '',
    ].filter(Boolean),
    ...(!answer.interim && {
      forAuthor:
        'Оцените ответ в кабинете. Если вопрос не решён, там же можно вернуть обращение в работу или пожаловаться выше.',
    }),
  });
}

/** The body that asked is told; the author is not. */
async function answerRequest(hand: PartInHand, { answerId, number }: Answer): Promise<void> {
  const { context, trx, at, appeal, part } = hand;
  await happened(hand, { kind: 'request_answered', internal: true, details: { answerId, number } });
  await closePart(hand, 'executed');
  const asker = await askerOf(trx, appeal, part, await selectParts(trx, appeal));
  if (asker)
    await writeToOrganisation(
      context,
      trx,
      asker,
      {
        subject: `Сведения по обращению № ${appeal.number}`,
        lines: [`На ваш запрос ответили: № ${number}.`],
        path: territoryAppealPath(appeal),
      },
      at,
    );
}
