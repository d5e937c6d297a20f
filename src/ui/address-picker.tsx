/** Two ways to an address: one line with hints, or step by step from the region down. Presentational: knows no addresses. */
import type { ComponentChildren } from 'preact';
import { Button } from './button.tsx';
import { Field } from './field.tsx';
import { Form } from './form.tsx';
import { Icon } from './icon.tsx';

export interface AddressResult {
  id: string;
  /** The address in one line. */
  label: string;
  /** A second line: the organisation, «нет в системе». */
  hint?: string;
  /** The house's page; without it the choice is sent with the form. */
  href?: string;
}

interface AddressLineProps {
  /** Name of the text; the chosen id goes under `choiceName`. */
  name?: string;
  choiceName?: string;
  label?: string;
  hint?: ComponentChildren;
  error?: string | undefined;
  required?: boolean;
  query?: string;
  /** What the search found; leave out before the first search. */
  results?: readonly AddressResult[] | undefined;
  /** Answers `{ results: AddressResult[] }` as JSON to `?q=`. */
  src?: string;
  /** Where «Найти» sends the form when it is not the form's own address. */
  findAction?: string;
  /** Stands where nothing was found: what to do next. */
  nothing?: ComponentChildren;
}

/** The line with its button and results, to stand inside any form. With script it hints while one types. */
export function AddressLine(props: AddressLineProps) {
  const {
    name = 'q',
    choiceName = 'address',
    label = 'Адрес',
    query,
    results,
    src = '/addresses/search',
    findAction,
  } = props;
  return (
    <address-search src={src} choice={choiceName}>
      <div class="address-line">
        <Field
          kind="text"
          type="search"
          autocomplete="off"
          {...{ name, label, value: query, error: props.error, required: props.required ?? false }}
          hint={props.hint ?? 'Улица и дом, например: Милашенкова 12'}
        />
        <Button icon="search" kind="secondary" name="find" value="1" {...(findAction && { formAction: findAction })}>
          Найти
        </Button>
      </div>
      {results && <Results results={results} choiceName={choiceName} nothing={props.nothing} />}
    </address-search>
  );
}

function Results({
  results,
  choiceName,
  nothing,
}: {
  results: readonly AddressResult[];
  choiceName: string;
  nothing: ComponentChildren;
}) {
  if (results.length === 0) {
    return (
      <div class="address-results address-results--none" role="status">
        <p>
          <b>Такого адреса не нашлось.</b> Проверьте название улицы и номер дома или выберите адрес по шагам.
        </p>
        {nothing}
      </div>
    );
  }
  return (
    <ul class="address-results" aria-label="Найденные адреса">
      {results.map(({ id, label, hint, href }) => {
        const words = (
          <span>
            {label}
            {hint && <span class="address-results__hint">{hint}</span>}
          </span>
        );
        return (
          <li key={id}>
            {href ? (
              <a href={href}>
                <Icon name="map-pin" />
                {words}
              </a>
            ) : (
              <button type="submit" name={choiceName} value={id}>
                <Icon name="map-pin" />
                {words}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** The line as a form of its own. */
export function AddressSearch({ action, ...line }: AddressLineProps & { action: string }) {
  return (
    <search>
      <Form action={action} method="get">
        <AddressLine {...line} />
      </Form>
    </search>
  );
}

export interface AddressLevel {
  key: string;
  /** «Субъект РФ», «Район», «Город»… */
  label: string;
  /** «Выберите район». */
  placeholder: string;
  options: readonly { value: string; label: string }[];
  selected?: string | undefined;
  /** The level above is not chosen yet, or this place has no such level. */
  disabled?: boolean;
  /** The same page without this level and those below it: the ✕. */
  clearHref?: string | undefined;
}

interface AddressLevelsProps {
  action: string;
  levels: readonly AddressLevel[];
  hidden?: Readonly<Record<string, string>>;
  /** What follows from the choice: the postal index, the municipality. */
  found?: readonly { label: string; value: string }[];
  /** The address is whole: «Выбрать» sends it to `chooseAction`. */
  complete: boolean;
  chooseAction: string;
  cancelHref: string;
  /** More fields under the levels. */
  children?: ComponentChildren;
}

/** The chain of levels: the server fills each from the one above. «Дальше» works without script; with it a choice refills the rest. */
export function AddressLevels({
  action,
  levels,
  hidden,
  found = [],
  complete,
  chooseAction,
  cancelHref,
  children,
}: AddressLevelsProps) {
  return (
    <address-levels>
      <Form action={action} method="get" label="Выбор адреса по шагам" {...(hidden && { hidden })}>
        <div class="levels">
          {levels.map(({ key, label, placeholder, options, selected, disabled, clearHref }) => (
            <div class="level" key={key}>
              <Field
                kind="choice"
                as="select"
                name={key}
                {...{ label, placeholder, options, disabled: disabled ?? false }}
                value={selected}
              />
              {clearHref && (
                <a class="level__clear" href={clearHref}>
                  <Icon name="x" />
                  <span>
                    Очистить<span class="visually-hidden">: {label}</span>
                  </span>
                </a>
              )}
            </div>
          ))}
          {children}
        </div>
        {found.length > 0 && (
          <p class="levels__found" role="status">
            {found.map(({ label, value }) => (
              <span key={label}>
                {label}: <b>{value}</b>
              </span>
            ))}
          </p>
        )}
        <div class="actions">
          {complete && <Button formAction={chooseAction}>Выбрать</Button>}
          <Button kind={complete ? 'secondary' : 'primary'}>Дальше</Button>
          <a href={cancelHref}>Отменить</a>
        </div>
      </Form>
    </address-levels>
  );
}
