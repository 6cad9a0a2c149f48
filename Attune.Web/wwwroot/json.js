// What a JSON view needs of the browser: the arrow keys among its rows, and the menu of a leaf.

export function open(menu) {
  const leaf = menu.closest('[data-json-view]')?.querySelector('[data-current]');
  if (!leaf) {
    return;
  }
  leaf.focus({ preventScroll: true });
  menu.showPopover();
  const place = leaf.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  menu.style.left = `${Math.max(8, Math.min(place.left, innerWidth - width - 8))}px`;
  menu.style.top = `${place.bottom + 4 + height < innerHeight ? place.bottom + 4 : Math.max(8, place.top - height - 4)}px`;
  menu.querySelector('[role="menuitem"]')?.focus();
}

function go(items, from, key) {
  const at = items.indexOf(from);
  const to = key === 'Home' ? 0 : key === 'End' ? items.length - 1 : at + (key === 'ArrowDown' ? 1 : -1);
  return items[(to + items.length) % items.length];
}

document.addEventListener('keydown', event => {
  const item = event.target.closest?.('[data-leaf-menu] [role="menuitem"]');
  const row = event.target.closest?.('[data-json] button, [data-json] [data-leaf]');
  if (item) {
    const menu = item.closest('[data-leaf-menu]');
    if (['ArrowDown', 'ArrowUp', 'Home', 'End'].includes(event.key)) {
      event.preventDefault();
      go([...menu.querySelectorAll('[role="menuitem"]')], item, event.key).focus();
    } else if (event.key === 'Tab') {
      menu.hidePopover();
    }
  } else if (row && !event.ctrlKey && !event.altKey && !event.metaKey) {
    const rows = [...row.closest('[data-json]').querySelectorAll('button, [data-leaf]')];
    if (['ArrowDown', 'ArrowUp', 'Home', 'End'].includes(event.key)) {
      event.preventDefault();
      const next = go(rows, row, event.key);
      rows.forEach(one => { one.tabIndex = one === next ? 0 : -1; });
      next.focus();
    } else if ((event.key === 'ArrowRight' && row.ariaExpanded === 'false') || (event.key === 'ArrowLeft' && row.ariaExpanded === 'true')) {
      event.preventDefault();
      row.click();
    } else if (row.matches('[data-leaf]') && (['Enter', ' ', 'ContextMenu'].includes(event.key) || (event.key === 'F10' && event.shiftKey))) {
      event.preventDefault();
      row.click();
    }
  }
});

// Who marks a text wants it, and no menu.
addEventListener('click', event => {
  if (event.target.closest?.('[data-leaf]') && event.detail > 0 && getSelection().type === 'Range') {
    event.stopImmediatePropagation();
  }
  event.target.closest?.('[data-leaf-menu] [role="menuitem"]')?.closest('[data-leaf-menu]').hidePopover();
}, true);
