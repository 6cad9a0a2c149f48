// What the pages need of the browser. Everything else is done by the server.

let ahead = 0; // by how much the server's clock is ahead of this one, in milliseconds

export function start(serverNow) {
  ahead = serverNow - Date.now();
  return {
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    chosen: window.attuneView.zone(),
    theme: window.attuneView.recall('theme'),
  };
}

export function chooseTheme(theme) {
  window.attuneView.remember('theme', theme);
  window.attuneView.apply();
}

export function chooseZone(zone) {
  window.attuneView.remember('zone', zone ?? '');
}

// Says the same as Format.Ago.
function ago(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  return seconds < 5 ? 'just now'
    : seconds < 60 ? `${seconds} s ago`
    : seconds < 3600 ? `${Math.floor(seconds / 60)} min ago`
    : seconds < 86400 ? `${Math.floor(seconds / 3600)} h ago`
    : `${Math.floor(seconds / 86400)} d ago`;
}

// Says the same as Format.Duration, to the second.
function duration(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return seconds < 60 ? `${seconds} s`
    : seconds < 3600 ? `${Math.floor(seconds / 60)} min ${seconds % 60} s`
    : seconds < 86400 ? `${Math.floor(seconds / 3600)} h ${Math.floor(seconds / 60) % 60} min`
    : `${Math.floor(seconds / 86400)} d ${Math.floor(seconds / 3600) % 24} h`;
}

// Ages count on without the server. The text node is the one that the server drew and will draw over: only its data changes.
function tick() {
  if (document.hidden) {
    return;
  }

  const now = Date.now() + ahead;
  for (const element of document.querySelectorAll('time[data-count]')) {
    const passed = now - Date.parse(element.dateTime);
    const text = element.dataset.count === 'ago' ? ago(passed) : duration(passed);
    if (element.firstChild && element.firstChild.data !== text) {
      element.firstChild.data = text;
    }
  }
}

setInterval(tick, 1000);
document.addEventListener('visibilitychange', tick);

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Plain http from another machine has no clipboard API.
    const area = document.createElement('textarea');
    area.value = text;
    area.style.cssText = 'position:fixed;opacity:0';
    document.body.append(area);
    area.select();
    try {
      return document.execCommand('copy');
    } finally {
      area.remove();
    }
  }
}

export function bringIntoView(selector) {
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  document.querySelector(selector)?.scrollIntoView({ block: 'center', behavior: calm ? 'auto' : 'smooth' });
}

// The element of an id, or of the longest beginning of it: a part of what a field holds is the field's.
export function focusOn(id) {
  let at = id;
  while (at && !document.getElementById(at)) {
    at = /[.[]/.test(at) ? at.replace(/[.[][^.[]*$/, '') : '';
  }

  document.getElementById(at)?.focus();
}

// A page that shows another row has no heading until that is read: the focus goes there when it comes, unless the reader has moved it
// or a list has put it back to the row that was left.
let awaited;
let acted = false;

for (const act of ['keydown', 'pointerdown']) {
  addEventListener(act, () => {
    acted = !!window.navigation; // Else nothing says when it is over.
    awaited?.disconnect();
  }, { capture: true, passive: true });
}
window.navigation?.addEventListener('currententrychange', () => acted = false);

export function focusHeading() {
  const main = document.querySelector('main');
  const isTaken = () => {
    const active = document.activeElement;
    return active?.matches('main :is(input, textarea, select)') || (active?.matches('main *') && (acted || active === window.attuneLists.left()));
  };
  const focus = () => isTaken() || main.querySelector('h1')?.focus({ preventScroll: true });
  awaited?.disconnect();
  focus();
  if (acted) {
    return;
  }
  awaited = new MutationObserver(() => {
    if (document.activeElement === document.body || document.activeElement === main) {
      focus();
    }
  });
  awaited.observe(main, { childList: true, subtree: true });
  setTimeout(() => awaited.disconnect(), 3000);
}

// A page says which of its buttons a key presses. Letters do nothing while somebody types, or where they are switched off.
document.addEventListener('keydown', event => {
  if (window.attuneShortcuts.isCommand(event)) {
    const button = document.querySelector(`main [data-shortcut="${CSS.escape(event.key)}"]:not([disabled])`);
    if (button?.checkVisibility()) {
      event.preventDefault();
      button.click();
    }
  }
});

export function closePopover(id) {
  document.getElementById(id)?.hidePopover();
}

// A dialog of MudBlazor's takes the focus for itself some time after it is drawn: the safe answer has it until the reader does something.
export function focusSafeAnswer(frames = 120) {
  const safe = document.querySelector('.mud-dialog .stay');
  if (!safe) {
    if (frames > 0) {
      requestAnimationFrame(() => focusSafeAnswer(frames - 1));
    }
    return;
  }
  const done = new AbortController();
  document.addEventListener('focusin', event => {
    if (!safe.isConnected) {
      done.abort();
    } else if (event.target !== safe) {
      safe.focus();
    }
  }, { signal: done.signal });
  for (const act of ['keydown', 'pointerdown']) {
    document.addEventListener(act, () => done.abort(), { signal: done.signal, capture: true });
  }
  safe.focus();
}

// Whose the saved views are: until there are accounts a reader is this browser, by a random text that it keeps.
export function owner() {
  try {
    let known = localStorage.getItem('attune.owner');
    if (!known) {
      known = [...crypto.getRandomValues(new Uint8Array(16))].map(one => one.toString(16).padStart(2, '0')).join('');
      localStorage.setItem('attune.owner', known);
    }
    return known;
  } catch {
    return null; // Storage is switched off: there are shared views only.
  }
}
