/**
 * A desk without a mouse. What a key does stands in the page: `data-key` names the link, button or field that it presses or enters;
 * `data-row` are the links that j and k walk through. Keys are known by their place, so that the Russian layout has the same ones; they
 * are never taken from a field, and can be turned off.
 */
const OFF = 'desk-keys-off';
const NAMES: Readonly<Record<string, string>> = {
  KeyA: 'a',
  KeyJ: 'j',
  KeyK: 'k',
  KeyN: 'n',
  KeyO: 'o',
  KeyR: 'r',
  KeyT: 't',
  KeyU: 'u',
  KeyX: 'x',
  ArrowDown: 'j',
  ArrowUp: 'k',
};

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches('textarea, select, input:not([type=checkbox], [type=radio], [type=submit], [type=button])'));

/** The key as the page names it. */
function nameOf(event: KeyboardEvent): string | null {
  if (event.key === '?' || (event.code === 'Slash' && event.shiftKey)) return '?';
  if (event.shiftKey) return null;
  return event.code === 'Slash' || event.key === '/' ? '/' : (NAMES[event.code] ?? null);
}

class DeskKeys extends HTMLElement {
  #stop = new AbortController();

  connectedCallback() {
    const { signal } = this.#stop;
    for (const hint of this.querySelectorAll<HTMLElement>('[data-keys-hint]')) hint.hidden = false;
    document.addEventListener('keydown', (event) => this.#pressed(event), { signal });
    this.addEventListener('click', (event) => this.#clicked(event), { signal });
    const own = this.#switch;
    if (!own) return;
    own.checked = this.#isOn;
    own.addEventListener('change', () => {
      try {
        if (own.checked) localStorage.removeItem(OFF);
        else localStorage.setItem(OFF, '1');
      } catch {
        // A browser that keeps nothing: the keys stay on.
      }
    });
  }

  disconnectedCallback() {
    this.#stop.abort();
  }

  get #switch() {
    return this.querySelector<HTMLInputElement>('[data-keys-switch]');
  }

  get #isOn(): boolean {
    try {
      return localStorage.getItem(OFF) === null;
    } catch {
      return true;
    }
  }

  #pressed(event: KeyboardEvent) {
    if (event.defaultPrevented || event.altKey || event.metaKey || event.isComposing) return;
    if (event.key === 'Enter' && event.ctrlKey) return this.#press('Ctrl+Enter', event);
    if (event.ctrlKey || document.querySelector('dialog[open]')) return;
    if (isTyping(event.target)) {
      if (event.key === 'Escape') (event.target as HTMLElement).blur();
      return;
    }
    const name = nameOf(event);
    if (!name || (!this.#isOn && name !== '?')) return;
    if (name === '?') return this.#showKeys(event);
    if (name === 'j' || name === 'k') return this.#walk(name === 'j' ? 1 : -1, event);
    if (name === 'o' || name === 'x') return this.#atRow(name, event);
    this.#press(name, event);
  }

  #press(name: string, event: KeyboardEvent) {
    const place = this.querySelector<HTMLElement>(`[data-key="${name}"]`);
    const target = place?.matches('a, button, input, select, textarea')
      ? place
      : place?.querySelector<HTMLElement>('a, button, input:not([type=hidden]), select, textarea');
    if (!target) return;
    event.preventDefault();
    if (target.matches('a, button')) target.click();
    else target.focus();
  }

  get #rows() {
    return [...this.querySelectorAll<HTMLAnchorElement>('a[data-row]')];
  }

  /** The row that the focus is in. */
  get #at(): number {
    const row = document.activeElement?.closest('tr');
    return row ? this.#rows.findIndex((link) => row.contains(link)) : -1;
  }

  #walk(step: number, event: KeyboardEvent) {
    const rows = this.#rows;
    if (rows.length === 0) return;
    event.preventDefault();
    const next = rows[Math.min(rows.length - 1, Math.max(0, this.#at + step))]!;
    next.focus();
    next.scrollIntoView({ block: 'nearest' });
  }

  #atRow(name: 'o' | 'x', event: KeyboardEvent) {
    const link = this.#rows[this.#at];
    if (!link) return;
    event.preventDefault();
    if (name === 'o') link.click();
    else link.closest('tr')?.querySelector<HTMLInputElement>('input[type=checkbox]')?.click();
  }

  #showKeys(event: Event) {
    event.preventDefault();
    this.querySelector<HTMLDialogElement>('dialog#keys')?.showModal();
  }

  #clicked(event: MouseEvent) {
    const target = event.target as Element;
    if (target.closest('[data-key="?"]')) return this.#showKeys(event);
    const all = target.closest<HTMLElement>('[data-pick-all]');
    if (!all || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const on = all.dataset.pickAll === 'on';
    for (const box of this.querySelectorAll<HTMLInputElement>('input[type=checkbox][name^="pick."]')) box.checked = on;
    all.dataset.pickAll = on ? 'off' : 'on';
    all.textContent = on ? 'Снять отметки' : 'Отметить все на странице';
  }
}
customElements.define('desk-keys', DeskKeys);
