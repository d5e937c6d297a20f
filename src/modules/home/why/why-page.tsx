import type { ComponentChildren } from 'preact';
import {
  Actions,
  ButtonLink,
  Card,
  EmptyState,
  PageTitle,
  Stack,
  Timeline,
  type TimelineItem,
} from '../../../ui/index.ts';
import { OrganisationContacts } from '../find-page.tsx';
import { stepMissing, type WhyCase, type WhyStep } from './why.ts';

const LOOKS: Readonly<Record<WhyStep['state'], TimelineItem['state']>> = {
  done: 'done',
  waiting: 'current',
  missing: 'refused',
  unknown: 'future',
};

interface WhyPageProps {
  title: string;
  lead: string;
  cases: readonly WhyCase[];
  /** When there is nothing to look at: what to do first. */
  empty?: { title: string; words: string; action: { href: string; label: string } } | undefined;
  /** The choice of the address, and other reasons. */
  children?: ComponentChildren;
}

/** «Почему я не могу…»: for each blocked thing which step is missing, who must do it and by when, and the appeal about it. */
export function WhyPage({ title, lead, cases, empty, children }: WhyPageProps) {
  return (
    <Stack>
      <PageTitle kicker="Почему не получается" lead={lead}>
        {title}
      </PageTitle>
      {sorted(cases).map((one) => (
        <CaseCard key={one.key} one={one} />
      ))}
      {cases.length === 0 && empty && (
        <EmptyState title={empty.title} action={empty.action}>
          {empty.words}
        </EmptyState>
      )}
      {children}
      <OtherReasons title={title} />
    </Stack>
  );
}

/** What is blocked comes first. */
const sorted = (cases: readonly WhyCase[]): WhyCase[] =>
  [...cases].sort((a, b) => Number(isBlocked(b)) - Number(isBlocked(a)));
const isBlocked = ({ steps }: WhyCase): boolean => steps.some(({ state }) => state === 'missing');

/** Where nothing is blocked the steps are folded: of ten accounts one is looked for. */
function Steps({ one, items }: { one: WhyCase; items: readonly TimelineItem[] }) {
  if (isBlocked(one)) return <Timeline items={items} />;
  return (
    <details>
      <summary>Показать шаги</summary>
      <Timeline items={items} />
    </details>
  );
}

function CaseCard({ one }: { one: WhyCase }) {
  const missing = stepMissing(one);
  return (
    <Card title={one.title} note={noteOf(missing)}>
      <Stack>
        <Steps
          one={one}
          items={one.steps.map(({ title, state, words, source }) => ({
            title,
            text: (words || source) && (
              <>
                {words && <p>{words}</p>}
                {source && <p class="quiet">{source}</p>}
              </>
            ),
            state: LOOKS[state],
          }))}
        />
        {(one.appeal || one.next) && (
          <Actions>
            {one.appeal && (
              <ButtonLink href={one.appeal} icon="send">
                Написать обращение об этом
              </ButtonLink>
            )}
            {one.next && (
              <ButtonLink kind={one.appeal ? 'secondary' : 'primary'} href={one.next.href}>
                {one.next.label}
              </ButtonLink>
            )}
          </Actions>
        )}
        {missing && one.contacts && (
          <details>
            <summary>Или позвоните</summary>
            <OrganisationContacts organisation={one.contacts} />
          </details>
        )}
      </Stack>
    </Card>
  );
}

const noteOf = (step: WhyStep | null): string => {
  if (!step) return 'Ничего не мешает';
  return step.state === 'waiting' ? (step.words ?? step.title) : `Не хватает: ${lower(step.title)}`;
};
const lower = (words: string): string => words.charAt(0).toLowerCase() + words.slice(1);

export const REASONS = [
  { href: '/why/house', label: 'Почему моего дома нет в кабинете' },
  { href: '/why/account', label: 'Почему не подключается лицевой счёт' },
  { href: '/why/bill', label: 'Почему нет квитанции' },
  { href: '/why/reading', label: 'Почему не передать показания' },
] as const;

const OtherReasons = ({ title }: { title: string }) => (
  <Card title="Другие вопросы">
    <ul>
      {REASONS.filter(({ label }) => label !== title).map(({ href, label }) => (
        <li key={href}>
          <a href={href}>{label}</a>
        </li>
      ))}
      <li>
        <a href="/support?about=organisation">Не нахожу организацию: написать в поддержку</a>
      </li>
    </ul>
  </Card>
);
