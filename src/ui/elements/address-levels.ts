/** Refills the levels below the one just chosen from the same page that «Дальше» would open, and keeps the focus. */
class AddressLevels extends HTMLElement {
  connectedCallback() {
    this.addEventListener('change', (event) => {
      if (!(event.target instanceof HTMLSelectElement) || !event.target.form) return;
      const { form } = event.target;
      // What was typed beside the levels is answered by the whole page, not by the levels alone.
      const typed = [...form.elements].some((one) => one instanceof HTMLInputElement && one.value !== one.defaultValue);
      if (typed) form.requestSubmit();
      else this.#refill(event.target, form);
    });
  }

  async #refill(changed: HTMLSelectElement, form: HTMLFormElement) {
    const address = new URL(form.action);
    address.search = new URLSearchParams(new FormData(form) as unknown as Record<string, string>).toString();
    this.setAttribute('aria-busy', 'true');
    try {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const fresh = page.querySelector('address-levels');
      if (!fresh) throw new Error('no levels');
      this.replaceChildren(...fresh.childNodes);
      document.getElementById(changed.id)?.focus();
    } catch {
      form.requestSubmit();
    }
    this.removeAttribute('aria-busy');
  }
}
customElements.define('address-levels', AddressLevels);
