import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { describe, expect, test } from 'vitest';
import { TOKEN_FIELD } from '../platform/http/csrf.ts';
import { ticks } from './chart.tsx';
import {
  AddressSearch,
  Balance,
  Button,
  Copy,
  CSRF_FIELD,
  DefinitionList,
  EmptyState,
  ErrorSummary,
  Field,
  Form,
  fieldId,
  Layout,
  ORDINARY_VISION,
  Pager,
  renderPage,
  Table,
} from './index.ts';

const EVIL = `"><script>alert('1')</script>`;
const html = (node: VNode) => renderToString(node);
const page = (children: VNode, more = {}) => (
  <Layout title="Проба" viewer={null} nav={[]} vision={ORDINARY_VISION} demo={false} path="/x?a=1&b=2" {...more}>
    {children}
  </Layout>
);

describe('escaping', () => {
  test.each([
    ['text', <Field key="" kind="text" name="a" label={EVIL} value={EVIL} error={EVIL} hint={EVIL} />],
    ['long text', <Field key="" kind="text" rows={3} name="a" label="А" value={`</textarea>${EVIL}`} />],
    [
      'select',
      <Field key="" kind="choice" as="select" name={EVIL} label="А" options={[{ value: EVIL, label: EVIL }]} />,
    ],
    ['address', <AddressSearch key="" action="/" query={EVIL} results={[{ id: EVIL, label: EVIL, hint: EVIL }]} />],
    ['copy', <Copy key="" text={EVIL} what={EVIL} />],
    ['errors', <ErrorSummary key="" errors={[{ field: EVIL, message: EVIL }]} />],
    ['page', page(<p>{EVIL}</p>, { title: EVIL, viewer: { name: EVIL, csrfToken: EVIL }, actingAs: EVIL, demo: true })],
  ])('%s holds what users typed as text', (_name, node) => {
    const text = renderPage(node as VNode);
    expect(text).not.toContain('<script>alert');
    expect(text).not.toContain('</textarea>"');
  });

  test('typed text does not load a script', () => {
    expect(renderPage(page(<p>{'<copy-button text="1">'}</p>))).not.toContain('copy-button.js');
  });
});

describe('page', () => {
  test('loads the scripts of the elements it uses, once each, of the same version', () => {
    const text = renderPage(
      page(
        <p>
          <Copy text="1" what="номер" />
          <Copy text="2" what="номер" />
        </p>,
        { elements: ['map'], assetsVersion: 'abc1' },
      ),
    );
    expect(text.match(/<script[^>]*src="[^"]*"/g)).toEqual([
      '<script type="module" src="/assets/map.js?v=abc1"',
      '<script type="module" src="/assets/copy-button.js?v=abc1"',
    ]);
    expect(text).toContain('href="/assets/styles.css?v=abc1"');
  });

  test('has no inline script or style, which the policy would block', () => {
    const text = renderPage(page(<Button>Да</Button>));
    expect(text).not.toMatch(/ style="| on[a-z]+="|<style/);
    expect(text.startsWith('<!doctype html><html lang="ru">')).toBe(true);
  });

  test('the first link after the skip link is the low-vision version, and it leads back here', () => {
    const links = [...renderPage(page(<p />)).matchAll(/<a [^>]*href="([^"]*)"/g)].map((match) => match[1]);
    expect(links.slice(0, 2)).toEqual(['#content', '/vision?returnTo=%2Fx%3Fa%3D1%26b%3D2']);
  });

  test('reloads by itself only without script', () => {
    const text = renderPage(page(<p />, { refreshSeconds: 5 }));
    expect(text).toContain('<noscript><meta http-equiv="refresh" content="5"/></noscript>');
  });

  test('says that the data are invented, and for whom the viewer acts', () => {
    const viewer = { name: 'Петрова А. И.', csrfToken: 't' };
    const text = renderPage(page(<p />, { demo: true, viewer, actingAs: 'ООО «Дом»' }));
    expect(text).toContain('Демонстрационные данные');
    expect(text).toContain('Вы действуете как <b>ООО «Дом»</b>');
    expect(renderPage(page(<p />, { actingAs: 'ООО «Дом»' }))).not.toContain('Вы действуете');
  });
});

