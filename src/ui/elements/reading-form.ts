import { type DialFacts, sumReading } from '../reading-sum.ts';

/** Says consumption and price while one types; the server says the same after saving. */
class ReadingForm extends HTMLElement {
  connectedCallback() {
    this.addEventListener('input', (event) => this.#say(event.target as Element));
    // Values that a browser restores, or that the page brought back.
    for (const dial of this.querySelectorAll('[data-dial]')) this.#say(dial);
  }

  #say(target: Element) {
    const dial = target.closest<HTMLElement>('[data-dial]');
    const output = dial?.querySelector('output');
    if (!dial || !output) return;
    const facts = JSON.parse(dial.dataset.dial ?? '') as DialFacts;
    const typed = [...dial.querySelectorAll<HTMLInputElement>('.dial__values input')].map((input) => input.value);
    output.value = words(facts, sumReading(facts, typed));
  }
}

function words(facts: DialFacts, sum: ReturnType<typeof sumReading>): string {
  if (!sum) return '';
  if (sum.fell) return 'Меньше прошлого показания. Проверьте цифры.';
  const used = `${sum.rolledOver ? 'Счётчик прошёл через ноль? Тогда расход' : 'Расход'} ${sum.volume}\u00a0${facts.unit}`;
  if (sum.kopecks === null) return used;
  const rubles = (sum.kopecks / 100n).toString().replace(/\B(?=(\d{3})+$)/g, '\u202f');
  const cents = (sum.kopecks % 100n).toString().padStart(2, '0');
  return `${used}, примерно ${rubles},${cents}\u00a0₽ по тарифу за ${facts.month}`;
}
customElements.define('reading-form', ReadingForm);
