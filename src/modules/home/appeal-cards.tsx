import { ActionCard, plural } from '../../ui/index.ts';

/** S-ACT-7 and the answers to what was sent. */
export function AppealCards({ unread }: { unread: number }) {
  return (
    <>
      <ActionCard
        href="/appeals/new"
        icon="send"
        title="Направить обращение или жалобу"
        text="В управляющую организацию, поставщику или в инспекцию"
      />
      <ActionCard
        href="/appeals"
        icon="message-square-text"
        title="Обращения и ответы на них"
        text={unread > 0 ? undefined : 'Сроки, ответы и жалобы'}
        badge={{
          count: unread,
          label: plural(unread, ['обращение с новостями', 'обращения с новостями', 'обращений с новостями']),
        }}
      />
    </>
  );
}