describe('fields', () => {
  test('the name of the token is the one the server looks for', () => expect(CSRF_FIELD).toBe(TOKEN_FIELD));

  test('label, hint, unit and error are tied to the control', () => {
    const text = html(
      <Field kind="number" name="readings.0.t1" label="Т1" unit="м³" hint="Было 5" error="Мало" value="4,9" />,
    );
    expect(text).toContain('for="field-readings-0-t1"');
    expect(text).toContain(
      'aria-describedby="field-readings-0-t1-hint field-readings-0-t1-error field-readings-0-t1-unit"',
    );
    expect(text).toContain('aria-invalid="true"');
    expect(text).toContain('value="4,9"');
  });

  test('an error links to its field', () => {
    expect(html(<ErrorSummary errors={[{ field: 'a[b]', message: 'Нет' }]} />)).toContain(`href="#${fieldId('a[b]')}"`);
    expect(html(<ErrorSummary errors={[]} />)).toBe('');
  });

  test('a choice keeps what was chosen; its first control has the id the error links to', () => {
    const options = ['1', '2', '3'].map((value) => ({ value, label: value }));
    const text = html(<Field kind="choice" as="checkbox" name="c" label="С" options={options} value={['1', '3']} />);
    expect(text.match(/<input[^>]*>/g)?.map((input) => / checked/.test(input))).toEqual([true, false, true]);
    expect(text).toMatch(/id="field-c" type="checkbox"/);
  });

  test('a password never comes back', () => {
    expect(html(<Field kind="text" type="password" name="p" label="Пароль" value="secret" />)).not.toContain('secret');
  });

  test('a form carries its token and its key, and is guarded against a double click', () => {
    const text = html(
      <Form action="/pay" csrf="tok" idempotencyKey="key" hidden={{ order: '7' }}>
        <Button>Оплатить</Button>
      </Form>,
    );
    expect(text).toMatch(/^<submit-once><form .*method="post"/);
    for (const pair of ['name="_token" value="tok"', 'name="_key" value="key"', 'name="order" value="7"'])
      expect(text).toContain(pair);
  });
});

describe('words', () => {
  test('a debt and an advance have a sign and a word', () => {
    expect(html(<Balance owed={100n} />)).toMatch(/Долг .*−1,00/);
    expect(html(<Balance owed={-100n} />)).toMatch(/Переплата .*\+1,00/);
    expect(html(<Balance owed={0n} />)).toContain('Долга нет');
  });

  test('an empty value says so, zero does not', () => {
    const text = html(
      <DefinitionList
        items={[
          { term: 'Телефон', value: '' },
          { term: 'Этаж', value: 0 },
        ]}
      />,
    );
    expect(text.match(/Информация не указана/g)).toHaveLength(1);
  });

  test('a table without rows is its empty state', () => {
    const empty = <EmptyState title="Пусто" />;
    const text = html(<Table caption="Т" columns={[]} rows={[]} rowKey={String} empty={empty} />);
    expect(text).toContain('Пусто');
    expect(text).not.toContain('<table');
  });

  test('a pager with nowhere to go is nothing', () => expect(html(<Pager label="П" />)).toBe(''));
});

test('steps of an axis reach the highest value and stay few', () => {
  for (const highest of [0, 0.07, 1, 3, 9.9, 10, 137, 6540, 99_999]) {
    const steps = ticks(highest);
    expect(steps[0]).toBe(0);
    expect(steps.at(-1)!).toBeGreaterThanOrEqual(highest);
    expect(steps.length).toBeLessThanOrEqual(5);
  }
});
