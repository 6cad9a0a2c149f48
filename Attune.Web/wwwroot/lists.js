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

// Rows. Those of a list say where they lead (data-href), so that a click anywhere in one opens it; what was pressed is what opens, even
// when rows have moved since.
const addressOf = (row, name) => row?.dataset[name] && new URL(row.dataset[name], document.baseURI).href;
const rowOf = element => element.closest?.('tr[data-href]');
const isControl = element => element.closest?.('a, button, input, label, select, summary, textarea, [role="switch"]');
let pressed = null;
let pressedAt = [0, 0];

const go = address => window.Blazor.navigateTo(address);

document.addEventListener('pointerdown', event => {
  pressed = rowOf(event.target);
  pressedAt = [event.clientX, event.clientY];
}, true);

// A click belongs to the row that was pressed, also when another one, or none, is under the pointer by the time it is let go.
const clicked = event => pressed && Math.hypot(event.clientX - pressedAt[0], event.clientY - pressedAt[1]) < 6
  ? pressed : rowOf(event.target);

document.addEventListener('mousedown', event => {
  if (event.button === 1 && rowOf(event.target) && !isControl(event.target)) {
    event.preventDefault(); // else it would scroll
  }
});

function open(event) {
  const row = clicked(event);
  const control = isControl(event.target);
  const moved = row !== rowOf(event.target);
  if (!row || (control && !moved) || event.defaultPrevented || (event.button === 0 && getSelection().type === 'Range')) {
    return;
  }
  const address = addressOf(row, 'href');
  event.preventDefault();
  event.stopPropagation();
  if (event.button === 1 || event.ctrlKey || event.metaKey || event.shiftKey) {
    window.open(address, '_blank', 'noopener');
  } else {
    go(address);
  }
}

document.addEventListener('click', event => {
  // A click that the keyboard made has no place on the screen, and nothing was pressed for it.
  const row = event.detail === 0 ? rowOf(event.target) : clicked(event);
  if (row || event.target.closest?.('a')) {
    remember(row);
  }
  if (row && event.detail !== 0) {
    open(event);
  }
  pressed = null;
}, true);

document.addEventListener('auxclick', event => {
  if (event.button === 1 && rowOf(event.target)) {
    open(event);
  }
}, true);

// Keys on rows: j, k and the arrows go from row to row, Enter opens as any link does, e asks why, r sends again.
const lettersAreOff = () => !window.attuneShortcuts.lettersOn();

function step(by) {
  const links = [...document.querySelectorAll('[data-list] tr[data-href] a.open')];
  const at = links.indexOf(rowOf(document.activeElement)?.querySelector('a.open'));
  const next = at < 0 ? links.findIndex(link => link.getBoundingClientRect().top >= edge()) : at + by;
  links[Math.min(Math.max(next, 0), links.length - 1)]?.focus({ preventScroll: true });
  rowOf(document.activeElement)?.scrollIntoView({ block: 'nearest' });
}

document.addEventListener('keydown', event => {
  const target = event.target;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing
    || target.closest?.('input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable], dialog, [role="dialog"], [popover]')) {
    return;
  }
  const row = rowOf(target);
  const arrows = row ? { ArrowDown: 1, ArrowUp: -1 } : {};
  const letters = lettersAreOff() ? {} : { j: 1, k: -1 };
  const by = arrows[event.key] ?? letters[event.key];
  if (by && document.querySelector('[data-list] tr[data-href]')) {
    event.preventDefault();
    step(by);
  } else if (row && !lettersAreOff() && !event.repeat) {
    const address = addressOf(row, { e: 'why', r: 'again' }[event.key] ?? '');
    if (address) {
      event.preventDefault();
      remember(row);
      go(address);
    }
  }
});

// The place at which a list was left, kept with the entry of the history: what was shown of it, and which row was at the top of the
// window. The browser itself would scroll before the rows are there. Of other pages it is only how far they were scrolled.
const entry = () => history.state?._index ?? 0;
const key = () => `attune.place.${entry()}`;
let arrived = ['reload', 'back_forward'].includes(performance.getEntriesByType('navigation')[0]?.type) ? entry() : null;
let opened = null;
let left = null;
let pending = null;

addEventListener('popstate', () => {
  arrived = entry();
  pending = kept();
});

// The lower edge of what sticks to the top of the window.
function edge() {
  const head = document.querySelector('[data-list] thead');
  return (document.querySelector('header.bar')?.getBoundingClientRect().bottom ?? 0) + (head?.offsetHeight ?? 0);
}

function remember(row) {
  opened = row?.dataset.row ?? opened;
  keep();
}

function keep() {
  const list = document.querySelector('[data-list]');
  if (list && list.dataset.address && list.dataset.address !== location.href) {
    return;
  }
  const top = edge();
  const first = [...list?.querySelectorAll('tr[data-row]') ?? []].find(row => row.getBoundingClientRect().bottom > top);
  const place = {
    address: location.href, first: list?.dataset.first, count: Number(list?.dataset.count ?? 0), opened, y: scrollY,
    row: first?.dataset.row, offset: first?.getBoundingClientRect().top,
  };
  try {
    sessionStorage.setItem(key(), JSON.stringify(place));
  } catch {
    // Storage is switched off or full: the list begins anew.
  }
}

function kept() {
  try {
    const place = JSON.parse(sessionStorage.getItem(key()));
    return place?.address === location.href ? place : null;
  } catch {
    return null;
  }
}

let keeping = 0;
addEventListener('scroll', () => {
  cancelAnimationFrame(keeping);
  keeping = requestAnimationFrame(() => pending ?? keep());
}, { passive: true });
addEventListener('pagehide', keep);

