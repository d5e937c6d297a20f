/** Opens a native dialog instead of following the link to the page that asks the same. */
class DialogOpen extends HTMLElement {
  connectedCallback() {
    this.addEventListener('click', (event) => {
      const dialog = document.getElementById(this.getAttribute('dialog') ?? '');
      if (!(dialog instanceof HTMLDialogElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      dialog.showModal();
    });
  }
}
customElements.define('dialog-open', DialogOpen);
