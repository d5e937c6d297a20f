import {
  Button,
  Card,
  Chosen,
  DefinitionList,
  errorOf,
  Field,
  formatNumericDate,
  Stack,
} from '../../../../ui/index.ts';
import { AUTHOR_STATES } from '../../appeal.ts';
import { LIMITS } from '../../draft.ts';
import { topicWords } from '../../list-topics.ts';
import { OTHER_TOPIC } from '../../topics.ts';
import type { PartProps } from './form-page.tsx';
import { SimilarNotice, TermWords } from './notices.tsx';
import type { FormView } from './read-form.ts';

/** «Информация об обращении» (S-APP-7…15). */
export function Subject({ view, values, errors }: PartProps) {
  const { draft, topic, addressee, homes, zone } = view;
  return (
    <Card title="Информация об обращении">
      <Stack>
        <DefinitionList
          compact
          items={[
            { term: 'Статус обращения:', value: AUTHOR_STATES.draft },
            { term: 'Дата создания обращения:', value: formatNumericDate(draft.createdAt, zone) },
          ]}
        />
        <Chosen
          name="address"
          label="Адрес дома/территории"
          required
          icon="map-pin"
          value={draft.address}
          empty="Адрес не выбран"
          action={{ choose: 'Выбрать адрес', change: 'Изменить адрес' }}
          submit={{ name: 'go', value: 'address' }}
          error={errorOf(errors, 'address')}
        >
          <OwnHomes view={view} />
        </Chosen>
        <Field
          kind="text"
          name="flat"
          label="Номер помещения"
          short
          maxLength={LIMITS.flat}
          hint={homes.length > 0 || !draft.isTerritory ? 'Квартира или комната, если вопрос о ней' : undefined}
          value={values.flat}
          error={errorOf(errors, 'flat')}
        />
        <Chosen
          name="municipality"
          label="Муниципальное образование"
          required
          icon="map"
          value={draft.municipality}
          empty={draft.address ? 'По адресу не определилось: выберите сами' : 'Заполнится по адресу'}
          action={{ choose: 'Выбрать', change: 'Изменить' }}
          submit={{ name: 'go', value: 'municipality' }}
          error={errorOf(errors, 'municipality')}
        />
        <Chosen
          name="topic"
          label="Тема обращения"
          required
          icon="list"
          value={topic && topicWords(topic)}
          empty="Тема не выбрана"
          action={{ choose: 'Выбрать тему', change: 'Изменить тему' }}
          submit={{ name: 'go', value: 'topic' }}
          error={errorOf(errors, 'topic')}
        />
        {(draft.topicCode === OTHER_TOPIC || values.ownTopic !== '') && (
          <Field
            kind="text"
            name="ownTopic"
            label="Другая тема"
            required={draft.topicCode === OTHER_TOPIC}
            maxLength={LIMITS.ownTopic}
            hint="Назовите тему своими словами"
            value={values.ownTopic}
            error={errorOf(errors, 'ownTopic')}
          />
        )}
        <SimilarNotice similar={view.similar} draft={draft} />
        <Chosen
          name="addressee"
          label="Адресат обращения"
          required
          icon="briefcase"
          value={addressee?.name}
          empty={draft.address && draft.topicCode ? 'Адресат не выбран' : 'Подберём по адресу и теме'}
          action={{ choose: 'Выбрать адресата', change: 'Изменить адресата' }}
          submit={{ name: 'go', value: 'addressee' }}
          hint={addressee ? (addressee.why ?? addressee.role) : undefined}
          error={errorOf(errors, 'addressee')}
        >
          <button class="link-button" type="submit" name="go" value="search">
            Расширенный поиск
          </button>
        </Chosen>
        {addressee && <TermWords term={addressee.term} />}
      </Stack>
    </Card>
  );
}

/** Homes of the connected accounts: one tap instead of the address window. */
function OwnHomes({ view: { homes, draft } }: { view: FormView }) {
  const others = homes
    .map((home, index) => ({ ...home, index }))
    .filter((home) => home.fiasGuid !== draft.fiasGuid || home.flat !== draft.flat);
  if (others.length === 0) return null;
  return (
    <div class="tap-choices">
      {others.slice(0, 6).map(({ label, index }) => (
        <Button key={index} kind="secondary" icon="house" name="go" value={`home.${index}`}>
          {label}
        </Button>
      ))}
    </div>
  );
}
