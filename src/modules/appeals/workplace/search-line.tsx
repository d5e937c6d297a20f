import { Button } from '../../../ui/index.ts';
import { DESK } from './queue-query.ts';

/** The search over all appeals of the desk, open and closed: by number or by words. */
export const SearchLine = ({ text = '' }: { text?: string }) => (
  <search class="search-line">
    <form action={`${DESK}/search`} method="get">
      <label class="visually-hidden" for="desk-search">
        Номер обращения или слова
      </label>
      <input
        class="input"
        id="desk-search"
        type="search"
        name="q"
        value={text}
        maxLength={200}
        placeholder="Номер, адрес, фамилия или слова"
        autocomplete="off"
        data-key="/"
      />
      <Button kind="secondary" icon="search">
        Найти
      </Button>
    </form>
  </search>
);
