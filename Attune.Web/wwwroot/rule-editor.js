// What the editor of rules needs of the browser: keys that move conditions, drafts that outlive the page, and the question on leaving.

const prefix = 'attune.draft.rule/';
let isDirty = false;

const isLost = () => document.documentElement.dataset.connection === 'lost';

// While the connection is lost a reload is what mends it, and the draft is kept: nobody is asked then.
addEventListener('beforeunload', event => {
  if (isDirty && !isLost()) {
    event.preventDefault();
  }
});

export function setDirty(dirty) {
  isDirty = dirty;
}

// All that was kept of one rule, whatever its version.
export function drafts(rule) {
  try {
    return Object.keys(localStorage).filter(key => key.startsWith(`${prefix}${rule}/`)).map(key => localStorage.getItem(key));
  } catch {
    return [];
  }
}

export function keep(rule, version, json) {
  try {
    localStorage.setItem(`${prefix}${rule}/${version}`, json);
    return true;
  } catch {
    return false; // switched off, or full
  }
}

export function forget(rule) {
  try {
    for (const key of Object.keys(localStorage).filter(key => key.startsWith(`${prefix}${rule}/`))) {
      localStorage.removeItem(key);
    }
  } catch {
    // Nothing was kept.
  }
}

// Keys press the buttons that are there for the mouse: what they do is done in one place.
document.addEventListener('keydown', event => {
  const item = event.target.closest?.('[data-item]');
  if (!item) {
    return;
  }

  if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
    press(event, item.querySelector(`:scope > .tools > [data-move="${event.key === 'ArrowUp' ? 'up' : 'down'}"]`));
  } else if (event.key === 'Enter' && event.target.matches('[data-last]:not([aria-expanded="true"])') && !event.isComposing) {
    press(event, item.querySelector('[data-next]'));
  }
});

function press(event, button) {
  if (button) {
    event.preventDefault();
    // What was typed is told before the button is pressed.
    event.target.dispatchEvent(new Event('change', { bubbles: true }));
    button.click();
  }
}

// What is to have the focus may be drawn a moment later.
export function focus(id, tries = 30) {
  const element = document.getElementById(id);
  if (element) {
    element.scrollIntoView({ block: 'nearest' });
    element.focus();
  } else if (tries > 0) {
    requestAnimationFrame(() => focus(id, tries - 1));
  }
}
