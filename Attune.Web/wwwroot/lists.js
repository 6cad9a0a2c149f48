// What lists and their filters need of the browser before the server can answer. It listens on the document, so that nothing has to
// be told when a page comes or goes.

// The combobox (Lists/Combobox): its keys do nothing else, and what belongs to it leaves the focus in its field.
document.addEventListener('keydown', event => {
  const box = event.target.closest?.('[role="combobox"][aria-controls]');
  if (!box || event.isComposing) {
    return;
  }
  const isOpen = box.getAttribute('aria-expanded') === 'true';
  if (['ArrowDown', 'ArrowUp', 'Enter'].includes(event.key) || (event.key === 'Escape' && isOpen)) {
    event.preventDefault();
  }
}, true);

document.addEventListener('mousedown', event => {
  const keeper = event.target.closest?.('[data-keeps-focus]');
  if (keeper) {
    event.preventDefault();
    document.getElementById(keeper.dataset.keepsFocus)?.focus();
  }
});

new MutationObserver(changes => {
  for (const { target } of changes) {
    document.getElementById(target.getAttribute('aria-activedescendant'))?.scrollIntoView({ block: 'nearest' });
  }
}).observe(document, { subtree: true, attributeFilter: ['aria-activedescendant'] });
