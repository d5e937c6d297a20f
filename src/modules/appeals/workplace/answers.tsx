import { Card, DefinitionList, formatDate, Status, TypedText } from '../../../ui/index.ts';
import { type Answer, type AppealKey, type AppealWhole, OUTCOMES } from '../appeal.ts';
import type { AppealAtDesk } from '../open-at-desk.ts';
import { Files } from './files.tsx';

interface SentAnswersProps {
  /** The appeal whose page this is: addresses of files name it, also those of the appeal before it. */
  of: AppealKey;
  whole: AppealWhole;
  names: AppealAtDesk['names'];
  files: AppealAtDesk['files'];
  level?: 2 | 3;
}

/** Answers that were sent, as their readers see them. */
export function SentAnswers({ of, whole, names, files, level = 2 }: SentAnswersProps) {
  const sent = whole.answers.filter(({ state }) => state === 'sent');
  const authorOf = ({ partId }: Answer) =>
    names.get(whole.parts.find((part) => part.partId === partId)!.organisationId) ?? '';
  return (
    <>
      {sent.map((answer) => (
        <Card
          key={answer.answerId}
          level={level}
          title={answer.interim ? 'Промежуточный ответ' : 'Ответ'}
          note={`№ ${answer.number} от ${formatDate(answer.answeredOn!)}, ${authorOf(answer)}`}
          aside={answer.outcome && <Status tone="info">{OUTCOMES[answer.outcome]}</Status>}
        >
          <TypedText>{answer.text}</TypedText>
          <Files
            label="Файлы ответа"
            of={of}
            shown={whole.files.filter(({ answerId }) => answerId === answer.answerId)}
            files={files}
          />
          <DefinitionList
            items={[
              { term: 'Ответил', value: [answer.performerPost, answer.performerName].filter(Boolean).join(', ') },
            ]}
          />
        </Card>
      ))}
    </>
  );
}