// A page that is no live list is scrolled as soon as it is long enough, unless the reader has begun to scroll.
pending = arrived === null ? null : kept();
for (const moved of ['wheel', 'keydown', 'pointerdown']) {
  addEventListener(moved, () => pending = null, { capture: true, passive: true });
}
new ResizeObserver(() => {
  if (pending && !pending.first && document.documentElement.scrollHeight >= pending.y + innerHeight) {
    scrollTo({ top: pending.y, behavior: 'instant' });
    pending = null;
  }
}).observe(document.body);

// Says at most once a second what a counter says by then.
setInterval(() => {
  for (const element of document.querySelectorAll('[data-announce]')) {
    if (element.textContent !== element.dataset.announce) {
      element.textContent = element.dataset.announce;
    }
  }
}, 1000);

function watchTop(top, target) {
  new IntersectionObserver((entries, observer) => {
    if (top.isConnected) {
      target.invokeMethodAsync('TopSeen', entries.at(-1).isIntersecting).catch(() => observer.disconnect());
    } else {
      observer.disconnect();
    }
  }, { rootMargin: '80px 0px 0px 0px' }).observe(top);
}

// A finger has no way to hover: what it touches stands still until a moment after it is lifted.
function watchRows(rows, target) {
  const held = { pointer: false, focus: false };
  let said = false;
  let lifted = 0;
  const say = (name, inside) => {
    held[name] = inside;
    if (said !== (held.pointer || held.focus)) {
      said = !said;
      target.invokeMethodAsync('Inside', said).catch(() => { });
    }
  };
  rows.addEventListener('pointerover', () => {
    clearTimeout(lifted);
    say('pointer', true);
  });
  rows.addEventListener('pointerleave', event => {
    clearTimeout(lifted);
    lifted = setTimeout(() => say('pointer', false), event.pointerType === 'mouse' ? 0 : 1500);
  });
  rows.addEventListener('focusin', () => say('focus', true));
  rows.addEventListener('focusout', event => say('focus', rows.contains(event.relatedTarget)));
}

window.attuneLists = {
  watch(top, rows, target) {
    watchTop(top, target);
    watchRows(rows, target);
  },

  // Where this list was left, when the reader has come back to it.
  recall() {
    const place = arrived === entry() ? pending ?? kept() : null;
    arrived = null;
    opened = null;
    pending = place;
    return place && place.first ? { first: place.first, count: place.count } : null;
  },

  restore() {
    const place = pending;
    pending = null;
    const row = place && document.querySelector(`[data-list] tr[data-row="${CSS.escape(place.row)}"]`);
    if (row) {
      scrollBy({ top: row.getBoundingClientRect().top - place.offset, behavior: 'instant' });
      left = document.querySelector(`[data-list] tr[data-row="${CSS.escape(place.opened)}"] a.open`);
      left?.focus({ preventScroll: true });
    }
  },

  // The row that was opened before the reader came back.
  left: () => left,

  begin() {
    if (scrollY > 0) {
      scrollTo({ top: 0, behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
    }
  },
};

// What drops out of a button (popover, data-drop) opens below it, within the window. The browser closes it by Escape or a click beside
// it, and gives the focus back.
document.addEventListener('toggle', event => {
  const drop = event.target;
  if (!drop.matches?.('[popover][data-drop]') || event.newState !== 'open') {
    return;
  }
  const opener = document.querySelector(`[popovertarget="${CSS.escape(drop.id)}"]`).getBoundingClientRect();
  const left = Math.max(12, Math.min(opener.left, document.documentElement.clientWidth - drop.offsetWidth - 12));
  const below = opener.bottom + 4;
  const top = below + drop.offsetHeight < innerHeight ? below : Math.max(12, opener.top - drop.offsetHeight - 4);
  drop.style.inset = `${top}px auto auto ${left}px`;
}, true);

document.addEventListener('submit', event => event.target.closest('[popover]:not([data-stays])')?.hidePopover());

// Columns that are switched off and the height of rows: a choice of this browser's, for all its windows. The style sheet is made here,
// so that nothing is drawn that has to go again.
const choices = new CSSStyleSheet();
document.adoptedStyleSheets.push(choices);
const chosen = () => {
  try {
    return { hidden: [], density: 'normal', ...JSON.parse(localStorage.getItem('attune.columns')) };
  } catch {
    return { hidden: [], density: 'normal' };
  }
};

function applyChoices() {
  const { hidden, density } = chosen();
  choices.replaceSync(hidden.map(column => `.ledger [data-column="${CSS.escape(column)}"] { display: none !important; }`).join('\n'));
  document.documentElement.dataset.density = density;
  for (const input of document.querySelectorAll('input[data-shows]')) {
    input.checked = !hidden.includes(input.dataset.shows);
  }
  for (const input of document.querySelectorAll('input[data-density]')) {
    input.checked = input.dataset.density === density;
  }
}

document.addEventListener('change', event => {
  const { shows, density } = event.target.dataset ?? {};
  if (!shows && !density) {
    return;
  }
  const before = chosen();
  const hidden = shows ? before.hidden.filter(column => column !== shows) : before.hidden;
  if (shows && !event.target.checked) {
    hidden.push(shows);
  }
  try {
    localStorage.setItem('attune.columns', JSON.stringify({ hidden, density: density ?? before.density }));
  } catch {
    // Storage is switched off: everything is shown.
  }
  applyChoices();
});
document.addEventListener('toggle', event => event.target.matches?.('[data-columns]') && applyChoices(), true);
addEventListener('storage', applyChoices);
applyChoices();
